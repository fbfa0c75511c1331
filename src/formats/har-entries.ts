import type { Piece } from './json-lines.ts';

const BEGINS_AS_HAR = /^(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:\s*\{/;

/** Whether a file that begins with these bytes is a HAR. */
export const isHar = (start: Buffer): boolean =>
  BEGINS_AS_HAR.test(start.subarray(0, 1_024).toString('latin1'));

/** The list lies in an object within an object; what is deeper belongs to an entry. */
const LIST_DEPTH = 3;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The entries of a HAR, one after the other: such files are one JSON text of any size, so it is never
 * in memory as a whole.
 *
 * @param maxBytes how long one entry may be
 */
export async function* harEntryTexts(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Piece> {
  const scanner = new Scanner(maxBytes);
  for await (const chunk of chunks) yield* scanner.scan(chunk);
  if (!scanner.isOver) yield { number: scanner.number + 1, fault: 'the file ends within it' };
}

class Scanner {
  /** How many entries there were. */
  number = 0;
  readonly #maxBytes: number;
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** The last text at the depth where `entries` is named, as far as it matters. */
  #name = '';
  #inList = false;
  #entry: Buffer[] = [];
  #entryBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isOver(): boolean {
    return this.#depth === 0;
  }

  *scan(chunk: Buffer): Generator<Piece> {
    let from = this.#isWithinEntry ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.#inText) {
        i = this.#readText(chunk, i);
      } else if (byte === QUOTE) {
        this.#inText = true;
        if (this.#depth === LIST_DEPTH - 1) this.#name = '';
      } else if (byte === 0x7b || byte === 0x5b) {
        if (this.#inList && this.#depth === LIST_DEPTH) from = i;
        this.#depth++;
        if (this.#depth === LIST_DEPTH && byte === 0x5b) this.#inList = this.#name === 'entries';
      } else if (byte === 0x7d || byte === 0x5d) {
        this.#depth--;
        if (this.#inList && this.#depth === LIST_DEPTH) {
          this.#keep(chunk.subarray(from, i + 1));
          yield this.#take();
          from = -1;
        } else if (this.#depth < LIST_DEPTH) this.#inList = false;
      }
    }
    if (from !== -1) this.#keep(chunk.subarray(from));
  }

  get #isWithinEntry(): boolean {
    return this.#inList && this.#depth > LIST_DEPTH;
  }

  /** Reads on in a text; gives where it stopped. */
  #readText(chunk: Buffer, from: number): number {
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inText = false;
        return i;
      }
      if (this.#depth === LIST_DEPTH - 1 && this.#name.length < 16) {
        this.#name += String.fromCharCode(byte);
      }
    }
    return chunk.length;
  }

  #keep(part: Buffer): void {
    this.#entryBytes += part.length;
    if (this.#entryBytes > this.#maxBytes) this.#entry = [];
    // A copy: the chunk it is a window into would stay in memory with it.
    else this.#entry.push(Buffer.from(part));
  }

  #take(): Piece {
    const number = ++this.number;
    const isLong = this.#entryBytes > this.#maxBytes;
    const bytes = Buffer.concat(this.#entry);
    this.#entry = [];
    this.#entryBytes = 0;
    return isLong
      ? { number, fault: `it is longer than ${this.#maxBytes} bytes` }
      : { number, bytes };
  }
}
