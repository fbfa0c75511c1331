import fs from 'node:fs';
import { eventsFolder } from './folder.ts';

/** Where the system tells nothing of changes (on some network disks), a look is taken so often. */
const LOOK_MS = 500;
/** Changes that follow each other sooner are looked at together. */
const TOGETHER_MS = 20;

/** Tells when something may have been appended to a store, by any process. */
export class Changes {
  readonly #folder: string;
  #watcher: fs.FSWatcher | undefined;
  #isChanged = false;
  #wake: () => void = () => {};

  constructor(dir: string) {
    this.#folder = eventsFolder(dir);
    this.#watch();
  }

  /**
   * Resolves at the next change, or after a while without one.
   *
   * @param mostMs in milliseconds
   */
  async next(mostMs: number): Promise<void> {
    this.#watch();
    if (!this.#isChanged) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(mostMs, LOOK_MS));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(mostMs, TOGETHER_MS)));
    this.#isChanged = false;
  }

  close(): void {
    this.#watcher?.close();
  }

  /** The folder may be made only when the first event comes. */
  #watch(): void {
    if (this.#watcher !== undefined) return;
    try {
      this.#watcher = fs.watch(this.#folder, () => {
        this.#isChanged = true;
        this.#wake();
      });
    } catch {
      return;
    }
    this.#watcher.on('error', () => {
      this.#watcher?.close();
      this.#watcher = undefined;
    });
  }
}
