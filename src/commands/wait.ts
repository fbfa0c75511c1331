import { monotonicMs } from '../core/clock.ts';
import { EXIT } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import { Changes } from '../store/changes.ts';
import { parseQuery } from '../store/query.ts';
import { eventJson } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { eventTable } from '../terminal/event-table.ts';
import { type CommandContext, jsonOf, note, type RunCommand, storeOf } from './context.ts';
import { listenerOf } from './destination.ts';

export const run: RunCommand = async (context) => {
  const { options, args } = context;
  const text = args.join(' ');
  const query = parseQuery(text, { now: new Date() });
  const count = options.integer('count', { min: 1, max: 1_000_000 }) ?? 1;
  const withinMs = options.duration('within') ?? 30_000;
  const store = storeOf(context);
  const isNew = newness(context, store);
  const endMs = monotonicMs() + withinMs;
  const changes = new Changes(store.dir);
  if (context.stderr.isTTY) note(context, `Waiting for ${text === '' ? 'an event' : text} …`);
  try {
    for (;;) {
      const { matching, others } = newEvents(store, isNew, query.matches);
      if (matching.length >= count) {
        show(context, matching.slice(0, count));
        return EXIT.ok;
      }
      const leftMs = endMs - monotonicMs();
      if (leftMs <= 0) {
        note(context, gaveUp(options.text('within') ?? '30s', count, matching.length, others));
        return EXIT.undecided;
      }
      await changes.next(leftMs);
    }
  } finally {
    changes.close();
    await store.close();
  }
};

type Newness = (event: RecordedEvent) => 'new' | 'old' | 'end';

/**
 * What counts as new: what was recorded behind the event of `--after`, else what came since the running
 * listener started, else what comes from now on.
 */
function newness(context: CommandContext, store: Store): Newness {
  const after = context.options.text('after');
  if (after !== undefined) {
    const { id } = store.find(after);
    return (event) => (event.id === id ? 'end' : 'new');
  }
  const since = listenerOf(context)?.since ?? new Date();
  return ({ at, source }) => {
    if (at >= since) return 'new';
    // An imported event is as old as it was elsewhere; newer ones may lie behind it.
    return source === 'imported' ? 'old' : 'end';
  };
}

/** The new events that match, oldest first, and how many others came. */
function newEvents(
  store: Store,
  isNew: Newness,
  matches: (event: RecordedEvent) => boolean,
): { matching: RecordedEvent[]; others: number } {
  const matching: RecordedEvent[] = [];
  let others = 0;
  for (const event of store.newest()) {
    const age = isNew(event);
    if (age === 'end') break;
    if (age === 'old') continue;
    if (matches(event)) matching.push(event);
    else others++;
  }
  return { matching: matching.reverse(), others };
}

function show(context: CommandContext, events: readonly RecordedEvent[]): void {
  const { options, stdout, theme } = context;
  if (options.flag('json')) {
    const lines = jsonOf(context);
    for (const event of events) lines.write(eventJson(event, { request: true }));
    return;
  }
  stdout.write(`${eventTable(events, theme, { width: stdout.columns, now: new Date() })}\n`);
}

function gaveUp(within: string, count: number, matching: number, others: number): string {
  const came = others === 0 ? 'nothing else came' : `${others} came that did not match`;
  return `Gave up after ${within}: ${matching} of ${count} came, ${came}. See them with: hookcli list`;
}
