import { EXIT, HookcliError } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import { payloadOf } from '../core/place.ts';
import type { CapturedEvent } from '../core/types.ts';

/** A captured event, with its JSON at hand. */
export interface ReceivedEvent extends CapturedEvent {
  /** The parsed body, or undefined when it is no JSON. */
  readonly payload: unknown;
}

export interface NextOptions {
  /** A provider's id. */
  readonly provider?: string;
  /** An event type; `*` and `?` stand for others. */
  readonly type?: string;
  /** How long to wait, in milliseconds; 5 seconds by default. */
  readonly withinMs?: number;
}

interface Waiter {
  readonly fits: (event: ReceivedEvent) => boolean;
  readonly resolve: (event: ReceivedEvent) => void;
  readonly reject: (error: unknown) => void;
}

const closed = () =>
  new HookcliError('closed', 'The receiver was closed, so no event will come.', {
    hint: 'Call next() before close().',
  });

/** Hands each event to one taker, in the order they came. */
export class Inbox {
  readonly events: ReceivedEvent[] = [];
  readonly #untaken: ReceivedEvent[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #troubles: unknown[] = [];
  #isClosed = false;

  put(event: CapturedEvent): void {
    const received = { ...event, payload: payloadOf(event.request) };
    this.events.push(received);
    for (const waiter of this.#waiters) {
      if (!waiter.fits(received)) continue;
      waiter.resolve(received);
      return;
    }
    this.#untaken.push(received);
  }

  /** Tells whoever waits, or who asks next, of what should never happen. */
  fail(error: unknown): void {
    if (this.#waiters.size === 0) this.#troubles.push(error);
    for (const { reject } of this.#waiters) reject(error);
  }

  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiters) reject(closed());
  }

  next({ provider, type, withinMs = 5_000 }: NextOptions): Promise<ReceivedEvent> {
    const matchesType = type === undefined ? () => true : globMatcher(type);
    const fits = (event: ReceivedEvent) =>
      (provider === undefined || event.provider === provider) && matchesType(event.type ?? '');
    const at = this.#untaken.findIndex(fits);
    if (at !== -1) return Promise.resolve(this.#untaken.splice(at, 1)[0] as ReceivedEvent);
    if (this.#troubles.length > 0) return Promise.reject(this.#troubles.shift());
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise<ReceivedEvent>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        fits,
        resolve: (event) => {
          end();
          resolve(event);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      const timer = setTimeout(() => waiter.reject(this.#nothing(type, withinMs)), withinMs);
      this.#waiters.add(waiter);
    });
  }

  #nothing(type: string | undefined, withinMs: number): HookcliError {
    const seen = this.events.map((event) => event.type ?? event.provider).join(', ');
    return new HookcliError(
      'no-event',
      `No event${type === undefined ? '' : ` ${type}`} came within ${withinMs} ms.`,
      {
        hint: seen === '' ? 'Nothing came at all.' : `What came: ${seen}.`,
        exitCode: EXIT.undecided,
      },
    );
  }
}
