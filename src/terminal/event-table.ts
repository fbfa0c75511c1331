import type { RecordedEvent } from '../core/types.ts';
import { deliveryEnd } from '../store/record.ts';
import { clockTime, eventName } from './event-line.ts';
import { statusText } from './outcome-text.ts';
import { safe, safeName } from './safe.ts';
import { table } from './table.ts';
import type { Theme } from './theme.ts';

export interface EventTableOptions {
  /** Columns of the terminal; Infinity where there is none. */
  readonly width: number;
  readonly now: Date;
}

const HEAD = ['id', 'time', 'provider', 'type', 'verdict', 'status', 'ms'];
const TYPE = 3;
const MS = 6;
/** An id up to its second random letter. */
const SHORTEST_ID = 16;

/** Captured events as `list` shows them. */
export function eventTable(
  events: readonly RecordedEvent[],
  theme: Theme,
  { width, now }: EventTableOptions,
): string {
  const rows = events.map((event) => eventCells(event, theme, now));
  const draw = (room: number) =>
    table(HEAD, rows, { width: room, theme, right: [MS], flexible: TYPE });
  const whole = draw(Infinity);
  if (draw(width) === whole) return whole;
  // A prefix names an event as well as its whole id does, and leaves the others room to be read.
  const length = prefixLength(events.map(({ id }) => id));
  for (const row of rows) row[0] = (row[0] as string).slice(0, length);
  return draw(width);
}

function eventCells(event: RecordedEvent, theme: Theme, now: Date): string[] {
  const last = event.deliveries.at(-1);
  const end = last === undefined ? undefined : deliveryEnd(last);
  return [
    safeName(event.id, 40),
    timeOf(event.at, now),
    theme.provider(safeName(event.provider, 40)),
    eventName(event, Infinity),
    verdictWord(event, theme),
    statusOf(end, theme),
    end === undefined ? '' : String(Math.round(end.ms)),
  ];
}

/** How much of each id tells it from every other one listed. */
function prefixLength(ids: readonly string[]): number {
  const sorted = [...ids].sort();
  let length = SHORTEST_ID;
  for (const [i, id] of sorted.entries()) {
    const next = sorted[i + 1];
    while (next !== undefined && length < id.length && next.startsWith(id.slice(0, length))) {
      length++;
    }
  }
  return length;
}

function timeOf(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return clockTime(at);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((n) => String(n).padStart(2, '0'))
    .join('-');
  return `${day} ${clockTime(at)}`;
}

function verdictWord({ verdict, duplicateOf, pinned }: RecordedEvent, theme: Theme): string {
  const word = verdict.status === 'rejected' ? `rejected: ${safe(verdict.reason)}` : verdict.status;
  const paint = { verified: theme.ok, rejected: theme.bad, unchecked: theme.warn }[verdict.status];
  const shown = paint(duplicateOf === undefined ? word : `${word}, duplicate`);
  return pinned ? `${shown}, pinned` : shown;
}

function statusOf(end: ReturnType<typeof deliveryEnd> | undefined, theme: Theme): string {
  if (end === undefined) return theme.dim('-');
  return end.status === undefined
    ? theme.bad(safe(end.failure ?? '-'))
    : statusText(end.status, theme);
}
