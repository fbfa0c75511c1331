import fs from 'node:fs';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import {
  bodiesFolder,
  eventsFolder,
  openForAppend,
  openPlainFile,
  readAt,
  storeTrouble,
  syncFolder,
} from './folder.ts';
import { readLine } from './line.ts';
import { listSegments, segmentFile } from './segments.ts';

const NEWLINE = Buffer.from('\n');

/** So long may another process still write to a segment it takes for the newest, in milliseconds. */
const GRACE_MS = 50;

/**
 * Takes events out of a store, with their deliveries and the bodies beside them, while others append to
 * it. Each segment that holds one is written anew and put in the place of the old one, in one step; those
 * who read the old one go on. The newest segment gets a successor first, to which appenders move on.
 *
 * @param ids of the events to remove
 * @returns the bytes that became free
 * @throws HookcliError `store-unwritable` or `store-full`
 */
export async function removeEvents(dir: string, ids: ReadonlySet<string>): Promise<number> {
  let freed = 0;
  try {
    const newest = listSegments(dir).at(-1);
    if (newest === undefined || ids.size === 0) return 0;
    fs.closeSync(openForAppend(segmentFile(dir, newest + 1)));
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    for (const number of listSegments(dir)) {
      if (number <= newest) freed += rewriteSegment(dir, number, (id) => ids.has(id));
    }
    syncFolder(eventsFolder(dir));
    for (const id of ids) freed += removeBody(dir, id);
  } catch (error) {
    throw storeTrouble(error, dir, 'write');
  }
  return freed;
}

/**
 * Writes a segment anew without some of its events.
 *
 * @returns the bytes that became free in it
 */
export function rewriteSegment(dir: string, number: number, goes: (id: string) => boolean): number {
  const file = segmentFile(dir, number);
  let fd: number;
  try {
    fd = openPlainFile(file);
  } catch (error) {
    // Another process prunes too.
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
  try {
    const before = readFrom(fd, 0);
    const kept = keptLines(before, goes);
    const bytes = Buffer.concat(kept);
    if (bytes.length === before.length) return 0;
    if (bytes.length === 0) fs.rmSync(file);
    else replace(file, bytes);
    rescue(dir, fd, before.length);
    return before.length - bytes.length;
  } finally {
    fs.closeSync(fd);
  }
}

function readFrom(fd: number, position: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, fs.fstatSync(fd).size - position));
  return bytes.subarray(0, readAt(fd, bytes, position));
}

/** What stays: whole records of other events, and whatever is no whole record, as it is. */
function keptLines(segment: Buffer, goes: (id: string) => boolean): Buffer[] {
  const kept: Buffer[] = [];
  for (let from = 0; from < segment.length; ) {
    const newline = segment.indexOf(0x0a, from);
    const end = newline === -1 ? segment.length : newline;
    const line = segment.subarray(from, end);
    const { records, damaged } = readLine(line);
    const whole = damaged || !records.some(({ id }) => goes(id));
    if (whole) kept.push(segment.subarray(from, Math.min(end + 1, segment.length)));
    else {
      for (const { id, bytes } of records) if (!goes(id)) kept.push(bytes, NEWLINE);
    }
    from = end + 1;
  }
  return kept;
}

function replace(file: string, bytes: Buffer): void {
  const temporary = `${file}.${process.pid}`;
  fs.rmSync(temporary, { force: true });
  try {
    const fd = fs.openSync(temporary, 'wx', 0o600);
    try {
      fs.writeFileSync(fd, bytes);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * What a process that was held up wrote to the old file after it was read goes to the newest segment. One
 * that writes later still sees that its file has no name any more, and writes again.
 */
function rescue(dir: string, old: number, position: number): void {
  const late = readFrom(old, position);
  if (late.length === 0) return;
  const fd = openForAppend(segmentFile(dir, listSegments(dir).at(-1) ?? 1));
  try {
    fs.writeSync(fd, Buffer.concat([NEWLINE, late]));
  } finally {
    fs.closeSync(fd);
  }
}

function removeBody(dir: string, id: string): number {
  const file = path.join(bodiesFolder(dir), id);
  const size = fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
  fs.rmSync(file, { force: true });
  return size;
}
