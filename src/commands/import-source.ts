import fs from 'node:fs';
import path from 'node:path';
import { TextDecoder } from 'node:util';
import { HookcliError, systemCode } from '../core/errors.ts';
import type { CommandContext } from './context.ts';

/** What is imported, in pieces. */
export interface ImportSource {
  readonly chunks: AsyncIterable<Buffer>;
  /** Where the events of a file are dated that do not tell their own time. */
  readonly at: Date;
  /** Absent of what comes through a pipe. */
  readonly totalBytes?: number;
  /** How much of it was read. */
  readonly read: { bytes: number };
}

const CHUNK_BYTES = 256 * 1_024;

/**
 * Opens a file, or standard input for `-`.
 *
 * @throws HookcliError `missing-file`
 */
export function importSource({ cwd }: CommandContext, name: string): ImportSource {
  const read = { bytes: 0 };
  if (name === '-') {
    return { chunks: counted(utf8(process.stdin), read), at: new Date(), read };
  }
  const file = path.resolve(cwd, name);
  let stat: fs.Stats;
  try {
    fs.accessSync(file, fs.constants.R_OK);
    stat = fs.statSync(file);
  } catch (error) {
    throw missing(file, `${systemCode(error)}`, error);
  }
  // A device has no end.
  if (!stat.isFile() && !stat.isFIFO()) throw missing(file, 'it is no file');
  const stream = fs.createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const source = { chunks: utf8(counted(stream, read)), at: stat.mtime, read };
  return stat.isFile() ? { ...source, totalBytes: stat.size } : source;
}

const missing = (file: string, why: string, cause?: unknown): HookcliError =>
  new HookcliError('missing-file', `Cannot read ${file}: ${why}.`, {
    hint: 'Name a file of hookcli export, a HAR, or - for standard input.',
    cause,
  });

async function* counted(chunks: AsyncIterable<Buffer>, read: { bytes: number }) {
  for await (const chunk of chunks) {
    read.bytes += chunk.length;
    yield chunk;
  }
}

/** Windows PowerShell 5.1 writes what is sent into a file with `>` as UTF-16. */
async function* utf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) decoder = new TextDecoder('utf-16le');
    isFirst = false;
    yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
}
