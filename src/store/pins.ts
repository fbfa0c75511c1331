import fs from 'node:fs';
import path from 'node:path';
import { makeFolder, makeStore, storeTrouble } from './folder.ts';
import { isEventId, requireEventId } from './members.ts';

const pinsFolder = (dir: string): string => path.join(dir, 'pinned');

/** The events that no pruning removes; an empty file for each, so that several processes may pin. */
export function readPins(dir: string): ReadonlySet<string> {
  try {
    return new Set(fs.readdirSync(pinsFolder(dir)).filter(isEventId));
  } catch {
    return new Set();
  }
}

/** @throws HookcliError `store-unwritable` or `store-full` */
export function pin(dir: string, id: string): void {
  requireEventId(id);
  try {
    makeStore(dir);
    makeFolder(pinsFolder(dir));
    fs.closeSync(fs.openSync(path.join(pinsFolder(dir), id), 'w', 0o600));
  } catch (error) {
    throw storeTrouble(error, dir, 'write');
  }
}

/** @throws HookcliError `store-unwritable` */
export function unpin(dir: string, id: string): void {
  requireEventId(id);
  try {
    fs.rmSync(path.join(pinsFolder(dir), id), { force: true });
  } catch (error) {
    throw storeTrouble(error, dir, 'write');
  }
}
