import { isUtf8 } from 'node:buffer';
import { formatDuration } from '../core/clock.ts';
import { formatSize } from '../core/limits.ts';
import type { Attempt, Header, RecordedEvent } from '../core/types.ts';
import { explainFailure, outcomeText, verdictText } from './event-line.ts';
import { cut, safe } from './safe.ts';
import type { Theme } from './theme.ts';

const PRETTY_LIMIT = 256 * 1_024;
const LINES_SHOWN = 200;

/** All there is to know of one event, as `show` prints it. */
export function eventPage(
  event: RecordedEvent,
  theme: Theme,
  { width }: { width: number },
): string {
  const { verdict, request } = event;
  const facts: [string, string | undefined][] = [
    ['id', event.id],
    ['time', event.at.toISOString()],
    ['provider', safe(event.provider)],
    ['type', event.type && safe(event.type)],
    ['event id', event.eventId && safe(event.eventId)],
    [
      'delivery',
      event.deliveryId === event.eventId ? undefined : event.deliveryId && safe(event.deliveryId),
    ],
    ['source', event.source],
    ['verdict', verdictText(verdict, theme)],
    ['', verdict.detail && safe(verdict.detail)],
    ['', verdict.status !== 'verified' && verdict.hint ? safe(verdict.hint) : undefined],
    ['copy of', event.duplicateOf],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${theme.dim(name.padEnd(10))}${value}`);
  lines.push('', theme.strong(`${safe(request.method)} ${safe(request.url)}`));
  lines.push(...headerLines(request.headers, theme), '', bodyText(request.body, event.id));
  for (const { cause, endpoint, attempts } of event.deliveries) {
    lines.push('', theme.strong(`${cause} to ${safe(endpoint)}`));
    for (const attempt of attempts) lines.push(...attemptLines(attempt, endpoint, theme));
  }
  return lines.map((line) => (line.includes('\n') ? line : cutLine(line, width))).join('\n');
}

/** Colour codes must not be cut in two, so a line with some is left as long as it is. */
const cutLine = (line: string, width: number): string =>
  line.includes('\x1b') ? line : cut(line, Math.max(width * 3, 240));

const headerLines = (headers: readonly Header[], theme: Theme): string[] =>
  headers.map(([name, value]) => `${theme.dim(`${safe(name)}:`)} ${safe(value)}`);

/** For reading only: pretty where it is JSON, spelt out where it would steer the terminal. */
function bodyText(body: Uint8Array, id: string): string {
  const bytes = Buffer.from(body);
  if (bytes.length === 0) return '(no body)';
  if (!isUtf8(bytes)) {
    const start = bytes.subarray(0, 32).toString('hex').replace(/../g, '$& ');
    return `(binary, ${formatSize(bytes.length)}: ${start.trim()}${bytes.length > 32 ? ' …' : ''})`;
  }
  const lines = safe(prettyJson(bytes.toString('utf8')), { lines: true }).split('\n');
  if (lines.length <= LINES_SHOWN) return lines.join('\n');
  const rest = lines.length - LINES_SHOWN;
  return `${lines.slice(0, LINES_SHOWN).join('\n')}\n… ${rest} more lines: hookcli show ${id} --body`;
}

function prettyJson(text: string): string {
  if (text.length > PRETTY_LIMIT) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function attemptLines(
  { startedAt, durationMs, outcome }: Attempt,
  endpoint: string,
  theme: Theme,
): string[] {
  const when = `${startedAt.toISOString()}  ${formatDuration(durationMs)}`;
  const lines = [`<-- ${outcomeText(outcome, theme)}  ${theme.dim(when)}`];
  if (outcome.kind === 'failed') {
    lines.push(explainFailure(outcome.failure, outcome.message, endpoint));
  } else {
    lines.push(...headerLines(outcome.headers, theme));
    if (outcome.body.length > 0) {
      lines.push(
        '',
        safe(Buffer.from(outcome.body.subarray(0, 4_096)).toString('utf8'), { lines: true }),
      );
    }
  }
  return lines;
}
