import type { CapturedEvent } from '../core/types.ts';

const REMEMBERED = 20_000;

const keyOf = ({ provider, eventId }: CapturedEvent): string => `${provider}\0${eventId}`;

/**
 * Recognises a provider event that came before. A rejected one is neither marked nor remembered, or
 * a forger could make a genuine event look like a repetition.
 */
export class Duplicates {
  readonly #first = new Map<string, string>();

  /** Takes up events that are already known, newest first. */
  constructor(known: Iterable<CapturedEvent> = []) {
    const oldestFirst: CapturedEvent[] = [];
    for (const event of known) {
      if (oldestFirst.push(event) >= REMEMBERED / 4) break;
    }
    for (const event of oldestFirst.reverse()) this.firstOf(event);
  }

  /** The id of the captured event that first brought this one, or undefined when it is the first. */
  firstOf(event: CapturedEvent): string | undefined {
    if (event.eventId === undefined || event.verdict.status === 'rejected') return undefined;
    if (event.source !== 'received') return undefined;
    const key = keyOf(event);
    const first = this.#first.get(key);
    if (first !== undefined) return first;
    this.#first.set(key, event.duplicateOf ?? event.id);
    if (this.#first.size > REMEMBERED) {
      for (const oldest of this.#first.keys()) {
        this.#first.delete(oldest);
        break;
      }
    }
    return undefined;
  }

  /** Takes back that this event came first: it could not be kept, and its sender will try again. */
  forget(event: CapturedEvent): void {
    const key = keyOf(event);
    if (this.#first.get(key) === event.id) this.#first.delete(key);
  }
}
