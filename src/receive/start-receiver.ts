import { EXIT, HookcliError } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import { LIMITS } from '../core/limits.ts';
import { payloadOf } from '../core/place.ts';
import type { CapturedEvent } from '../core/types.ts';
import { openPool } from '../deliver/attempt.ts';
import { parseTarget } from '../deliver/target.ts';
import { getProvider } from '../providers/index.ts';
import { memoryStore } from '../store/memory-store.ts';
import { identify } from '../verify/identify.ts';
import { Duplicates } from './duplicates.ts';
import { receive } from './receive.ts';
import { endpointsFor } from './routes.ts';
import { startServer } from './server.ts';

export interface ReceiverOptions {
  /** By provider id; several for a rotation. Events of other providers are captured unchecked. */
  readonly secrets?: Readonly<Record<string, string | readonly string[]>>;
  /** Any free one by default. */
  readonly port?: number;
  /** Where to forward, as on the command line; without it every event is answered 200. */
  readonly forward?: string | readonly string[];
  /** Answer 401 to a rejected signature and do not forward it. */
  readonly reject?: boolean;
  /** How old a signature may be, in milliseconds. */
  readonly toleranceMs?: number;
}

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

export interface Receiver {
  /** `http://127.0.0.1:<port>`; send to `/webhook/<provider>` below it. */
  readonly url: string;
  /** What came in so far, oldest first. */
  readonly events: readonly ReceivedEvent[];
  /**
   * The next event that fits and that no earlier call returned, whether it came already or not.
   *
   * @throws HookcliError `no-event` when none comes in time
   */
  next(options?: NextOptions): Promise<ReceivedEvent>;
  close(): Promise<void>;
}

/**
 * Starts a receiver inside this process that keeps its events in memory: for tests.
 *
 * @throws HookcliError `unknown-provider`, `bad-target` or `port-in-use`
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const secrets = new Map(
    Object.entries(options.secrets ?? {}).map(([id, given]) => [
      getProvider(id).id,
      [given].flat(),
    ]),
  );
  const targets = [options.forward ?? []].flat().map(parseTarget);
  const inbox = new Inbox();
  const transport = await openPool();
  const duplicates = new Duplicates();
  const server = await startServer({
    port: options.port ?? 0,
    host: '127.0.0.1',
    maxBodyBytes: LIMITS.bodyBytes,
    onTrouble: (error) => inbox.fail(error),
    handle: (request) =>
      receive(request, {
        store: inbox.store,
        identify,
        secretsOf: async (provider) => ({
          secrets: secrets.get(provider.id) ?? [],
          origin: 'startReceiver()',
        }),
        ...(options.toleranceMs === undefined ? {} : { toleranceMs: options.toleranceMs }),
        duplicates,
        wanted: () => true,
        endpointsFor: (event) => endpointsFor(event, [], targets),
        transport,
        timeoutMs: LIMITS.forwardTimeoutMs,
        reject: options.reject ?? false,
        emit: (happening) => {
          if (happening.kind === 'event') inbox.put(happening.event);
        },
      }),
  });
  return {
    url: server.url,
    events: inbox.events,
    next: (wanted = {}) => inbox.next(wanted),
    async close() {
      await server.close();
      await transport.close();
      inbox.fail(new HookcliError('closed', 'The receiver was closed.'));
    },
  };
}

interface Waiter {
  readonly fits: (event: ReceivedEvent) => boolean;
  readonly resolve: (event: ReceivedEvent) => void;
  readonly reject: (error: unknown) => void;
}

/** Hands each event to one taker, in the order they came. */
class Inbox {
  readonly store = memoryStore();
  readonly events: ReceivedEvent[] = [];
  readonly #untaken: ReceivedEvent[] = [];
  readonly #waiters = new Set<Waiter>();

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

  fail(error: unknown): void {
    for (const { reject } of this.#waiters) reject(error);
  }

  next({ provider, type, withinMs = 5_000 }: NextOptions): Promise<ReceivedEvent> {
    const matchesType = type === undefined ? () => true : globMatcher(type);
    const fits = (event: ReceivedEvent) =>
      (provider === undefined || event.provider === provider) && matchesType(event.type ?? '');
    const at = this.#untaken.findIndex(fits);
    if (at !== -1) return Promise.resolve(this.#untaken.splice(at, 1)[0] as ReceivedEvent);
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
