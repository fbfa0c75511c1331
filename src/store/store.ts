import path from 'node:path';
import type { CapturedEvent, Delivery, RecordedEvent } from '../core/types.ts';
import { Appender, type LowWrites } from './append.ts';
import { findEvent } from './find.ts';
import { checkFolder } from './folder.ts';
import { DEFAULT_KEEP, type Keep } from './keep.ts';
import { encodeDelivery, encodeEvent, isLargeBody } from './line.ts';
import { requireEventId } from './parse-event.ts';
import { readNewest } from './read.ts';

export type { Keep } from './keep.ts';
export { memoryStore } from './memory-store.ts';

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

export interface StoreOptions {
  readonly keep?: Keep;
  /** Also wait with each append until it would survive a loss of power. */
  readonly durable?: boolean;
  /** Told once when damaged lines were met and left out. */
  readonly onTrouble?: (message: string) => void;
  readonly writes?: LowWrites;
}

/**
 * Opens the store in a folder. Nothing is made before the first append.
 *
 * @throws HookcliError `store-unsafe`, `store-unreadable` or `store-format`, exit code 4
 */
export function openStore(folder: string, options: StoreOptions = {}): Store {
  const dir = path.resolve(folder);
  const { keep = DEFAULT_KEEP, durable = false, onTrouble, writes } = options;
  checkFolder(dir);
  const appender = new Appender(dir, {
    keep,
    durable,
    ...(writes === undefined ? {} : { writes }),
  });
  let told = false;
  const onDamage = (segment: string, position: number) => {
    if (told) return;
    told = true;
    onTrouble?.(
      `A line of the store is damaged (${segment}, byte ${position}) and was left out, as any further ones will be; its neighbours were read.`,
    );
  };
  const stored = () => readNewest(dir, onDamage);

  return {
    dir,
    async append(event) {
      requireEventId(event.id);
      const body = isLargeBody(event) ? { body: event.request.body } : {};
      await appender.append(encodeEvent(event), { id: event.id, ...body });
    },
    async appendDelivery(eventId, delivery) {
      requireEventId(eventId);
      await appender.append(encodeDelivery(eventId, delivery));
    },
    *newest() {
      for (const found of stored()) {
        const event = found.event();
        if (event !== undefined) yield event;
      }
    },
    find: (name) => findEvent(name, stored),
    close: () => appender.close(),
  };
}
