import { EXIT, HookcliError } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import { parseQuery } from '../store/query.ts';
import type { Store } from '../store/store.ts';
import type { CommandContext } from './context.ts';

/** `last`, `last~1`, or what begins like an id: all other words belong to a query. */
const NAME = /^(?:last(?:~\d+)?|evt_\w+)$/i;

export interface ChosenEvents {
  /** Newest first where they are of a query; else as they are named. */
  readonly events: Iterable<RecordedEvent>;
  readonly isNamed: boolean;
}

/**
 * The events that a command line means: those it names, or those that match its query.
 *
 * @throws HookcliError `unknown-event-id`, `ambiguous-event-id` or `bad-query`
 */
export function chosenEvents({ args, options }: CommandContext, store: Store): ChosenEvents {
  if (args.length > 0 && args.every((word) => NAME.test(word))) {
    const ids = new Map(args.map((name) => store.find(name)).map((event) => [event.id, event]));
    return { events: ids.values(), isNamed: true };
  }
  const { matches } = parseQuery(args.join(' '), { now: new Date() });
  const limit = options.integer('limit', { min: 1, max: 1_000_000_000 }) ?? Infinity;
  return { events: matching(store, matches, limit), isNamed: false };
}

function* matching(
  store: Store,
  matches: (event: RecordedEvent) => boolean,
  limit: number,
): Generator<RecordedEvent> {
  let left = limit;
  for (const event of store.newest()) {
    if (!matches(event)) continue;
    yield event;
    if (--left === 0) return;
  }
}

/** What to say when there are none. */
export function noneChosen({ args }: CommandContext, store: Store): HookcliError {
  if (args.length === 0) {
    return new HookcliError('no-match', `There are no events in ${store.dir} yet.`, {
      hint: 'Receive some: hookcli listen',
      exitCode: EXIT.nothing,
    });
  }
  return new HookcliError('no-match', `No captured event matches: ${args.join(' ')}`, {
    hint: 'See what there is: hookcli list',
    exitCode: EXIT.nothing,
  });
}
