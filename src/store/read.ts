import fs from 'node:fs';
import { HookcliError, systemCode } from '../core/errors.ts';
import type { RecordedEvent } from '../core/types.ts';
import { type BodyFile, readBody } from './bodies.ts';
import { decodeDelivery, decodeEvent } from './decode.ts';
import { openPlainFile, readAt, storeTrouble } from './folder.ts';
import { readLine, type WholeRecord } from './line.ts';
import { linesBackwards, settledEnd } from './lines-backwards.ts';
import { PendingDeliveries, type Place } from './pending-deliveries.ts';
import { readPins } from './pins.ts';
import { listSegments, segmentFile } from './segments.ts';

/** An event found in the store, decoded when it is looked at. */
export interface StoredEvent {
  readonly id: string;
  /** False when the event cannot have this word among its members; cheap, and right for any word. */
  mayMention(word: string): boolean;
  /** Undefined when the record, though whole, is not one of ours. */
  event(): RecordedEvent | undefined;
}

/** Opens a segment, or undefined when it was pruned meanwhile. */
function openSegment(dir: string, number: number): number | undefined {
  try {
    return openPlainFile(segmentFile(dir, number));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function rereadFrom(dir: string, place: Place): Buffer | undefined {
  const fd = openSegment(dir, place.segment);
  if (fd === undefined) return undefined;
  try {
    const bytes = Buffer.allocUnsafe(place.length);
    return readAt(fd, bytes, place.position) === place.length ? bytes : undefined;
  } finally {
    fs.closeSync(fd);
  }
}

class Found implements StoredEvent {
  readonly id: string;
  readonly #dir: string;
  readonly #bytes: Buffer;
  readonly #deliveries: () => Buffer[];
  readonly #onDamage: () => void;
  readonly #isPinned: boolean;

  constructor(
    dir: string,
    record: WholeRecord,
    deliveries: () => Buffer[],
    onDamage: () => void,
    isPinned: boolean,
  ) {
    this.id = record.id;
    this.#dir = dir;
    this.#bytes = record.bytes;
    this.#deliveries = deliveries;
    this.#onDamage = onDamage;
    this.#isPinned = isPinned;
  }

  mayMention(word: string): boolean {
    return this.#bytes.includes(JSON.stringify(word).slice(1, -1));
  }

  event(): RecordedEvent | undefined {
    const readLarge = (file: BodyFile) => readBody(this.#dir, file);
    const event = this.#orDamage(() => decodeEvent(this.#bytes, readLarge));
    if (event === undefined) return undefined;
    const deliveries = this.#deliveries().map((bytes) =>
      this.#orDamage(() => decodeDelivery(bytes)),
    );
    return {
      ...event,
      ...(this.#isPinned ? { pinned: true } : {}),
      deliveries: deliveries.filter((delivery) => delivery !== undefined),
    };
  }

  /** Anybody can write a right checksum; what it closes must still be a record. */
  #orDamage<T>(decode: () => T): T | undefined {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof HookcliError || error instanceof SyntaxError)) throw error;
      this.#onDamage();
      return undefined;
    }
  }
}

/**
 * The events of a store, newest first, each with what was delivered of it. Reads backwards from the
 * tail and no further than it is asked to.
 *
 * @param onDamage told of every place where something had to be left out
 */
export function* readNewest(
  dir: string,
  onDamage: (segment: string, position: number) => void,
): Generator<StoredEvent> {
  const pins = readPins(dir);
  const pending = new PendingDeliveries((place) => rereadFrom(dir, place));
  try {
    for (const number of listSegments(dir).toReversed()) {
      const fd = openSegment(dir, number);
      if (fd === undefined) continue;
      try {
        for (const line of linesBackwards(fd, settledEnd(fd))) {
          if ('tooLong' in line) {
            onDamage(segmentFile(dir, number), line.tooLong);
            continue;
          }
          const { records, damaged } = readLine(line.bytes);
          if (damaged) onDamage(segmentFile(dir, number), line.position);
          for (const record of records.toReversed()) {
            const position = line.position + record.at;
            if (record.kind === 'delivery') pending.add(record, number, position);
            else {
              const onForeign = () => onDamage(segmentFile(dir, number), position);
              const deliveries = pending.take(record.id);
              yield new Found(dir, record, deliveries, onForeign, pins.has(record.id));
            }
          }
        }
      } finally {
        fs.closeSync(fd);
      }
    }
  } catch (error) {
    throw storeTrouble(error, dir, 'read');
  }
}
