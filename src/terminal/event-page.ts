import { formatDuration } from '../core/clock.ts';
import { formatSize } from '../core/limits.ts';
import { isForm } from '../core/place.ts';
import type { Attempt, Delivery, Header, RawRequest, RecordedEvent } from '../core/types.ts';
import { bodyLines } from './body-text.ts';
import { verdictText } from './event-line.ts';
import { explainFailure, outcomeText } from './outcome-text.ts';
import { safe, safeName } from './safe.ts';
import type { Theme } from './theme.ts';

const NAME_COLUMN = 12;
const LONGEST = 2_000;

/**
 * All there is to know of one event, as `show` prints it. What came from outside is indented, so
 * that no line of it can pass for one of ours.
 *
 * @param options.width columns of the terminal; Infinity where there is none
 */
export function eventPage(
  event: RecordedEvent,
  theme: Theme,
  { width }: { readonly width: number },
): string {
  const { request } = event;
  return [
    ...facts(event, theme, width),
    '',
    theme.strong(`${safeName(request.method, 20)} ${safeName(request.url, LONGEST)}`),
    ...headerLines(request.headers, theme),
    ...requestBody(request, event.id, theme),
    ...event.deliveries.flatMap((delivery) => deliveryLines(delivery, event.id, theme)),
  ].join('\n');
}

function facts(event: RecordedEvent, theme: Theme, width: number): string[] {
  const { verdict, type, eventId, deliveryId, handshake, duplicateOf } = event;
  const named = (text: string | undefined) => text && safeName(text, LONGEST);
  const said = (text: string | undefined) => fold(safe(text ?? ''), width - NAME_COLUMN);
  const rows: (readonly [string, string | undefined])[] = [
    ['id', named(event.id)],
    ['time', event.at.toISOString()],
    ['provider', named(event.provider)],
    ['type', named(type)],
    ['event id', named(eventId)],
    ['delivery id', deliveryId === eventId ? undefined : named(deliveryId)],
    ['handshake', named(handshake)],
    ['source', named(event.source)],
    ['verdict', verdictText(verdict, theme)],
    ...said(verdict.detail).map((line) => ['', line] as const),
    ...said(verdict.status === 'verified' ? '' : verdict.hint).map((line) => ['', line] as const),
    ['duplicate', duplicateOf && `of ${named(duplicateOf)}`],
  ];
  return rows
    .filter(([, value]) => value)
    .map(([name, value]) => theme.dim(name.padEnd(NAME_COLUMN)) + value);
}

/** Breaks a sentence between its words. */
function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > Math.max(20, width)) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const headerLines = (headers: readonly Header[], theme: Theme): string[] =>
  headers.map(
    ([name, value]) => `  ${theme.dim(`${safeName(name, 200)}:`)} ${safe(value, { max: LONGEST })}`,
  );

function requestBody(request: RawRequest, id: string, theme: Theme): string[] {
  const { headers, body } = request;
  const all = `hookcli show ${safeName(id, 40)} --body`;
  const block = (title: string, bytes: Uint8Array) => [
    '',
    theme.strong(title),
    ...bodyLines({ headers, body: bytes }, all).map((line) => `  ${line}`),
  ];
  if (body.length === 0) return ['', '(no body)'];
  const lines = block(`body, ${formatSize(body.length)}`, body);
  const payload = isForm(request)
    ? new URLSearchParams(Buffer.from(body).toString('utf8')).get('payload')
    : null;
  if (payload !== null) lines.push(...block('payload in the form', Buffer.from(payload)));
  return lines;
}

function deliveryLines(
  { cause, endpoint, attempts }: Delivery,
  id: string,
  theme: Theme,
): string[] {
  const title = `${safeName(cause, 20)} to ${safeName(endpoint, LONGEST)}`;
  return [
    '',
    theme.strong(title),
    ...attempts.flatMap((attempt) => attemptLines(attempt, endpoint, id, theme)),
  ];
}

function attemptLines(
  { startedAt, durationMs, outcome }: Attempt,
  endpoint: string,
  id: string,
  theme: Theme,
): string[] {
  const line = ['', `<-- ${outcomeText(outcome, theme)}`, formatDuration(durationMs)];
  if (outcome.kind === 'failed') {
    line.push(theme.dim(startedAt.toISOString()));
    const { failure, message } = outcome;
    return [line.join('  '), `      ${explainFailure(failure, message, endpoint)}`];
  }
  const { headers, body } = outcome;
  const count = headers.length === 1 ? '1 header' : `${headers.length} headers`;
  line.push(`${count}, ${formatSize(body.length)}`, theme.dim(startedAt.toISOString()));
  if (body.length === 0) return [line.join('  ')];
  const lines = bodyLines(outcome, `hookcli show ${safeName(id, 40)} --json`);
  return [line.join('  '), ...lines.map((text) => `      ${text}`)];
}
