import type { CapturedEvent, Delivery, RecordedEvent } from '../core/types.ts';

/** Where captured events and their deliveries are kept. */
export interface Store {
  /** The folder; empty for a store in memory. */
  readonly dir: string;
  /**
   * Resolves when the event is written in full.
   *
   * @throws HookcliError `store-full`, `store-unwritable`, `store-unsafe` or `store-busy`
   */
  append(event: CapturedEvent): Promise<void>;
  /** Adds a delivery to an event that was appended before; throws as `append` does. */
  appendDelivery(eventId: string, delivery: Delivery): Promise<void>;
  /** The events, newest first, read as far as they are asked for. */
  newest(): Iterable<RecordedEvent>;
  /**
   * The event meant by an id, a unique prefix of it, `last`, `last~1`, or the provider's event id.
   *
   * @throws HookcliError `unknown-event-id` or `ambiguous-event-id`
   */
  find(name: string): RecordedEvent;
  /** Resolves when everything appended is written. */
  close(): Promise<void>;
}
