import { HookcliError } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import type { StoredEvent } from './read.ts';

const LAST = /^last(?:~(\d{1,9}))?$/i;
/** What can begin one of our ids, with or without its `evt_`. */
const ID_PREFIX = /^(?:evt_)?([0-9A-HJKMNP-TV-Z]{1,26})$/i;
const ID_LENGTH = 26;
const SHOWN = 5;
const NEAREST = 3;

/**
 * The event a user means: by id, by a unique prefix of it (with or without `evt_`, in any case),
 * as `last` or `last~1`, or by the provider's own event id (the newest that has it).
 *
 * @param newest the events of a store, newest first; asked for anew for each pass
 * @throws HookcliError `unknown-event-id` or `ambiguous-event-id`
 */
export function findEvent(name: string, newest: () => Iterable<StoredEvent>): RecordedEvent {
  const wanted = name.trim();
  const last = LAST.exec(wanted);
  if (last !== null) return nthNewest(wanted, Number(last[1] ?? 0), newest);
  const prefix = ID_PREFIX.exec(wanted)?.[1]?.toUpperCase();
  const found =
    (prefix === undefined ? undefined : byPrefix(name, prefix, newest)) ??
    byEventId(wanted, newest);
  if (found !== undefined) return found;
  throw unknown(name, newest);
}

function nthNewest(name: string, n: number, newest: () => Iterable<StoredEvent>): RecordedEvent {
  let left = n;
  for (const stored of newest()) {
    const event = stored.event();
    if (event !== undefined && left-- === 0) return event;
  }
  const held = n - left;
  if (held === 0) throw unknown(name, newest);
  throw new HookcliError(
    'unknown-event-id',
    `There is no event "${name}": the store holds ${held === 1 ? 'one' : `only ${held}`}.`,
    { hint: 'See them with: hookcli list' },
  );
}

function byPrefix(
  name: string,
  prefix: string,
  newest: () => Iterable<StoredEvent>,
): RecordedEvent | undefined {
  let found: StoredEvent | undefined;
  const others: string[] = [];
  for (const stored of newest()) {
    if (!stored.id.startsWith(prefix, 'evt_'.length)) continue;
    if (prefix.length === ID_LENGTH) return stored.event();
    if (found === undefined) found = stored;
    else if (others.push(stored.id) === SHOWN) break;
  }
  if (found === undefined || others.length === 0) return found?.event();
  const ids = [found.id, ...others];
  const more = ids.length > SHOWN ? ' and more' : '';
  throw new HookcliError('ambiguous-event-id', `"${name}" may be one of several events.`, {
    hint: `Write more of the id: ${ids.slice(0, SHOWN).join(', ')}${more}.`,
  });
}

function byEventId(
  eventId: string,
  newest: () => Iterable<StoredEvent>,
): RecordedEvent | undefined {
  if (eventId === '') return undefined;
  for (const stored of newest()) {
    if (!stored.mayMention(eventId)) continue;
    const event = stored.event();
    if (event?.eventId === eventId) return event;
  }
  return undefined;
}

function unknown(name: string, newest: () => Iterable<StoredEvent>): HookcliError {
  const ids: string[] = [];
  for (const { id } of newest()) {
    if (ids.push(id) === NEAREST) break;
  }
  return new HookcliError('unknown-event-id', `There is no event "${name}" in the store.`, {
    hint:
      ids.length === 0
        ? 'The store is empty: hookcli listen records what arrives.'
        : `The newest are ${ids.join(', ')}. See all with: hookcli list`,
  });
}
