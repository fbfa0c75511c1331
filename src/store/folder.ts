import fs from 'node:fs';
import path from 'node:path';
import { EXIT, HookcliError, systemCode } from '../core/errors.ts';

/** Version of the layout; a store written by a newer one is refused rather than misread. */
const FORMAT = 1;
// Windows has neither; there the flags are simply left out.
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const NO_WAIT = fs.constants.O_NONBLOCK ?? 0;

export const eventsFolder = (dir: string): string => path.join(dir, 'events');
export const bodiesFolder = (dir: string): string => path.join(dir, 'bodies');

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a system error on a store means for whoever asked; anything else is passed through. */
export function storeTrouble(error: unknown, dir: string, doing: 'write' | 'read'): unknown {
  if (error instanceof HookcliError) return error;
  const word = systemCode(error);
  if (word === undefined) return error;
  const options = { exitCode: EXIT.environment, cause: error } as const;
  if (word === 'ELOOP' || word === 'EMLINK')
    return unsafe(dir, 'one of its files is a symbolic link');
  if (doing === 'read') {
    return new HookcliError('store-unreadable', `The store ${dir} cannot be read (${word}).`, {
      ...options,
      hint: 'Check its permissions, or name another one with --store <dir>.',
    });
  }
  if (FULL.has(word)) {
    return new HookcliError('store-full', `The store ${dir} cannot take more (${word}).`, {
      ...options,
      hint: 'Make room on the disk, or keep less with --keep 200mb.',
    });
  }
  return new HookcliError('store-unwritable', `The store ${dir} cannot be written (${word}).`, {
    ...options,
    hint: 'Check its permissions, or name another one with --store <dir>.',
  });
}

function unsafe(dir: string, why: string): HookcliError {
  return new HookcliError('store-unsafe', `The store ${dir} is not used: ${why}.`, {
    hint: 'Remove what was put there, or name another folder with --store <dir>.',
    exitCode: EXIT.environment,
  });
}

function checkOwner(dir: string, stat: fs.Stats): void {
  const uid = process.getuid?.();
  if (uid === undefined || stat.uid === uid || (stat.mode & 0o022) === 0) return;
  throw unsafe(dir, 'it belongs to another user and others may write to it');
}

function checkFormat(dir: string): void {
  let written: string;
  try {
    written = readPlainFile(path.join(dir, 'store.json'), 4_096).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw storeTrouble(error, dir, 'read');
  }
  let format: unknown;
  try {
    format = (JSON.parse(written) as { format?: unknown } | null)?.format;
  } catch {
    format = undefined;
  }
  if (format === FORMAT) return;
  const newer = typeof format === 'number' && format > FORMAT;
  throw new HookcliError(
    'store-format',
    newer
      ? `The store ${dir} was written by a newer hookcli (format ${format}, this one knows ${FORMAT}).`
      : `The store ${dir} does not say which format it has: store.json is not as hookcli writes it.`,
    {
      hint: newer
        ? 'Update hookcli, or name another store with --store <dir>.'
        : `Put {"format":${FORMAT}} into it if the store is yours, or name another with --store <dir>.`,
      exitCode: EXIT.environment,
    },
  );
}

/**
 * Looks at a store before it is used, without making anything.
 *
 * @returns false when there is none yet
 * @throws HookcliError `store-unsafe`, `store-unreadable` or `store-format`
 */
export function checkFolder(dir: string): boolean {
  try {
    const stat = fs.statSync(dir, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    if (!stat.isDirectory()) throw unsafe(dir, 'it is not a folder');
    checkOwner(dir, stat);
    for (const inner of [eventsFolder(dir), bodiesFolder(dir)]) {
      const found = fs.lstatSync(inner, { throwIfNoEntry: false });
      if (found === undefined) continue;
      if (!found.isDirectory()) throw unsafe(dir, `${path.basename(inner)} in it is not a folder`);
      checkOwner(dir, found);
    }
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') throw unsafe(dir, 'a part of its path is not a folder');
    throw storeTrouble(error, dir, 'read');
  }
  checkFormat(dir);
  return true;
}

/** Makes a folder only its owner may enter, whatever the umask says. */
export function makeFolder(dir: string): void {
  if (fs.mkdirSync(dir, { recursive: true, mode: 0o700 }) !== undefined) fs.chmodSync(dir, 0o700);
}

/** Makes the store, or what is missing of it. */
export function makeStore(dir: string): void {
  checkFolder(dir);
  makeFolder(dir);
  makeFolder(eventsFolder(dir));
  makeFolder(bodiesFolder(dir));
  writeOnce(path.join(dir, '.gitignore'), '*\n');
  writeOnce(path.join(dir, 'store.json'), `${JSON.stringify({ format: FORMAT })}\n`);
}

/** Writes a small file that is not there yet; a reader sees all of it or nothing. */
function writeOnce(file: string, content: string): void {
  if (fs.existsSync(file)) return;
  const temporary = `${file}.${process.pid}`;
  replaceFile(temporary, file, content);
}

/** Puts a small file in place in one step. */
export function replaceFile(temporary: string, file: string, content: string): void {
  fs.rmSync(temporary, { force: true });
  const fd = fs.openSync(temporary, 'wx', 0o600);
  try {
    try {
      fs.fchmodSync(fd, 0o600);
      fs.writeFileSync(fd, content);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Opens an ordinary file for reading: no link is followed, and a pipe planted there cannot hang us. */
export function openPlainFile(file: string): number {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  if (fs.fstatSync(fd).isFile()) return fd;
  fs.closeSync(fd);
  throw unsafe(path.dirname(file), `${path.basename(file)} in it is not an ordinary file`);
}

/** Opens a file for appending (and for a look at its end); made when missing, 0600. */
export function openForAppend(file: string): number {
  const { O_RDWR, O_CREAT, O_APPEND } = fs.constants;
  const fd = fs.openSync(file, O_RDWR | O_CREAT | O_APPEND | NO_FOLLOW | NO_WAIT, 0o600);
  const stat = fs.fstatSync(fd);
  if (stat.isFile()) {
    if (stat.size === 0) fs.fchmodSync(fd, 0o600);
    return fd;
  }
  fs.closeSync(fd);
  throw unsafe(path.dirname(file), `${path.basename(file)} in it is not an ordinary file`);
}

/** The bytes of an ordinary file, at most `most` of them. */
export function readPlainFile(file: string, most: number): Buffer {
  const fd = openPlainFile(file);
  try {
    const bytes = Buffer.allocUnsafe(Math.min(most, fs.fstatSync(fd).size));
    return bytes.subarray(0, readAt(fd, bytes, 0));
  } finally {
    fs.closeSync(fd);
  }
}

/** Fills the buffer from a place in a file; the number of bytes there were. */
export function readAt(fd: number, into: Buffer, position: number): number {
  let filled = 0;
  while (filled < into.length) {
    const read = fs.readSync(fd, into, filled, into.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** Makes a file's place in its folder survive a loss of power. */
export function syncFolder(dir: string): void {
  // Windows cannot open a folder; its file systems journal the names by themselves.
  if (process.platform === 'win32') return;
  const fd = fs.openSync(dir, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
