import fs from 'node:fs';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { eventsFolder, openPlainFile, readAt } from './folder.ts';
import { EVENT_START } from './line.ts';

const NAME = /^(\d{8})\.jsonl$/;

export const segmentFile = (dir: string, number: number): string =>
  path.join(eventsFolder(dir), `${String(number).padStart(8, '0')}.jsonl`);

/** Numbers of the segments there are, oldest first. */
export function listSegments(dir: string): number[] {
  let names: string[];
  try {
    names = fs.readdirSync(eventsFolder(dir));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
  const numbers = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((a, b) => a - b);
}

/** What a segment holds, as far as bounds are concerned. */
export interface SegmentWeight {
  readonly events: number;
  /** Names of the body files its records refer to. */
  readonly bodyFiles: readonly string[];
  /** Bytes of those body files. */
  readonly bodyBytes: number;
}

const BODY_FILE = Buffer.from('"bodyFile":"');
const REFERENCE = /^"bodyFile":"(evt_[0-9A-Z]{26})","bodyBytes":(\d{1,15}),/;
const CHUNK = 1_048_576;
/** More than the longest word that is looked for. */
const OVERLAP = 128;

/** Weighs a segment without parsing it: neither word can occur inside a JSON string unescaped. */
export function weighSegment(file: string): SegmentWeight {
  const fd = openPlainFile(file);
  let events = 0;
  let bodyBytes = 0;
  const bodyFiles: string[] = [];
  try {
    const size = fs.fstatSync(fd).size;
    const chunk = Buffer.allocUnsafe(Math.min(size, CHUNK + OVERLAP));
    for (let from = 0; from < size; from += CHUNK) {
      const bytes = chunk.subarray(0, readAt(fd, chunk, from));
      // What begins in the overlap is met again at the start of the next chunk.
      const isMine = (at: number) => at !== -1 && at < CHUNK;
      for (
        let at = bytes.indexOf(EVENT_START);
        isMine(at);
        at = bytes.indexOf(EVENT_START, at + 1)
      ) {
        events++;
      }
      for (let at = bytes.indexOf(BODY_FILE); isMine(at); at = bytes.indexOf(BODY_FILE, at + 1)) {
        const found = REFERENCE.exec(bytes.toString('latin1', at, at + OVERLAP));
        if (found === null) continue;
        bodyFiles.push(found[1] as string);
        bodyBytes += Number(found[2]);
      }
    }
  } finally {
    fs.closeSync(fd);
  }
  return { events, bodyFiles, bodyBytes };
}
