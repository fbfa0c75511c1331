import type { CapturedEvent } from '../core/types.ts';

/** So many events are remembered at the least, and twice as many at the most. */
const REMEMBERED = 10_000;

// The type counts too: what Adyen tells of one payment bears the same id.
const keyOf = ({ provider, type, eventId }: CapturedEvent): string =>
  `${provider}\0${type}\0${eventId}`;

/**
 * Recognises a provider event that came before. A rejected one is neither marked nor remembered, or
 * a forger could make a genuine event look like a repetition.
 */
export class Duplicates {
  // Two generations: to delete the oldest of one map, event by event, would have each look at it
  // step over all that was deleted before.
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  /** Takes up events that are already known, newest first. */
  constructor(known: Iterable<CapturedEvent> = []) {
    const oldestFirst: CapturedEvent[] = [];
    for (const event of known) {
      if (oldestFirst.push(event) >= REMEMBERED / 2) break;
    }
    for (const event of oldestFirst.reverse()) this.firstOf(event);
  }

  /** The id of the captured event that first brought this one, or undefined when it is the first. */
  firstOf(event: CapturedEvent): string | undefined {
    if (event.eventId === undefined || event.verdict.status === 'rejected') return undefined;
    if (event.source !== 'received') return undefined;
    const key = keyOf(event);
    const first = this.#young.get(key) ?? this.#old.get(key);
    if (first !== undefined) return first;
    if (this.#young.size >= REMEMBERED) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, event.duplicateOf ?? event.id);
    return undefined;
  }

  /** Takes back that this event came first: it could not be kept, and its sender will try again. */
  forget(event: CapturedEvent): void {
    const key = keyOf(event);
    for (const events of [this.#young, this.#old]) {
      if (events.get(key) === event.id) events.delete(key);
    }
  }
}
