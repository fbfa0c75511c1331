import { monotonicMs } from '../core/clock.ts';
import type { Write } from './steady.ts';

export interface Batches {
  readonly write: Write;
  /** Writes what waits. */
  flush(): void;
}

/** So long may a line of a busy listener wait for company, in milliseconds. */
const BUSY_MS = 10;

/**
 * Gathers lines into one write: those of one turn of the event loop, and of a busy listener those of
 * some turns, since it would otherwise spend a fifth of its time on one system call for each line.
 */
export function inBatches(write: Write): Batches {
  let waiting = '';
  let lastMs = 0;
  const flush = () => {
    const text = waiting;
    waiting = '';
    lastMs = monotonicMs();
    if (text !== '') write(text);
  };
  return {
    flush,
    write(text) {
      if (waiting === '') {
        if (monotonicMs() - lastMs < BUSY_MS) setTimeout(flush, BUSY_MS);
        else setImmediate(flush);
      }
      waiting += text;
    },
  };
}
