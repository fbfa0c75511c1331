/** One JSON text of a file, or why it cannot be had. */
export type Piece =
  | { readonly number: number; readonly bytes: Buffer }
  | { readonly number: number; readonly fault: string };

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The JSON texts of a file, one a line; a text over several lines, as tools print it for people, ends
 * where its last bracket does. Of a line that is too long, or not whole, nothing is kept, and the
 * reading goes on with the next one.
 *
 * @param maxBytes how long one text may be
 */
export async function* jsonTexts(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Piece> {
  let open: OpenText | undefined;
  let isWithinBad = false;
  for await (const { number, bytes: line } of lines(chunks, maxBytes)) {
    if (line === undefined) {
      if (open !== undefined) yield open.torn();
      open = undefined;
      yield { number, fault: tooLong(maxBytes) };
      continue;
    }
    // Within a text that is written over several lines, only its last line begins without a blank.
    if (open !== undefined && isOpening(line[0])) {
      yield open.torn();
      open = undefined;
    }
    // What was bad over several lines is told once.
    if (isWithinBad && !isOpening(line[0])) continue;
    isWithinBad = false;
    if (open === undefined) {
      const { first, last } = ends(line);
      if (first === undefined) continue;
      if (!isOpening(first) || last === 0x7d || last === 0x5d) {
        yield { number, bytes: line };
        continue;
      }
      open = new OpenText(number, maxBytes);
    }
    const piece = open.add(line);
    if (piece !== undefined) {
      yield piece;
      open = undefined;
      isWithinBad = 'fault' in piece;
    }
  }
  if (open !== undefined) yield open.torn();
}

const isOpening = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b;

/** The first and the last byte of a line that are no blanks. */
function ends(line: Buffer): { first?: number; last?: number } {
  let from = 0;
  let to = line.length - 1;
  while (from <= to && (line[from] as number) <= 0x20) from++;
  while (to > from && (line[to] as number) <= 0x20) to--;
  if (from > to) return {};
  return { first: line[from] as number, last: line[to] as number };
}

const tooLong = (maxBytes: number): string => `it is longer than ${maxBytes} bytes`;

/** A text of which further lines are awaited. */
class OpenText {
  readonly #number: number;
  readonly #maxBytes: number;
  readonly #lines: Buffer[] = [];
  #bytes = 0;
  #depth = 0;

  constructor(number: number, maxBytes: number) {
    this.#number = number;
    this.#maxBytes = maxBytes;
  }

  /** What became of it, once that is clear. */
  add(line: Buffer): Piece | undefined {
    const { depth, inText } = bracketsOf(line);
    this.#depth += depth;
    this.#bytes += line.length;
    this.#lines.push(line);
    // No text of JSON goes over the end of a line.
    if (inText || this.#depth < 0) return this.torn();
    if (this.#bytes > this.#maxBytes) {
      return { number: this.#number, fault: tooLong(this.#maxBytes) };
    }
    return this.#depth === 0
      ? { number: this.#number, bytes: Buffer.concat(this.#lines) }
      : undefined;
  }

  torn(): Piece {
    return { number: this.#number, fault: 'its JSON does not end' };
  }
}

function bracketsOf(line: Buffer): { depth: number; inText: boolean } {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < line.length; i++) {
    const byte = line[i] as number;
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (isOpening(byte)) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return { depth, inText };
}

/** The lines of a file with their numbers, with their line feeds; no bytes of one that is too long. */
async function* lines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<{ readonly number: number; readonly bytes: Buffer | undefined }> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = () => {
    const bytes = length > maxBytes ? undefined : Buffer.concat(parts);
    parts = [];
    length = 0;
    return { number: number++, bytes };
  };
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const found = chunk.indexOf(LINE_FEED, from);
      const end = found === -1 ? chunk.length : found + 1;
      length += end - from;
      if (length > maxBytes) parts = [];
      else parts.push(chunk.subarray(from, end));
      if (found !== -1) yield take();
      from = end;
    }
  }
  if (length > 0) yield take();
}
