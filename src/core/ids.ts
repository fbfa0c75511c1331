import { createHash, randomBytes } from 'node:crypto';
import type { Random } from './types.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const DIGITS = '0123456789';

/** Randomness of the operating system. */
export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/** Repeatable bytes: the same seed gives the same sequence on every machine. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return {
    bytes(count) {
      while (pool.length < count) {
        const block = createHash('sha256').update(`${seed}:${counter++}`).digest();
        pool = Buffer.concat([pool, block]);
      }
      const taken = pool.subarray(0, count);
      pool = pool.subarray(count);
      return taken;
    },
  };
}

function pick(alphabet: string, count: number, random: Random): string {
  let text = '';
  while (text.length < count) {
    for (const byte of random.bytes(count - text.length)) {
      // Bytes past the last whole multiple would favour the first letters.
      if (byte < 256 - (256 % alphabet.length)) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

export const alphanumeric = (count: number, random: Random): string =>
  pick(ALPHANUMERIC, count, random);

export const hex = (count: number, random: Random): string =>
  Buffer.from(random.bytes(Math.ceil(count / 2)))
    .toString('hex')
    .slice(0, count);

/** A whole number of exactly `count` digits (at most 15, so that JSON carries it exactly). */
export function digits(count: number, random: Random): number {
  return Number(pick('123456789', 1, random) + pick(DIGITS, count - 1, random));
}

/** A random (version 4) UUID. */
export function uuid(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const h = bytes.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

const TAIL_BYTES = 16;
let stock = Buffer.alloc(0);

/** Random bytes for one id; fetched for several, since each fetching takes 5 µs. */
function freshBytes(): Buffer {
  if (stock.length === 0) stock = randomBytes(32 * TAIL_BYTES);
  const bytes = stock.subarray(0, TAIL_BYTES);
  stock = stock.subarray(TAIL_BYTES);
  return bytes;
}

let lastMs = 0;
let lastTime = '';
let lastTail: number[] = [];

/**
 * The id of a captured event: `evt_` and a ULID, so ids of one process sort in the order they were
 * made even within a millisecond, and ids of several processes sort by time.
 */
export function capturedId(at: Date): string {
  const ms = Math.max(at.getTime(), lastMs);
  if (ms === lastMs) {
    for (let i = lastTail.length - 1; i >= 0; i--) {
      const next = (lastTail[i] as number) + 1;
      lastTail[i] = next % 32;
      if (next < 32) break;
    }
  } else {
    lastMs = ms;
    lastTime = timeDigits(ms);
    lastTail = Array.from(freshBytes(), (byte) => byte % 32);
    // Leaves room to count upwards within one millisecond.
    lastTail[0] = (lastTail[0] as number) % 16;
  }
  let id = `evt_${lastTime}`;
  for (const digit of lastTail) id += CROCKFORD[digit];
  return id;
}

/**
 * An id for what was captured elsewhere: the same moment and the same bytes give the same id.
 *
 * @param tail ten bytes of a digest
 */
export function importedId(at: Date, tail: Uint8Array): string {
  let id = `evt_${timeDigits(at.getTime())}`;
  for (const half of [tail.subarray(0, 5), tail.subarray(5, 10)]) {
    let bits = 0;
    for (const byte of half) bits = bits * 256 + byte;
    for (let shift = 35; shift >= 0; shift -= 5) {
      id += CROCKFORD[Math.floor(bits / 2 ** shift) % 32];
    }
  }
  return id;
}

function timeDigits(ms: number): string {
  let time = '';
  for (let rest = ms, i = 0; i < 10; i++) {
    time = CROCKFORD[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  return time;
}

/** The moment a captured event's id was made, in milliseconds since 1970. */
export function capturedIdTime(id: string): number {
  let ms = 0;
  for (const letter of id.slice(4, 14)) ms = ms * 32 + CROCKFORD.indexOf(letter);
  return ms;
}
