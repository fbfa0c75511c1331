import { formatDuration } from '../core/clock.ts';
import type { CapturedEvent, Delivery, Failure, Outcome, Verdict } from '../core/types.ts';
import { lastAttempt } from '../deliver/deliver.ts';
import { safe } from './safe.ts';
import type { Theme } from './theme.ts';

const INDENT = ' '.repeat(10);
const BODY_START = 200;

/** `15:04:05`, in local time. */
export const clockTime = (at: Date): string =>
  [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');

/** The line of a captured event, and under it why its signature was rejected. */
export function eventLine(event: CapturedEvent, theme: Theme): string {
  const { at, provider, type, id, verdict, duplicateOf, request } = event;
  const name = safe(type ?? `${request.method} ${request.url}`, { max: 80 });
  const lines = [
    [
      theme.dim(clockTime(at)),
      `--> ${theme.provider(safe(provider))}`,
      theme.strong(name),
      theme.dim(id),
      verdictText(verdict, theme),
    ].join('  '),
  ];
  if (duplicateOf !== undefined) lines.push(INDENT + theme.warn(`duplicate of ${duplicateOf}`));
  if (verdict.status !== 'verified') {
    lines.push(INDENT + safe(verdict.detail));
    if (verdict.hint !== undefined) lines.push(INDENT + theme.dim(safe(verdict.hint)));
  }
  return lines.join('\n');
}

export function verdictText(verdict: Verdict, theme: Theme): string {
  switch (verdict.status) {
    case 'verified':
      return theme.ok(`${theme.symbols.ok} verified`);
    case 'rejected':
      return theme.bad(`${theme.symbols.bad} rejected (${verdict.reason})`);
    case 'unchecked':
      return theme.warn(`${theme.symbols.warn} unchecked (${verdict.reason})`);
  }
}

export interface DeliveryLineOptions {
  /** The provider's own deadline, in milliseconds. */
  readonly deadlineMs?: number;
}

/** The line of a delivery, and under it what a developer needs to know when it went wrong. */
export function deliveryLine(
  event: CapturedEvent,
  delivery: Delivery,
  theme: Theme,
  { deadlineMs }: DeliveryLineOptions = {},
): string {
  const { startedAt, durationMs, outcome } = lastAttempt(delivery);
  const endpoint = safe(delivery.endpoint, { max: 120 });
  const lines = [
    [
      theme.dim(clockTime(new Date(startedAt.getTime() + durationMs))),
      `<-- ${outcomeText(outcome, theme)}`,
      `${safe(event.request.method)} ${endpoint}`,
      theme.dim(event.id),
      formatDuration(durationMs),
    ].join('  '),
  ];
  const explained = explain(outcome, delivery.endpoint);
  if (explained !== '') lines.push(INDENT + explained);
  if (deadlineMs !== undefined && durationMs > deadlineMs) {
    lines.push(
      INDENT +
        theme.warn(`slower than the ${formatDuration(deadlineMs)} that ${event.provider} waits`),
    );
  }
  return lines.join('\n');
}

export function outcomeText(outcome: Outcome, theme: Theme): string {
  if (outcome.kind === 'failed') return theme.bad(outcome.failure);
  const { status } = outcome;
  if (status < 300) return theme.ok(String(status));
  return status < 400 ? theme.warn(String(status)) : theme.bad(String(status));
}

function explain(outcome: Outcome, endpoint: string): string {
  if (outcome.kind === 'failed') return explainFailure(outcome.failure, outcome.message, endpoint);
  if (outcome.status < 300) return '';
  const start = Buffer.from(outcome.body.subarray(0, 4 * BODY_START))
    .toString('utf8')
    .trim();
  return safe(start.replace(/\s+/g, ' '), { max: BODY_START });
}

/** A failure in words, with what to do about it. */
export function explainFailure(failure: Failure, message: string, endpoint: string): string {
  const { host, hostname, port, protocol } = new URL(endpoint);
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const at = safe(host);
  const said = safe(message, { max: BODY_START });
  switch (failure) {
    case 'refused':
      return `Nothing listens at ${at}: is your server running on port ${number}?`;
    case 'unresolved':
      return `The name ${safe(hostname)} has no address: is it spelt right?`;
    case 'unreachable':
      return `${at} cannot be reached: ${said}`;
    case 'reset':
      return `${at} closed the connection without an answer: did your handler crash? (${said})`;
    case 'incomplete':
      return `${at} closed the connection in the middle of its answer. (${said})`;
    case 'malformed':
      return `${at} answered with something that is not HTTP: ${said}`;
    case 'too-large':
    case 'timeout':
    case 'aborted':
      return said;
    case 'tls':
      return `No secure connection to ${at}: ${said}. For a plain HTTP handler write http://.`;
  }
}
