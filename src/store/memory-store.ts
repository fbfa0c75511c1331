import { LIMITS } from '../core/limits.ts';
import type { Attempt, CapturedEvent, Delivery, RecordedEvent } from '../core/types.ts';
import { findEvent } from './find.ts';
import { cutAnswer } from './line.ts';
import { requireEventId } from './members.ts';
import type { StoredEvent } from './read.ts';
import type { Store } from './store-type.ts';

function recordedAttempt(attempt: Attempt): Attempt {
  const { outcome } = attempt;
  if (outcome.kind === 'failed') return attempt;
  return { ...attempt, outcome: { ...outcome, body: cutAnswer(outcome.body) } };
}

class Held implements StoredEvent {
  readonly id: string;
  readonly #captured: CapturedEvent;
  readonly deliveries: Delivery[] = [];

  constructor(captured: CapturedEvent) {
    this.id = captured.id;
    this.#captured = captured;
  }

  mayMention(word: string): boolean {
    return this.#captured.eventId === word;
  }

  event(): RecordedEvent {
    // A snapshot, as reading from a disk would give: later deliveries do not change it.
    return { ...this.#captured, deliveries: [...this.deliveries] };
  }
}

/**
 * A store without a disk, for the library and for tests. It behaves like the one in a folder and
 * keeps the newest events up to the default count.
 */
export function memoryStore(): Store {
  // A Map keeps the order of insertion, and its oldest entry is its first.
  const held = new Map<string, Held>();
  const newest = () => [...held.values()].reverse();

  return {
    dir: '',
    async append(event) {
      requireEventId(event.id);
      held.set(event.id, new Held(event));
      if (held.size <= LIMITS.storeEvents) return;
      for (const oldest of held.keys()) {
        held.delete(oldest);
        break;
      }
    },
    async appendDelivery(eventId, delivery) {
      requireEventId(eventId);
      const attempts = delivery.attempts.map(recordedAttempt);
      held.get(eventId)?.deliveries.push({ ...delivery, attempts });
    },
    *newest() {
      for (const found of newest()) yield found.event();
    },
    find: (name) => findEvent(name, newest),
    close: async () => {},
  };
}
