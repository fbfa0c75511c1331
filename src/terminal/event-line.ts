import { formatDuration } from '../core/clock.ts';
import type { CapturedEvent, Delivery, Verdict } from '../core/types.ts';
import { lastAttempt } from '../deliver/deliver.ts';
import { explainOutcome, lateText, outcomeText } from './outcome-text.ts';
import { safe, safeName } from './safe.ts';
import type { Theme } from './theme.ts';

// As wide as the time and the blanks behind it.
const INDENT = ' '.repeat(10);

/** `15:04:05`, in local time. */
export const clockTime = (at: Date): string =>
  [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');

/** What people call an event: its type, or the request where nobody knows the type. */
export function eventName({ handshake, type, request }: CapturedEvent, max: number): string {
  if (handshake !== undefined) return `handshake ${safeName(handshake, max)}`;
  return type === undefined
    ? `${safeName(request.method, 20)} ${safeName(request.url, max)}`
    : safeName(type, max);
}

/** The line of a captured event, and under it why its signature was not found good. */
export function eventLine(event: CapturedEvent, theme: Theme): string {
  const { at, provider, id, verdict, duplicateOf } = event;
  const line = [
    theme.dim(clockTime(at)),
    `--> ${theme.provider(safeName(provider, 40))}`,
    theme.strong(eventName(event, 80)),
    theme.dim(safeName(id, 40)),
    verdictText(verdict, theme),
  ].join('  ');
  const under: string[] = [];
  if (duplicateOf !== undefined) {
    under.push(theme.warn(`duplicate of ${safeName(duplicateOf, 40)}`));
  }
  if (verdict.status !== 'verified') {
    under.push(safe(verdict.detail, { max: 300 }));
    if (verdict.hint !== undefined) under.push(theme.dim(safe(verdict.hint, { max: 300 })));
  }
  return [line, ...under.map((text) => INDENT + text)].join('\n');
}

export function verdictText(verdict: Verdict, theme: Theme): string {
  const { symbols } = theme;
  switch (verdict.status) {
    case 'verified':
      return theme.ok(`${symbols.ok} verified`);
    case 'rejected':
      return theme.bad(`${symbols.bad} rejected (${safe(verdict.reason)})`);
    case 'unchecked':
      return theme.warn(`${symbols.warn} unchecked (${safe(verdict.reason)})`);
  }
}

export interface DeliveryLineOptions {
  /** The provider's own deadline, in milliseconds. */
  readonly deadlineMs?: number;
  /** Columns of the terminal: what is quoted of an answer stays on one line. */
  readonly width?: number;
}

/** The line of a delivery, and under it what a developer needs to know when it went wrong. */
export function deliveryLine(
  event: CapturedEvent,
  delivery: Delivery,
  theme: Theme,
  { deadlineMs, width = Infinity }: DeliveryLineOptions = {},
): string {
  const attempt = lastAttempt(delivery);
  const { startedAt, durationMs, outcome } = attempt;
  const line = [
    theme.dim(clockTime(new Date(startedAt.getTime() + durationMs))),
    `<-- ${outcomeText(outcome, theme)}`,
    `${safeName(event.request.method, 20)} ${safeName(delivery.endpoint, 120)}`,
    theme.dim(safeName(event.id, 40)),
    formatDuration(durationMs),
  ];
  if (delivery.attempts.length > 1) line.push(`attempt ${delivery.attempts.length}`);
  const room = Math.max(20, width - INDENT.length);
  const under = [
    explainOutcome(outcome, delivery.endpoint, room),
    theme.warn(lateText(event, attempt, deadlineMs)),
  ].filter((text) => text !== '');
  return [line.join('  '), ...under.map((text) => INDENT + text)].join('\n');
}
