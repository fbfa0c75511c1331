import fs from 'node:fs';
import path from 'node:path';
import { EXIT, HookcliError } from '../core/errors.ts';
import { bodiesFolder, readPlainFile, syncFolder } from './folder.ts';
import { crcOf } from './line.ts';
import { isEventId } from './members.ts';

const { O_WRONLY, O_CREAT, O_TRUNC } = fs.constants;
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;

/** How a record refers to the large body beside it. */
export interface BodyFile {
  readonly name: string;
  readonly bytes: number;
  readonly crc: string;
}

/**
 * Writes a large body beside the record that will name it.
 *
 * @param durable also waits until it would survive a loss of power
 */
export async function writeBody(
  dir: string,
  id: string,
  body: Uint8Array,
  durable: boolean,
): Promise<void> {
  const file = path.join(bodiesFolder(dir), id);
  const handle = await fs.promises.open(file, O_WRONLY | O_CREAT | O_TRUNC | NO_FOLLOW, 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(body);
    if (durable) await handle.datasync();
  } catch (error) {
    await fs.promises.rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  if (durable) syncFolder(bodiesFolder(dir));
}

export const removeBody = (dir: string, id: string): Promise<void> =>
  fs.promises.rm(path.join(bodiesFolder(dir), id), { force: true });

/**
 * The large body a record names.
 *
 * @throws HookcliError `body-lost` when it is not there any more, or not as it was written
 */
export function readBody(dir: string, file: BodyFile): Buffer {
  // The name comes from a file that may have been handed over by others: only our own ids are names.
  if (!isEventId(file.name)) throw lost(dir, file.name, 'its name is not an id');
  let body: Buffer;
  try {
    body = readPlainFile(path.join(bodiesFolder(dir), file.name), Number.MAX_SAFE_INTEGER);
  } catch (error) {
    throw lost(dir, file.name, 'its file cannot be read', error);
  }
  if (body.length !== file.bytes || crcOf(body) !== file.crc) {
    throw lost(dir, file.name, 'its file is damaged');
  }
  return body;
}

function lost(dir: string, name: string, why: string, cause?: unknown): HookcliError {
  return new HookcliError('body-lost', `The body ${name} of the store ${dir} is lost: ${why}.`, {
    hint: 'Its headers and verdict are still there: hookcli list.',
    exitCode: EXIT.environment,
    cause,
  });
}
