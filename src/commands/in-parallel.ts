import { monotonicMs } from '../core/clock.ts';

/** Runs the work for each item, a bounded number at a time, in order of their start. */
export async function inParallel<T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/**
 * Starts the work for the items at an even rate, whether or not the work before has ended: one that is
 * slow does not slow down what follows.
 *
 * @param perSecond how many are started a second
 * @param work told the time at which it was due, by the monotonic clock in milliseconds
 */
export async function atRate<T>(
  items: Iterable<T>,
  perSecond: number,
  work: (item: T, dueMs: number) => Promise<void>,
): Promise<void> {
  const startMs = monotonicMs();
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let started = 0;
  for (const item of items) {
    const dueMs = startMs + (started++ * 1_000) / perSecond;
    const earlyMs = dueMs - monotonicMs();
    if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
    if (failure !== undefined) break;
    const one: Promise<void> = work(item, dueMs)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}
