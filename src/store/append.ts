import fs from 'node:fs';
import { monotonicMs } from '../core/clock.ts';
import { EXIT, HookcliError } from '../core/errors.ts';
import { formatSize } from '../core/limits.ts';
import { removeBody, writeBody } from './bodies.ts';
import { eventsFolder, makeStore, openForAppend, storeTrouble, syncFolder } from './folder.ts';
import { type Keep, Pruner, type SegmentLimit, segmentLimit } from './keep.ts';
import { listSegments, segmentFile, weighSegment } from './segments.ts';

const QUEUE_BYTES = 64 * 1_048_576;
/** No record is shorter; tells cheaply that a segment cannot be full of events yet. */
const LEAST_RECORD_BYTES = 150;

/**
 * So long is the segment taken to be the newest without a look, in milliseconds; two looks a batch
 * would take 3 of the 60 µs that a busy listener has for an event.
 */
const LOOK_MS = 5;

/** The system calls by which bytes reach the disk; handed in so that a test can make them fail. */
export interface LowWrites {
  /** Bytes written, perhaps fewer than given. */
  write(fd: number, bytes: Uint8Array): Promise<number>;
  datasync(fd: number): Promise<void>;
}

const systemWrites: LowWrites = {
  // Into the page cache at once: to hand it to a thread takes longer than the write itself.
  write: async (fd, bytes) => fs.writeSync(fd, bytes),
  datasync: (fd) =>
    new Promise((resolve, reject) => {
      fs.fdatasync(fd, (error) => (error ? reject(error) : resolve()));
    }),
};

export interface AppenderOptions {
  readonly keep: Keep;
  /** Also wait until the records would survive a loss of power. */
  readonly durable: boolean;
  readonly writes?: LowWrites;
}

/** The event a record is of. */
interface RecordOf {
  readonly id: string;
  /** A large body, written beside the record under this id before it. */
  readonly body?: Uint8Array;
}

interface Queued {
  readonly line: Buffer;
  readonly isEvent: boolean;
  /** Bytes of the body that lies beside the record. */
  readonly beside: number;
  resolve(): void;
  reject(error: unknown): void;
}

interface Segment {
  readonly number: number;
  readonly fd: number;
  readonly ino: number;
  /** Bytes at our last look. */
  size: number;
  /** When we last looked whether it is still the newest, by a clock that only measures. */
  seenMs: number;
  /** True when the last byte may not be a line feed, since its writing was not seen to succeed. */
  maybeTorn: boolean;
  events: number;
  beside: number;
}

/**
 * Appends records to the newest segment. Several processes do so at once: O_APPEND and one write
 * call for a batch keep lines whole without any lock. While a write is under way further records
 * queue and go out together with the next one.
 */
export class Appender {
  readonly #dir: string;
  readonly #durable: boolean;
  readonly #writes: LowWrites;
  readonly #limit: SegmentLimit;
  readonly #pruner: Pruner;
  #queue: Queued[] = [];
  #waitingBytes = 0;
  #segment: Segment | undefined;
  /** The last segment that was full or had a successor; the next one is at least one further. */
  #left = 0;
  #draining: Promise<void> | undefined;
  /** Records whose body is being written beside them, so that they are not in the queue yet. */
  readonly #withBodies = new Set<Promise<void>>();
  #pruning: Promise<void> | undefined;

  constructor(dir: string, options: AppenderOptions) {
    this.#dir = dir;
    this.#durable = options.durable;
    this.#writes = options.writes ?? systemWrites;
    this.#limit = segmentLimit(options.keep);
    this.#pruner = new Pruner(dir, options.keep);
  }

  /**
   * Resolves when the record is written in full.
   *
   * @param event what the record is of, when not of a delivery
   * @throws HookcliError `store-full`, `store-unwritable`, `store-unsafe` or `store-busy`
   */
  append(line: Buffer, event?: RecordOf): Promise<void> {
    const body = event?.body;
    const bytes = line.length + (body?.length ?? 0);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > QUEUE_BYTES) {
      return Promise.reject(this.#busy());
    }
    if (event === undefined || body === undefined) {
      return this.#enqueue(line, event !== undefined, 0);
    }
    const recording = this.#appendWithBody(line, event.id, body);
    this.#withBodies.add(recording);
    return recording.finally(() => this.#withBodies.delete(recording));
  }

  async #appendWithBody(line: Buffer, id: string, body: Uint8Array): Promise<void> {
    this.#waitingBytes += body.length;
    try {
      await this.#writeBeside(id, body);
      await this.#enqueue(line, true, body.length);
    } catch (error) {
      await removeBody(this.#dir, id).catch(() => {});
      throw error;
    } finally {
      this.#waitingBytes -= body.length;
    }
  }

  #enqueue(line: Buffer, isEvent: boolean, beside: number): Promise<void> {
    this.#waitingBytes += line.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, isEvent, beside, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  #busy(): HookcliError {
    return new HookcliError(
      'store-busy',
      `The disk under ${this.#dir} does not keep up: ${formatSize(this.#waitingBytes)} wait to be written.`,
      { hint: 'Send again a little later, or more slowly.', exitCode: EXIT.environment },
    );
  }

