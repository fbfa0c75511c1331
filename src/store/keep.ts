import fs from 'node:fs';
import path from 'node:path';
import { HookcliError, systemCode } from '../core/errors.ts';
import { LIMITS, parseSize } from '../core/limits.ts';
import { bodiesFolder } from './folder.ts';
import { readPins } from './pins.ts';
import { rewriteSegment } from './remove-events.ts';
import { listSegments, type SegmentWeight, segmentFile, weighSegment } from './segments.ts';

/** How much a store keeps: each bound on its own, or all of it. */
export type Keep = { readonly events?: number; readonly bytes?: number } | 'all';

export const DEFAULT_KEEP: Keep = { events: LIMITS.storeEvents, bytes: LIMITS.storeBytes };

const SEGMENT_BYTES = 8 * 1_048_576;
const LEAST_SEGMENT_BYTES = 4_096;
/** A store goes in steps of this part of its bound. */
const PARTS = 8;

/**
 * Of this many events on, a segment is full by its bytes alone: to count them would have every cold
 * start read the segment.
 */
const COUNTED = 5_000;

/** When a segment is full. */
export interface SegmentLimit {
  readonly bytes: number;
  readonly events: number;
}

export function segmentLimit(keep: Keep): SegmentLimit {
  const { events = Infinity, bytes = Infinity } = keep === 'all' ? {} : keep;
  const part = Math.max(1, Math.floor(events / PARTS));
  return {
    bytes: Math.max(LEAST_SEGMENT_BYTES, Math.min(SEGMENT_BYTES, Math.floor(bytes / PARTS))),
    events: part < COUNTED ? part : Infinity,
  };
}

/**
 * The bound meant by `--keep`: `500` events, `200mb`, or `all`.
 *
 * @throws HookcliError `bad-keep`
 */
export function parseKeep(text: string): Keep {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === 'all') return 'all';
  try {
    const count = /^\d+$/.test(trimmed);
    const amount = count ? Number(trimmed) : parseSize(trimmed, '--keep');
    if (amount >= 1 && Number.isSafeInteger(amount))
      return count ? { events: amount } : { bytes: amount };
  } catch (error) {
    if (!(error instanceof HookcliError)) throw error;
  }
  throw new HookcliError(
    'bad-keep',
    `--keep: "${text}" is neither a number of events nor a size.`,
    {
      hint: 'Write --keep 500 (events), --keep 200mb, or --keep all.',
    },
  );
}

/** Removes the oldest segments of a store while what remains is within its bound. */
export class Pruner {
  readonly #dir: string;
  readonly #keep: Keep;
  /** Weights of segments nobody appends to any more. */
  readonly #weights = new Map<number, SegmentWeight>();

  constructor(dir: string, keep: Keep) {
    this.#dir = dir;
    this.#keep = keep;
  }

  async prune(): Promise<void> {
    if (this.#keep === 'all') return;
    const { events, bytes } = this.#keep;
    const segments = listSegments(this.#dir);
    const newest = segments.at(-1);
    let excess = bytes === undefined ? 0 : (await this.#totalBytes(segments)) - bytes;
    const spare = events === undefined ? undefined : await this.#spareSegments(segments, events);
    for (const number of segments) {
      if (number === newest) break;
      if (excess <= 0 && !(spare !== undefined && number <= spare)) break;
      excess -= await this.#remove(number);
    }
  }

  /** The youngest segment that can go while those after it still hold this many events. */
  async #spareSegments(segments: readonly number[], events: number): Promise<number | undefined> {
    let held = 0;
    for (const number of segments.toReversed()) {
      if (held >= events) return number;
      held += (await this.#weight(number)).events;
    }
    return undefined;
  }

  async #weight(number: number): Promise<SegmentWeight> {
    const known = this.#weights.get(number);
    if (known !== undefined) return known;
    // A turn for whoever waits: a segment takes milliseconds to weigh.
    await new Promise(setImmediate);
    const weight = ignoreMissing(() => weighSegment(segmentFile(this.#dir, number)));
    const isClosed = fs.existsSync(segmentFile(this.#dir, number + 1));
    if (weight !== undefined && isClosed) this.#weights.set(number, weight);
    return weight ?? { events: 0, bodyFiles: [], bodyBytes: 0 };
  }

  async #totalBytes(segments: readonly number[]): Promise<number> {
    let total = 0;
    for (const number of segments) total += sizeOf(segmentFile(this.#dir, number));
    let met = 0;
    for (const name of ignoreMissing(() => fs.readdirSync(bodiesFolder(this.#dir))) ?? []) {
      if (++met % 256 === 0) await new Promise(setImmediate);
      total += sizeOf(path.join(bodiesFolder(this.#dir), name));
    }
    return total;
  }

  /** The bytes that became free. */
  async #remove(number: number): Promise<number> {
    const { bodyFiles, bodyBytes } = await this.#weight(number);
    const pins = readPins(this.#dir);
    if (pins.size > 0) return this.#removeUnpinned(number, bodyFiles, pins);
    const file = segmentFile(this.#dir, number);
    const bytes = sizeOf(file);
    // The records first: a body without a record is waste, a record without its body is a loss.
    await fs.promises.rm(file, { force: true });
    for (const name of bodyFiles) {
      await fs.promises.rm(path.join(bodiesFolder(this.#dir), name), { force: true });
    }
    this.#weights.delete(number);
    return bytes + bodyBytes;
  }

  async #removeUnpinned(
    number: number,
    bodyFiles: readonly string[],
    pins: ReadonlySet<string>,
  ): Promise<number> {
    let freed = rewriteSegment(this.#dir, number, (id) => !pins.has(id));
    for (const name of bodyFiles.filter((id) => !pins.has(id))) {
      const file = path.join(bodiesFolder(this.#dir), name);
      freed += sizeOf(file);
      await fs.promises.rm(file, { force: true });
    }
    this.#weights.delete(number);
    return freed;
  }
}

const sizeOf = (file: string): number => fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;

function ignoreMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    // Another process prunes too.
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
