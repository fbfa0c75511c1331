import path from 'node:path';
import { Appender, type LowWrites } from './append.ts';
import { findEvent } from './find.ts';
import { checkFolder } from './folder.ts';
import { DEFAULT_KEEP, type Keep } from './keep.ts';
import { encodeDelivery, encodeEvent, isLargeBody } from './line.ts';
import { requireEventId } from './members.ts';
import { readNewest } from './read.ts';
import type { Store } from './store-type.ts';

export type { Keep } from './keep.ts';
export type { Store } from './store-type.ts';

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
