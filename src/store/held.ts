import fs from 'node:fs';
import path from 'node:path';
import { bodiesFolder, openPlainFile, readAt } from './folder.ts';
import { readLine } from './line.ts';
import { listSegments, segmentFile, weighSegment } from './segments.ts';

/** How much a store holds. */
export interface Held {
  readonly bytes: number;
  /** When the oldest event came; undefined in an empty store. */
  readonly since?: Date;
}

/** The first event of a segment lies within, unless it is damaged or its headers are very long. */
const FIRST_LOOK = 262_144;

/** Looks at sizes and at one record, however large the store is. */
export function held(dir: string): Held {
  const segments = listSegments(dir).map((number) => segmentFile(dir, number));
  const bodies = namesIn(bodiesFolder(dir)).map((name) => path.join(bodiesFolder(dir), name));
  const bytes = [...segments, ...bodies].reduce((sum, file) => sum + sizeOf(file), 0);
  for (const file of segments) {
    const since = firstTime(file);
    if (since !== undefined) return { bytes, since };
  }
  return { bytes };
}

/** How many events a store holds; reads all of it. */
export const heldEvents = (dir: string): number =>
  listSegments(dir).reduce((sum, number) => sum + weighSegment(segmentFile(dir, number)).events, 0);

function firstTime(file: string): Date | undefined {
  const fd = openPlainFile(file);
  try {
    const look = Buffer.allocUnsafe(FIRST_LOOK);
    const bytes = look.subarray(0, readAt(fd, look, 0));
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(0x0a, from);
      if (newline === -1) return undefined;
      const event = readLine(bytes.subarray(from, newline)).records.find(
        ({ kind }) => kind === 'event',
      );
      if (event !== undefined) return new Date(JSON.parse(event.bytes.toString('utf8')).at);
      from = newline + 1;
    }
    return undefined;
  } finally {
    fs.closeSync(fd);
  }
}

const sizeOf = (file: string): number => fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
