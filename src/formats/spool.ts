import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const IN_MEMORY_BYTES = 8 * 1_048_576;

/**
 * Texts to be read again from the last one back: a store is read newest first, while who reads an
 * export wants it in the order in which things happened. Beyond a few megabytes they lie in a file,
 * which has no name where the system allows that.
 */
export class Spool {
  #recent: Buffer[] = [];
  #recentBytes = 0;
  /** Where each text of the file ends, in bytes. */
  readonly #ends: number[] = [];
  #folder: string | undefined;
  #fd: number | undefined;

  push(text: string | Uint8Array): void {
    const bytes = Buffer.from(text);
    this.#recent.push(bytes);
    this.#recentBytes += bytes.length;
    if (this.#recentBytes > IN_MEMORY_BYTES) this.#unload();
  }

  *backwards(): Generator<Buffer> {
    yield* this.#recent.toReversed();
    for (let i = this.#ends.length - 1; i >= 0; i--) {
      const start = this.#ends[i - 1] ?? 0;
      const bytes = Buffer.allocUnsafe((this.#ends[i] as number) - start);
      readFully(this.#fd as number, bytes, start);
      yield bytes;
    }
  }

  close(): void {
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    if (this.#folder !== undefined) fs.rmSync(this.#folder, { recursive: true, force: true });
    this.#fd = undefined;
  }

  #unload(): void {
    this.#fd ??= this.#open();
    let end = this.#ends.at(-1) ?? 0;
    for (const bytes of this.#recent) {
      for (let done = 0; done < bytes.length; ) {
        done += fs.writeSync(this.#fd, bytes, done, bytes.length - done, end + done);
      }
      end += bytes.length;
      this.#ends.push(end);
    }
    this.#recent = [];
    this.#recentBytes = 0;
  }

  #open(): number {
    this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-export-'));
    const fd = fs.openSync(path.join(this.#folder, 'spool'), 'wx+', 0o600);
    // Nothing is left behind by a kill; Windows keeps the name of what is open.
    if (process.platform !== 'win32') {
      fs.rmSync(this.#folder, { recursive: true, force: true });
      this.#folder = undefined;
    }
    return fd;
  }
}

function readFully(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const read = fs.readSync(fd, bytes, done, bytes.length - done, position + done);
    if (read === 0) throw new Error('The spool of an export ended before its time.');
    done += read;
  }
}
