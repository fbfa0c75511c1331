import fs from 'node:fs';
import path from 'node:path';
import { EXIT, HookcliError, systemCode } from '../core/errors.ts';

/**
 * A file that a command writes, there only once it is whole. Devices and pipes are written to as they
 * are. It may hold what was captured, so it is its owner's alone.
 */
export class OutputFile {
  readonly #file: string;
  readonly #written: string;
  #fd: number;

  /** @throws HookcliError `unwritable-file`, exit code 4 */
  constructor(file: string) {
    this.#file = file;
    this.#written = file;
    try {
      const found = fs.statSync(file, { throwIfNoEntry: false });
      if (found === undefined || found.isFile()) {
        // What a link leads to is written, the link itself stays.
        const real = found === undefined ? file : fs.realpathSync(file);
        this.#file = real;
        this.#written = path.join(path.dirname(real), `.${path.basename(real)}.${process.pid}`);
      }
      const flags = this.#written === this.#file ? 'w' : 'wx';
      this.#fd = fs.openSync(this.#written, flags, 0o600);
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  write(text: string | Uint8Array): void {
    const bytes = Buffer.from(text);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += fs.writeSync(this.#fd, bytes, done);
      }
    } catch (error) {
      throw unwritable(this.#file, error);
    }
  }

  /** Puts it in its place. */
  finish(): void {
    fs.closeSync(this.#fd);
    this.#fd = -1;
    try {
      if (this.#written !== this.#file) fs.renameSync(this.#written, this.#file);
    } catch (error) {
      this.discard();
      throw unwritable(this.#file, error);
    }
  }

  /** Leaves what was there before; of no effect once it is finished. */
  discard(): void {
    if (this.#fd !== -1) fs.closeSync(this.#fd);
    this.#fd = -1;
    if (this.#written !== this.#file) fs.rmSync(this.#written, { force: true });
  }
}

function unwritable(file: string, cause: unknown): HookcliError {
  return new HookcliError('unwritable-file', `Cannot write ${file}: ${systemCode(cause)}.`, {
    hint: 'Check the path, its permissions and the room on the disk.',
    exitCode: EXIT.environment,
    cause,
  });
}
