import { EXIT, HookcliError } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import { LIMITS } from '../core/limits.ts';
import type { CapturedEvent, Provider, RawRequest, Sink } from '../core/types.ts';
import { openPool } from '../deliver/attempt.ts';
import { parseTarget, targetUrl } from '../deliver/target.ts';
import { findProvider, providers } from '../providers/index.ts';
import { Duplicates } from '../receive/duplicates.ts';
import { receive } from '../receive/receive.ts';
import { endpointsFor, parseRoute } from '../receive/routes.ts';
import { startServer } from '../receive/server.ts';
import type { SecretFinder } from '../settings/secrets.ts';
import { jsonSink } from '../sinks/json.ts';
import { prettySink } from '../sinks/pretty.ts';
import { announceListener } from '../store/listeners.ts';
import { parseQuery } from '../store/query.ts';
import { identify } from '../verify/identify.ts';
import { type CommandContext, note, type RunCommand, storeOf } from './context.ts';
import { startKeys } from './listen-keys.ts';
import { providerOf, secretsOf } from './proof.ts';
import { startCommand } from './start-command.ts';
import { Stop } from './stop.ts';

export const run: RunCommand = async (context) => {
  const { options } = context;
  const targets = [...context.args, ...options.list('forward')].map(parseTarget);
  const routes = options.list('route').map(parseRoute);
  const wanted = wantedBy(context);
  const after = options.integer('exitAfter', { min: 1, max: 1_000_000_000 });
  const within = options.duration('within');
  if (within !== undefined && after === undefined) {
    throw new HookcliError('bad-usage', '--within goes with --exit-after.', {
      hint: 'For example: hookcli listen --exit-after 1 --within 30s',
    });
  }
  const port = options.integer('port', { min: 0, max: 65_535 }) ?? 4400;
  const host = options.text('host') ?? '127.0.0.1';
  const toleranceMs = options.duration('tolerance');
  const finder = secretsOf(context, true);
  // A secret that cannot work is said now, not when the first event comes.
  for (const provider of providers) finder.findKnown(providerOf(context, provider.id));

  const stop = new Stop();
  const store = storeOf(context, { durable: options.flag('durable') });
  const duplicates = new Duplicates(store.newest());
  const transport = await openPool();
  const sink = sinkOf(context);
  const count = countdown(after, stop);
  const emit: Sink = (happening) => {
    sink(happening);
    if (happening.kind === 'delivery' || happening.kind === 'event') count(happening);
  };
  const server = await startServer({
    port,
    host,
    maxBodyBytes: options.size('maxBody') ?? LIMITS.bodyBytes,
    onTrouble: (error) => emit(troubleOf(error)),
    handle: (request) =>
      receive(request, {
        store,
        identify: identifier(context),
        secretsOf: (provider) => finder.find(provider),
        ...(toleranceMs === undefined ? {} : { toleranceMs }),
        duplicates,
        wanted,
        endpointsFor: (event) => endpointsFor(event, routes, targets),
        transport,
        timeoutMs: options.duration('timeout') ?? LIMITS.forwardTimeoutMs,
        reject: options.flag('reject'),
        emit,
      }),
  });
  let unannounce = () => {};
  const ends: (() => unknown)[] = [];
  try {
    unannounce = await announceListener(store.dir, { url: server.url, pid: process.pid });
    process.once('exit', unannounce);
    if (host !== '127.0.0.1' && host !== 'localhost' && host !== '::1') {
      note(context, `warning: ${host} can be reached from other machines.`);
    }
    emit({
      kind: 'listening',
      url: server.url,
      forward: [...routes.map(({ target }) => target), ...targets].map(targetUrl),
    });
    if (within !== undefined) ends.push(stop.after(within, EXIT.undecided));
    ends.push(stop.onSignals());
    if (context.rest.length > 0) {
      ends.push(await startCommand(context, server.url, await secretVariables(finder), stop));
    } else {
      ends.push(startKeys(context, store, server.url, stop));
    }
    const code = await stop.asked;
    if (code === EXIT.undecided) note(context, `Gave up after ${options.text('within')}.`);
    return code;
  } finally {
    for (const end of ends) await end?.();
    await server.close();
    unannounce();
    await Promise.all([transport.close(), store.close()]);
  }
};

/** Which events are shown and forwarded: `--events` and `--filter`; all are recorded. */
function wantedBy({ options }: CommandContext): (event: CapturedEvent) => boolean {
  const globs = options
    .list('events')
    .flatMap((text) => text.split(','))
    .map((text) => globMatcher(text.trim()));
  const filter = options.text('filter');
  const query = filter === undefined ? undefined : parseQuery(filter, { now: new Date() });
  return (event) =>
    (globs.length === 0 || globs.some((matches) => matches(event.type ?? ''))) &&
    (query === undefined || query.matches({ ...event, deliveries: [] }));
}

function identifier(context: CommandContext): (request: RawRequest) => Provider | undefined {
  const id = context.options.text('provider');
  const byDefault = id === undefined ? undefined : providerOf(context, id);
  const generic = providerOf(context, 'generic');
  return (request) => {
    const provider = identify(request) ?? byDefault;
    return provider?.id === 'generic' ? generic : provider;
  };
}

function sinkOf(context: CommandContext): Sink {
  const { options, stdout } = context;
  const write = (text: string) => stdout.write(text);
  if (options.flag('json')) return jsonSink({ write });
  return prettySink({
    write,
    theme: context.theme,
    deadlineOf: (id) => findProvider(id)?.deadlineMs,
  });
}

/** Asks to stop when enough verified events have been dealt with. */
function countdown(after: number | undefined, stop: Stop) {
  const counted = new Set<string>();
  return ({ event }: { readonly event: CapturedEvent }): void => {
    if (after === undefined || event.verdict.status !== 'verified') return;
    counted.add(event.id);
    // The server finishes what is in flight, so the answer of this one still gets out.
    if (counted.size >= after) stop.ask(EXIT.ok);
  };
}

function troubleOf(error: unknown) {
  const known = error instanceof HookcliError;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'trouble' as const, code: known ? error.code : 'bug', message };
}

/** The secrets under the names a handler looks for. */
async function secretVariables(finder: SecretFinder): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const provider of providers) {
    const [secret] = (await finder.find(provider)).secrets;
    const [name] = provider.secret.env;
    if (secret !== undefined && name !== undefined) variables[name] = secret;
  }
  return variables;
}
