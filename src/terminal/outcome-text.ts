import { formatDuration } from '../core/clock.ts';
import { headerValue } from '../core/headers.ts';
import type { Attempt, CapturedEvent, Failure, Outcome } from '../core/types.ts';
import { bodyStart } from './body-text.ts';
import { safe, safeName } from './safe.ts';
import type { Theme } from './theme.ts';

const LONGEST = 200;

/** `200`, or the word of what went wrong. */
export function outcomeText(outcome: Outcome, theme: Theme): string {
  return outcome.kind === 'failed'
    ? theme.bad(safe(outcome.failure))
    : statusText(outcome.status, theme);
}

export function statusText(status: number, theme: Theme): string {
  if (status >= 200 && status < 300) return theme.ok(String(status));
  return status >= 300 && status < 400 ? theme.warn(String(status)) : theme.bad(String(status));
}

/**
 * What a developer needs to know when it went wrong, in one line; '' when it did not.
 *
 * @param max characters of the answer at most
 */
export function explainOutcome(outcome: Outcome, endpoint: string, max = LONGEST): string {
  if (outcome.kind === 'failed') return explainFailure(outcome.failure, outcome.message, endpoint);
  const { status, headers } = outcome;
  if (status >= 200 && status < 300) return '';
  const location = headerValue(headers, 'location');
  if (status >= 300 && status < 400 && location !== undefined) {
    return `redirects to ${safeName(location, LONGEST)}; hookcli does not follow, nor do most providers`;
  }
  return bodyStart(outcome, Math.min(max, LONGEST));
}

/** A failure in words, with what to do about it. */
export function explainFailure(failure: Failure, message: string, endpoint: string): string {
  const { host, name, port } = addressOf(endpoint);
  const said = safe(message, { max: LONGEST });
  switch (failure) {
    case 'refused':
      return `Nothing listens at ${host}: is your server running on port ${port}?`;
    case 'unresolved':
      return `The name ${name} has no address: is it spelt right?`;
    case 'unreachable':
      return `${host} cannot be reached: ${said}`;
    case 'reset':
      return `${host} closed the connection without an answer: did your handler crash? (${said})`;
    case 'incomplete':
      return `${host} closed the connection in the middle of its answer. (${said})`;
    case 'malformed':
      return `${host} answered with something that is not HTTP: ${said}`;
    case 'too-large':
      return `${said} It was not passed on.`;
    case 'timeout':
      return `${said} Is your handler stopped at a breakpoint? listen --timeout 0 waits for ever.`;
    case 'tls':
      return `No secure connection to ${host}: ${said}. For a plain HTTP handler write http://.`;
    case 'aborted':
      return `The request could not be sent: ${said}`;
    default:
      // A record written by a later version may know more words.
      return said;
  }
}

function addressOf(endpoint: string): { host: string; name: string; port: string } {
  if (!URL.canParse(endpoint)) {
    const text = safeName(endpoint, LONGEST);
    return { host: text, name: text, port: '?' };
  }
  const { host, hostname, port, protocol } = new URL(endpoint);
  const number = port !== '' ? port : protocol === 'https:' ? '443' : '80';
  return { host: safe(host), name: safe(hostname), port: number };
}

/**
 * Says so when the answer came later than the provider waits; '' otherwise.
 *
 * @param deadlineMs undefined where the provider does not publish it
 */
export function lateText(
  { provider }: CapturedEvent,
  { durationMs }: Attempt,
  deadlineMs: number | undefined,
): string {
  if (deadlineMs === undefined || durationMs <= deadlineMs) return '';
  return `over the deadline of ${safe(provider)}, ${formatDuration(deadlineMs)}`;
}
