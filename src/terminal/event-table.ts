import type { RecordedEvent } from '../core/types.ts';
import { deliveryEnd } from '../store/record.ts';
import { clockTime } from './event-line.ts';
import { safe } from './safe.ts';
import { table } from './table.ts';
import type { Theme } from './theme.ts';

export interface EventTableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly now: Date;
}

/** Captured events as `list` shows them. */
export function eventTable(
  events: readonly RecordedEvent[],
  theme: Theme,
  { width, now }: EventTableOptions,
): string {
  const rows = events.map((event) => {
    const last = event.deliveries.at(-1);
    const end = last === undefined ? undefined : deliveryEnd(last);
    return [
      event.id,
      timeOf(event.at, now),
      theme.provider(safe(event.provider)),
      safe(event.type ?? `${event.request.method} ${event.request.url}`, { max: 60 }),
      verdictWord(event, theme),
      statusOf(end, theme),
      end === undefined ? '' : String(Math.round(end.ms)),
    ];
  });
  const head = ['id', 'time', 'provider', 'type', 'verdict', 'status', 'ms'];
  return table(head, rows, { width, theme, right: [6], flexible: 3 });
}

function timeOf(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return clockTime(at);
  const day = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
  return `${day} ${clockTime(at)}`;
}

function verdictWord({ verdict, duplicateOf }: RecordedEvent, theme: Theme): string {
  const word = verdict.status === 'rejected' ? `rejected: ${verdict.reason}` : verdict.status;
  const paint = { verified: theme.ok, rejected: theme.bad, unchecked: theme.warn }[verdict.status];
  return paint(duplicateOf === undefined ? word : `${word}, duplicate`);
}

function statusOf(end: ReturnType<typeof deliveryEnd> | undefined, theme: Theme): string {
  if (end === undefined) return theme.dim('-');
  if (end.status === undefined) return theme.bad(end.failure ?? '-');
  return end.status < 300 ? theme.ok(String(end.status)) : theme.bad(String(end.status));
}
