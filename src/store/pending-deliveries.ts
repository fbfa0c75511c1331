import type { WholeRecord } from './line.ts';

/** Deliveries that wait for their event are held in memory up to here, then re-read when needed. */
const PENDING_BYTES = 16 * 1_048_576;

/** Where a record lies. */
export interface Place {
  readonly segment: number;
  readonly position: number;
  readonly length: number;
}

/** Deliveries met on the way back whose event is still to come. */
export class PendingDeliveries {
  readonly #waiting = new Map<string, (Buffer | Place)[]>();
  readonly #reread: (place: Place) => Buffer | undefined;
  #bytes = 0;

  constructor(reread: (place: Place) => Buffer | undefined) {
    this.#reread = reread;
  }

  add(record: WholeRecord, segment: number, position: number): void {
    const { length } = record.bytes;
    const fits = this.#bytes + length <= PENDING_BYTES;
    // A copy: the record is a window into a chunk that would stay in memory with it.
    const kept = fits ? Buffer.from(record.bytes) : { segment, position, length };
    if (fits) this.#bytes += length;
    const waiting = this.#waiting.get(record.id);
    if (waiting === undefined) this.#waiting.set(record.id, [kept]);
    else waiting.push(kept);
  }

  /** The records of an event's deliveries, oldest first; they are handed out once. */
  take(id: string): () => Buffer[] {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return () => [];
    this.#waiting.delete(id);
    for (const kept of waiting) if (Buffer.isBuffer(kept)) this.#bytes -= kept.length;
    return () =>
      waiting
        .toReversed()
        .map((kept) => (Buffer.isBuffer(kept) ? kept : this.#reread(kept)))
        .filter((bytes) => bytes !== undefined);
  }
}
