import fs from 'node:fs';
import type { Output } from './commands/context.ts';
import { EXIT, systemCode } from './core/errors.ts';

/**
 * Standard output (1) or error (2). On a terminal it is the process's own stream; into files and
 * pipes it is written at once, which spares a short command the making of a stream.
 */
export function openOutput(fd: 1 | 2): Output {
  // Only a character device can be a terminal; for all else the making of a stream is spared.
  const stream = isCharacterDevice(fd) ? streamOf(fd) : undefined;
  if (stream?.isTTY) {
    stream.on('error', leaveOnClosedPipe);
    return { write: (text) => void stream.write(text), isTTY: true, columns: stream.columns };
  }
  let queue: NodeJS.WriteStream | undefined;
  return {
    // Nobody's window ends where a pipe does.
    columns: Number.POSITIVE_INFINITY,
    isTTY: false,
    write(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
      const rest = queue === undefined ? writeNow(fd, bytes) : bytes;
      if (rest.length === 0) return;
      // The pipe is full and does not wait: from here on the stream queues, in order.
      queue ??= streamOf(fd).on('error', leaveOnClosedPipe);
      queue.write(rest);
    },
  };
}

const streamOf = (fd: 1 | 2): NodeJS.WriteStream => (fd === 1 ? process.stdout : process.stderr);

function isCharacterDevice(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isCharacterDevice();
  } catch {
    // A closed descriptor; writing to it will say so.
    return false;
  }
}

/** What could not be written at once. */
function writeNow(fd: number, bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest));
    } catch (error) {
      if (systemCode(error) === 'EAGAIN') return rest;
      leaveOnClosedPipe(error);
    }
  }
  return rest;
}

/** `hookcli list | head -1` closes our output early; that is no failure. */
function leaveOnClosedPipe(error: unknown): void {
  if (systemCode(error) === 'EPIPE') process.exit(EXIT.ok);
  throw error;
}