  /** Resolves when everything queued is written and the files are closed. */
  async close(): Promise<void> {
    while (this.#withBodies.size > 0) await Promise.allSettled(this.#withBodies);
    await this.#draining;
    await this.#pruning;
    this.#release();
  }

  async #writeBeside(id: string, body: Uint8Array): Promise<void> {
    try {
      makeStore(this.#dir);
      await writeBody(this.#dir, id, body, this.#durable);
    } catch (error) {
      throw storeTrouble(error, this.#dir, 'write');
    }
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Lets everything that is appended in this turn of the event loop go out with one write.
      await new Promise(setImmediate);
      let batch: Queued[] = [];
      try {
        const segment = this.#current();
        batch = this.#takeBatch(segment);
        await this.#write(segment, batch);
      } catch (error) {
        if (batch.length === 0) batch = this.#queue.splice(0);
        this.#release();
        const trouble = storeTrouble(error, this.#dir, 'write');
        for (const queued of batch) {
          this.#waitingBytes -= queued.line.length;
          queued.reject(trouble);
        }
      }
    }
    this.#draining = undefined;
  }

  /** As many of the waiting records as the segment still takes, and at least one. */
  #takeBatch(segment: Segment): Queued[] {
    let room = this.#limit.bytes - segment.size - segment.beside;
    let events = this.#limit.events - segment.events;
    let count = 0;
    for (const { line, isEvent, beside } of this.#queue) {
      if (count > 0 && (room <= 0 || events <= 0)) break;
      room -= line.length + beside;
      if (isEvent) events--;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  /** Writes a batch and settles its records as they reach the disk; what is left in it failed. */
  async #write(segment: Segment, batch: Queued[]): Promise<void> {
    while (batch.length > 0) {
      const lines = batch.map(({ line }) => line);
      const start = this.#startsTorn(segment) ? 1 : 0;
      if (start === 1) lines.unshift(NEWLINE);
      const bytes = lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines);
      const written = await this.#writes.write(segment.fd, bytes);
      if (written <= 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
      if (this.#durable) await this.#writes.datasync(segment.fd);
      const { size, nlink } = fs.fstatSync(segment.fd);
      segment.maybeTorn = written < bytes.length || size !== segment.size + written;
      segment.size = size;
      if (nlink === 0) {
        // Removed between our look and our write: what went into it is lost, so it goes again.
        this.#queue.unshift(...batch.splice(0));
        this.#release();
        return;
      }
      this.#settle(segment, batch, written - start);
    }
  }

  /** Records within the written bytes are safe; one that was torn goes again, on a line of its own. */
  #settle(segment: Segment, batch: Queued[], written: number): void {
    let end = 0;
    let whole = 0;
    for (const { line, isEvent, beside } of batch) {
      end += line.length;
      if (end > written) break;
      whole++;
      if (isEvent) segment.events++;
      segment.beside += beside;
    }
    for (const queued of batch.splice(0, whole)) {
      this.#waitingBytes -= queued.line.length;
      queued.resolve();
    }
  }

  /** True when the last byte of the segment is not a line feed: someone's write was torn there. */
  #startsTorn({ fd, size, maybeTorn }: Segment): boolean {
    if (!maybeTorn || size === 0) return false;
    const last = Buffer.allocUnsafe(1);
    fs.readSync(fd, last, 0, 1, size - 1);
    return last[0] !== 0x0a;
  }

  /** The segment to append to: ours while it is the newest and has room, otherwise the newest. */
  #current(): Segment {
    const mine = this.#segment;
    if (mine !== undefined) {
      const size = fs.fstatSync(mine.fd).size;
      mine.maybeTorn ||= size !== mine.size;
      mine.size = size;
      const nowMs = monotonicMs();
      if (nowMs - mine.seenMs < LOOK_MS && !this.#isFull(mine)) return mine;
      mine.seenMs = nowMs;
      const found = fs.lstatSync(segmentFile(this.#dir, mine.number), { throwIfNoEntry: false });
      const isMine = found?.ino === mine.ino;
      if (isMine && !this.#isFull(mine) && !this.#hasSuccessor(mine)) return mine;
      this.#release();
      if (isMine) this.#left = mine.number;
    }
    this.#segment = this.#openNewest();
    return this.#segment;
  }

  #isFull({ events, beside, size }: Segment): boolean {
    return size + beside >= this.#limit.bytes || events >= this.#limit.events;
  }

  #hasSuccessor({ number }: Segment): boolean {
    return (
      fs.lstatSync(segmentFile(this.#dir, number + 1), { throwIfNoEntry: false }) !== undefined
    );
  }

  #openNewest(): Segment {
    const segments = listSegments(this.#dir);
    if (segments.length === 0) makeStore(this.#dir);
    const newest = this.#open(segments.at(-1) ?? 1);
    if (newest.number !== this.#left && !this.#isFull(newest)) return newest;
    fs.closeSync(newest.fd);
    const next = this.#open(newest.number + 1);
    this.#prune();
    return next;
  }

  #open(number: number): Segment {
    const file = segmentFile(this.#dir, number);
    const fd = openForAppend(file);
    try {
      const { size, ino } = fs.fstatSync(fd);
      if (size === 0 && this.#durable) syncFolder(eventsFolder(this.#dir));
      // Others wrote it: how much it holds has to be looked up, unless it is clearly little.
      const mayBeFull =
        size > this.#limit.events * LEAST_RECORD_BYTES ||
        this.#queue.some(({ beside }) => beside > 0);
      const weight = mayBeFull ? weighSegment(file) : undefined;
      const { events = 0, bodyBytes: beside = 0 } = weight ?? {};
      return { number, fd, ino, size, seenMs: monotonicMs(), maybeTorn: true, events, beside };
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  #prune(): void {
    // One after the other, beside the appending; what cannot be removed now is tried next time.
    this.#pruning = (this.#pruning ?? Promise.resolve())
      .then(() => this.#pruner.prune())
      .catch(() => {});
  }

  #release(): void {
    if (this.#segment !== undefined) fs.closeSync(this.#segment.fd);
    this.#segment = undefined;
  }
}

const NEWLINE = Buffer.from('\n');
