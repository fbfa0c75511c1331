import type { Random } from '../core/types.ts';
import type { Prepared } from '../deliver/prepare.ts';
import type { Sending, Turn } from './send-scene.ts';

/** Turns that go out at once. */
export type Volley = readonly Turn[];

export interface Order {
  /** Rounds, each about other things. */
  readonly count: number;
  /** How often each event is delivered again, with the same id and the same bytes. */
  readonly duplicates: number;
  /** All in any order, so that duplicates and the steps of a story come apart. */
  readonly isShuffled: boolean;
}

/**
 * What is sent, in sequences: the volleys of one follow each other, while several sequences may be under
 * way together.
 */
export function* sequences(sending: Sending, order: Order): Generator<readonly Volley[]> {
  const { count, duplicates, isShuffled } = order;
  if (isShuffled) {
    const turns = Array.from({ length: count }, () => sending.round()).flat();
    const all = turns.flatMap((turn) => copies(turn, duplicates));
    for (const turn of shuffled(all, sending.random)) yield [[turn]];
    return;
  }
  for (let round = 0; round < count; round++) {
    yield sending.round().map((turn) => copies(turn, duplicates));
  }
}

/** The same turn several times; it is made once. */
function copies(turn: Turn, duplicates: number): Turn[] {
  if (duplicates === 0) return [turn];
  let made: Prepared | undefined;
  const once: Turn = {
    event: turn.event,
    make: () => {
      made ??= turn.make();
      return made;
    },
  };
  return Array(duplicates + 1).fill(once);
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1, random);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/** A whole number from 0 to under the bound, evenly enough: of 48 random bits. */
function below(bound: number, random: Random): number {
  return Buffer.from(random.bytes(6)).readUIntBE(0, 6) % bound;
}

/** The volleys of all sequences, one after the other. */
export function* volleysOf(all: Iterable<readonly Volley[]>): Generator<Volley> {
  for (const sequence of all) yield* sequence;
}
