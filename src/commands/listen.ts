import { EXIT, HookcliError } from '../core/errors.ts';
import { LIMITS } from '../core/limits.ts';
import type { Happening, Provider, RawRequest, Sink } from '../core/types.ts';
import { openPool } from '../deliver/attempt.ts';
import { certificateFetcher } from '../deliver/fetch-certificate.ts';
import { parseTarget, targetUrl } from '../deliver/target.ts';
import { findProvider, providers } from '../providers/index.ts';
import { handlerVariables } from '../providers/secret.ts';
import { Duplicates } from '../receive/duplicates.ts';
import { withOwnAnswer } from '../receive/own-answer.ts';
import { type ReceiveOptions, receive } from '../receive/receive.ts';
import { endpointsFor, parseRoute } from '../receive/routes.ts';
import { startServer } from '../receive/server.ts';
import type { SecretFinder } from '../settings/secrets.ts';
import { type Batches, inBatches } from '../sinks/in-batches.ts';
import { jsonSink } from '../sinks/json.ts';
import { prettySink } from '../sinks/pretty.ts';
import { announceListener } from '../store/listeners.ts';
import type { OtherSecrets } from '../verify/explain.ts';
import { identify } from '../verify/identify.ts';
import { type CommandContext, note, type RunCommand, storeOf } from './context.ts';
import { isLoopback } from './destination.ts';
import { View, wantedBy } from './listen-filter.ts';
import { startKeys } from './listen-keys.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf, publicUrlOf, secretsOf } from './proof.ts';
import { startCommand } from './start-command.ts';
import { countdown, Stop } from './stop.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options } = context;
  const targets = [...context.args, ...options.list('forward')].map(parseTarget);
  const routes = options.list('route').map(parseRoute);
  const after = options.integer('exitAfter', { min: 1, max: 1_000_000_000 });
  const within = options.duration('within');
  if (within !== undefined && after === undefined) {
    throw new HookcliError('bad-usage', '--within goes with --exit-after.', {
      hint: 'For example: hookcli listen --exit-after 1 --within 30s',
    });
  }
  const finder = secretsOf(context, true);
  // A secret that cannot work is said now, not when the first event comes.
  const others = providers.flatMap(({ id }): OtherSecrets[] => {
    const provider = providerOf(context, id);
    const found = finder.findKnown(provider);
    return found === undefined ? [] : [{ provider, secrets: found.secrets }];
  });

  const stop = new Stop();
  const lines = inBatches((text) => context.stdout.write(text));
  const view = new View(sinkOf(context, lines));
  const emit = countdown(after, stop, view.sink);
  const store = storeOf(context, { durable: options.flag('durable') });
  const transport = await openPool();
  const toleranceMs = options.duration('tolerance');
  const pipe: ReceiveOptions = {
    store,
    identify: identifier(context),
    secretsOf: (provider) => finder.find(provider),
    keepSecret: (provider, secret) => finder.keep(provider, secret),
    others,
    ...(toleranceMs === undefined ? {} : { toleranceMs }),
    ...publicUrlOf(context),
    ...(options.flag('fetchCert') ? { fetchCertificate: certificateFetcher(transport) } : {}),
    duplicates: new Duplicates(store.newest()),
    wanted: wantedBy(context),
    endpointsFor: (event) => endpointsFor(event, routes, targets),
    transport,
    timeoutMs: options.duration('timeout') ?? LIMITS.forwardTimeoutMs,
    reject: options.flag('reject'),
    emit,
  };
  const server = await startServer({
    port: options.integer('port', { min: 0, max: 65_535 }) ?? 4400,
    host: options.text('host') ?? '127.0.0.1',
    maxBodyBytes: options.size('maxBody') ?? LIMITS.bodyBytes,
    onTrouble: (error) => emit(troubleOf(error)),
    handle: withOwnAnswer((request) => receive(request, pipe), {
      status: options.integer('respond', { min: 200, max: 599 }),
      delayMs: options.duration('respondDelay'),
    }),
  });
  const endings: (() => unknown)[] = [() => transport.close(), () => store.close()];
  try {
    // Before anybody is told that we are here: who is told may end us at once.
    stop.onSignals();
    const unannounce = await announceListener(store.dir, { url: server.url, pid: process.pid });
    process.once('exit', unannounce);
    endings.unshift(unannounce);
    if (!isLoopback(server.url)) {
      note(context, `warning: ${server.url} can be reached from other machines.`);
    }
    const forward = [...routes.map(({ target }) => target), ...targets].map(targetUrl);
    emit({ kind: 'listening', url: server.url, forward });
    lines.flush();
    if (within !== undefined) endings.unshift(stop.after(within, EXIT.undecided));
    if (context.rest.length > 0) {
      const variables = await secretVariables(finder);
      endings.unshift(await startCommand(context, server.url, variables, stop));
    } else {
      endings.unshift(startKeys(context, { store, url: server.url, stop, view }));
    }
    const code = await stop.asked;
    if (code === EXIT.undecided) note(context, `Gave up after ${options.text('within')}.`);
    return code;
  } finally {
    // What is in flight finishes first, while the command behind `--` can still answer it.
    await server.close();
    for (const end of endings) await end();
    lines.flush();
  }
};

function identifier(context: CommandContext): (request: RawRequest) => Provider | undefined {
  const id = context.options.text('provider');
  const byDefault = id === undefined ? undefined : providerOf(context, id);
  const generic = providerOf(context, 'generic');
  return (request) => {
    const provider = identify(request) ?? byDefault;
    return provider?.id === 'generic' ? generic : provider;
  };
}

function sinkOf({ options, theme }: CommandContext, { write }: Batches): Sink {
  if (options.flag('json')) return jsonSink({ write });
  return prettySink({ write, theme, deadlineOf: (id) => findProvider(id)?.deadlineMs });
}

function troubleOf(error: unknown): Happening {
  const code = error instanceof HookcliError ? error.code : 'bug';
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'trouble', code, message };
}

/** The secrets under the names a handler looks for. */
async function secretVariables(finder: SecretFinder): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const provider of providers) {
    const [secret] = (await finder.find(provider)).secrets;
    if (secret !== undefined) Object.assign(variables, handlerVariables(provider, secret));
  }
  return variables;
}
