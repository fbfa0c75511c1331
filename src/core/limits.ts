import { HookcliError } from './errors.ts';

const KIB = 1_024;
const SIZES = new Map([
  ['', 1],
  ['b', 1],
  ['k', KIB],
  ['kb', KIB],
  ['kib', KIB],
  ['m', KIB ** 2],
  ['mb', KIB ** 2],
  ['mib', KIB ** 2],
  ['g', KIB ** 3],
  ['gb', KIB ** 3],
  ['gib', KIB ** 3],
]);

/** Bounds on everything that comes from outside. */
export const LIMITS = {
  /** Body of a received request; GitHub caps its payloads at 25 MB (recalled, 2026-11). */
  bodyBytes: 25 * KIB ** 2,
  /** All bodies that are being read or dealt with at one time. */
  bodiesInFlightBytes: 128 * KIB ** 2,
  /** Answer of a handler that is read and passed back. */
  answerBytes: 25 * KIB ** 2,
  /** Headers of such an answer. */
  answerHeadersBytes: 128 * KIB,
  /** Part of a handler's answer that is kept in the record. */
  recordedAnswerBytes: 64 * KIB,
  /** Bodies above this lie in a file of their own beside the record. */
  inlineBodyBytes: 64 * KIB,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  connections: 512,
  requestsPerSocket: 1_000,
  /** Wait for an answer of the developer's handler. */
  forwardTimeoutMs: 30_000,
  /** What is in flight may take this long to finish when we are asked to stop. */
  drainMs: 5_000,
  /** Default bound of a store. */
  storeBytes: KIB ** 3,
  storeEvents: 100_000,
} as const;

/**
 * Bytes of a size written as people write it: `25mb`, `512kb`, `1000`.
 *
 * @param name the option the text was given for, named in the error
 */
export function parseSize(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const bytes = Number(match?.[1]) * (SIZES.get((match?.[2] ?? '?').toLowerCase()) ?? Number.NaN);
  if (!Number.isFinite(bytes)) {
    throw new HookcliError('bad-size', `${name}: "${text}" is not a size.`, {
      hint: 'Write it like 512kb, 25mb or 1gb.',
    });
  }
  return Math.floor(bytes);
}

/** A size for people: `812 B`, `3.4 KB`, `25 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  let power = 1;
  // What would be rounded up to 1024 is one of the next unit.
  while (power < 3 && bytes / KIB ** power >= KIB - 0.5) power++;
  const value = bytes / KIB ** power;
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${['', 'KB', 'MB', 'GB'][power]}`;
}
