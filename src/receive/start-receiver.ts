import { LIMITS } from '../core/limits.ts';
import { openPool } from '../deliver/attempt.ts';
import { parseTarget } from '../deliver/target.ts';
import { getProvider } from '../providers/index.ts';
import { assertUsable } from '../providers/secret.ts';
import { memoryStore } from '../store/memory-store.ts';
import { identify } from '../verify/identify.ts';
import { Duplicates } from './duplicates.ts';
import { Inbox, type NextOptions, type ReceivedEvent } from './inbox.ts';
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
  /** The address the providers know, for schemes that cover it: an origin, or the whole URL. */
  readonly publicUrl?: string;
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
 * @throws HookcliError `unknown-provider`, `unusable-secret`, `bad-target` or `port-in-use`
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const secrets = usableSecrets(options.secrets ?? {});
  const targets = [options.forward ?? []].flat().map(parseTarget);
  const store = memoryStore();
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
        store,
        identify,
        secretsOf: async (provider) => ({
          secrets: secrets.get(provider.id) ?? [],
          origin: 'startReceiver()',
        }),
        others: [...secrets].map(([id, some]) => ({ provider: getProvider(id), secrets: some })),
        keepSecret: ({ id }, secret) => secrets.set(id, [secret, ...(secrets.get(id) ?? [])]),
        ...(options.toleranceMs === undefined ? {} : { toleranceMs: options.toleranceMs }),
        ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
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
      inbox.close();
    },
  };
}

function usableSecrets(
  given: Readonly<Record<string, string | readonly string[]>>,
): Map<string, readonly string[]> {
  return new Map(
    Object.entries(given).map(([id, some]) => {
      const provider = getProvider(id);
      const secrets = [some].flat();
      for (const secret of secrets) assertUsable(provider, secret);
      return [provider.id, secrets];
    }),
  );
}
