import fs from 'node:fs';
import { readAt } from './folder.ts';

/** The first look is small, so that the newest few cost little; later ones read in long strides. */
const FIRST_CHUNK = 65_536;
const LONGEST_CHUNK = 1_048_576;
/** A longer line is no record of ours but damage, and is not held in memory. */
const LONGEST_LINE = 64 * 1_048_576;
/** Looks at a last line without its line feed before it counts as torn; another process may be at it. */
const PATIENCE = 2;
const PATIENCE_MS = 1;

export interface Line {
  readonly bytes: Buffer;
  readonly position: number;
}

/** The lines of an open file from byte `end` backwards; of one too long only where it begins. */
export function* linesBackwards(fd: number, end: number): Generator<Line | { tooLong: number }> {
  let behind: Buffer[] = [];
  let behindBytes = 0;
  let isTooLong = false;
  let size = FIRST_CHUNK;
  const join = (head: Buffer, position: number): Line | { tooLong: number } => {
    const line = isTooLong
      ? { tooLong: position }
      : { bytes: behind.length === 0 ? head : Buffer.concat([head, ...behind]), position };
    behind = [];
    behindBytes = 0;
    isTooLong = false;
    return line;
  };
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - size);
    const chunk = Buffer.allocUnsafe(to - from);
    const bytes = chunk.subarray(0, readAt(fd, chunk, from));
    let tail = bytes.length;
    while (tail > 0) {
      const newline = bytes.lastIndexOf(0x0a, tail - 1);
      if (newline === -1) break;
      if (newline + 1 < tail || behind.length > 0 || isTooLong) {
        yield join(bytes.subarray(newline + 1, tail), from + newline + 1);
      }
      tail = newline;
    }
    if (tail > 0 && !isTooLong) {
      behind.unshift(bytes.subarray(0, tail));
      behindBytes += tail;
      if (behindBytes > LONGEST_LINE) {
        behind = [];
        isTooLong = true;
      }
    }
    to = from;
    size = Math.min(size * 2, LONGEST_CHUNK);
  }
  if (behind.length > 0 || isTooLong) yield join(Buffer.alloc(0), 0);
}

/** The end of the file, after a moment's patience with a last line that another process is writing. */
export function settledEnd(fd: number): number {
  let size = fs.fstatSync(fd).size;
  for (let look = 0; look < PATIENCE && size > 0; look++) {
    const last = Buffer.allocUnsafe(1);
    readAt(fd, last, size - 1);
    if (last[0] === 0x0a) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE_MS);
    size = fs.fstatSync(fd).size;
  }
  return size;
}
