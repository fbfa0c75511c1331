import fs from 'node:fs';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { makeFolder, makeStore, readPlainFile, replaceFile, storeTrouble } from './folder.ts';

/** What a running listener tells the other commands of its store. */
export interface Listener {
  readonly url: string;
  readonly pid: number;
  readonly provider?: string;
}

/** A listener found running. */
export interface RunningListener extends Listener {
  /** When it started. */
  readonly since: Date;
}

const NAME = /^([1-9]\d{0,9})\.json$/;
const LARGEST = 4_096;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const listenersFolder = (dir: string): string => path.join(dir, 'listeners');

/**
 * Leaves a note in the store that a listener runs.
 *
 * @returns removes the note; synchronous, so that an exit handler can call it
 * @throws HookcliError `store-unwritable` or `store-full`
 */
export async function announceListener(dir: string, listener: Listener): Promise<() => void> {
  const file = path.join(listenersFolder(dir), `${listener.pid}.json`);
  const started = processStart(listener.pid);
  const note = { ...listener, ...(started === undefined ? {} : { started }) };
  try {
    makeStore(dir);
    makeFolder(listenersFolder(dir));
    replaceFile(`${file}.new`, file, `${JSON.stringify(note)}\n`);
  } catch (error) {
    throw storeTrouble(error, dir, 'write');
  }
  return () => remove(file);
}

/**
 * The listener that runs on this store, the newest when there are several. Notes of processes that
 * are gone are removed.
 *
 * @param hosts names beside the loopback ones that a listener's URL may have
 */
export function runningListener(
  dir: string,
  hosts: readonly string[] = [],
): RunningListener | undefined {
  let newest: RunningListener | undefined;
  for (const name of namesIn(listenersFolder(dir))) {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid)) continue;
    const file = path.join(listenersFolder(dir), name);
    const note = readNote(file);
    if (note === undefined) continue;
    if (!isAlive(pid, note.members.started)) {
      remove(file);
      continue;
    }
    const listener = listenerOf(note.members, pid, hosts);
    if (listener === undefined) continue;
    if (newest === undefined || note.since > newest.since.getTime()) {
      newest = { ...listener, since: new Date(note.since) };
    }
  }
  return newest;
}

function namesIn(folder: string): string[] {
  try {
    return fs.lstatSync(folder).isDirectory() ? fs.readdirSync(folder) : [];
  } catch {
    return [];
  }
}

function readNote(file: string): { members: Record<string, unknown>; since: number } | undefined {
  try {
    const since = fs.lstatSync(file).mtimeMs;
    const members: unknown = JSON.parse(readPlainFile(file, LARGEST).toString('utf8'));
    if (typeof members !== 'object' || members === null) return undefined;
    return { members: members as Record<string, unknown>, since };
  } catch {
    // Gone meanwhile, or not a note of ours.
    return undefined;
  }
}

/** The note as a listener; requests are sent there, so a URL that leads elsewhere does not count. */
function listenerOf(
  note: Record<string, unknown>,
  pid: number,
  hosts: readonly string[],
): Listener | undefined {
  if (typeof note.url !== 'string' || !URL.canParse(note.url)) return undefined;
  const { protocol, hostname, username, password } = new URL(note.url);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  if (username !== '' || password !== '') return undefined;
  if (!LOOPBACK.test(hostname) && !hosts.includes(hostname)) return undefined;
  const { url, provider } = note;
  return { url, pid, ...(typeof provider === 'string' ? { provider } : {}) };
}

function isAlive(pid: number, started: unknown): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    if (systemCode(error) !== 'EPERM') return false;
  }
  // After a restart of the machine another process may have the number.
  const now = processStart(pid);
  return typeof started !== 'string' || now === undefined || started === now;
}

/** When a process began, in the kernel's own count; undefined where that cannot be read. */
function processStart(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; field 22 is the twentieth behind it (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function remove(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // A note that stays is recognised as stale.
  }
}
