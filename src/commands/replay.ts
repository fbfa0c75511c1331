import { formatDuration } from '../core/clock.ts';
import { EXIT, HookcliError } from '../core/errors.ts';
import { headerValue } from '../core/headers.ts';
import { capturedId, systemRandom } from '../core/ids.ts';
import type { CapturedEvent, Provider, RawRequest, RecordedEvent } from '../core/types.ts';
import { openPool, openSingle } from '../deliver/attempt.ts';
import { deliver } from '../deliver/deliver.ts';
import { knownProvider, resign } from '../deliver/resign.ts';
import { type Endpoint, endpointUrl, requestPath } from '../deliver/target.ts';
import { findProvider } from '../providers/index.ts';
import { publicUrl } from '../schemes/public-url.ts';
import type { SecretFinder } from '../settings/secrets.ts';
import type { Listener } from '../store/listeners.ts';
import { parseQuery } from '../store/query.ts';
import type { Store } from '../store/store.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type CommandContext, note, type RunCommand, storeOf } from './context.ts';
import { type Destination, destinationOf, isLoopback, listenerOf } from './destination.ts';
import { inParallel } from './in-parallel.ts';
import { OutcomePrinter, patienceOf, printRequests } from './outcome.ts';
import { editsOf } from './payload.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf, publicUrlOf, secretsOf } from './proof.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options } = context;
  const store = storeOf(context);
  const events = chosenEvents(context, store);
  const concurrency = options.integer('concurrency', { min: 1, max: 1_000 }) ?? 1;
  const finder = secretsOf(context, true);
  const listener = listenerOf(context);
  // Everything that can be wrong with the request of any of them is found before the first goes out.
  const replays: Replay[] = [];
  for (const event of events) replays.push(await prepareReplay(context, event, finder, listener));

  if (options.flag('dryRun')) {
    const requests = replays.map(({ request, destination: { endpoint } }) => ({
      ...request,
      url: endpointUrl(endpoint),
    }));
    printRequests(context, requests);
    return EXIT.ok;
  }
  const transport = await (replays.length > 1 ? openPool() : openSingle());
  const printer = new OutcomePrinter(context, {
    expect: '2xx',
    each: replays.length === 1,
    summary: replays.length > 1,
  });
  try {
    await inParallel(replays, concurrency, async (replay) => {
      const { event, provider, request, destination } = replay;
      const { deadlineMs, timeoutMs } = patienceOf(context, provider);
      const delivered = await recordReplayed(replay, finder, store);
      const delivery = await deliver(request, destination.endpoint, {
        transport,
        cause: 'replay',
        timeoutMs,
      });
      // What goes to our own listener is recorded there, once.
      if (!destination.isListener) await store.appendDelivery(delivered.id, delivery);
      printer.add(delivered, delivery, deadlineMs);
      if (delivered.id !== event.id) note(context, `  recorded as ${delivered.id}`);
    });
  } finally {
    await Promise.all([transport.close(), store.close()]);
  }
  return printer.finish();
};

/** Those that are named, as they are named; then those of the query, oldest first as they came. */
function chosenEvents({ options, args }: CommandContext, store: Store): RecordedEvent[] {
  const query = options.text('query');
  if (query === undefined && args.length === 0) {
    throw new HookcliError('bad-usage', 'replay needs an event.', {
      hint: 'For example: hookcli replay last, or hookcli replay --query "status:5xx".',
    });
  }
  const named = args.map((name) => store.find(name));
  if (query === undefined) return named;
  const ids = new Set(named.map(({ id }) => id));
  const { matches } = parseQuery(query, { now: new Date() });
  const found: RecordedEvent[] = [];
  for (const event of store.newest()) if (matches(event)) found.push(event);
  if (found.length > 0) return [...named, ...found.filter(({ id }) => !ids.has(id)).reverse()];
  throw new HookcliError('no-match', `No captured event matches: ${query}`, {
    hint: 'See what there is: hookcli list',
    exitCode: EXIT.nothing,
  });
}

interface Replay {
  readonly event: RecordedEvent;
  readonly provider: Provider | undefined;
  readonly request: RawRequest;
  readonly destination: Destination;
}

async function prepareReplay(
  context: CommandContext,
  event: RecordedEvent,
  finder: SecretFinder,
  listener: Listener | undefined,
): Promise<Replay> {
  const { options } = context;
  const destination = chooseDestination(context, event, listener);
  const found = findProvider(event.provider);
  const provider = found && providerOf(context, found.id);
  const edits = editsOf(context);
  const newId = options.flag('newId');
  if (!options.flag('resign') && edits.length === 0 && !newId) {
    warnIfStale(context, event, provider);
    return { event, provider, request: event.request, destination };
  }
  const signer = knownProvider(event, provider);
  const { secrets } = await finder.find(signer);
  const address = addressOf(event, destination);
  const { endpoint } = destination;
  const request = resign(goingTo(event, endpoint), {
    provider: signer,
    secret: secrets[0] ?? '',
    at: new Date(),
    edits,
    publicUrl: publicUrlOf(context).publicUrl ?? address,
    ...(newId ? { newEventId: signer.eventId(systemRandom) } : {}),
  });
  // To sign may have changed the query.
  const path = requestPath(request.url);
  return {
    event,
    provider,
    request,
    destination: { ...destination, endpoint: { ...endpoint, path } },
  };
}

const goingTo = (event: RecordedEvent, endpoint: Endpoint): RecordedEvent => ({
  ...event,
  request: { ...event.request, url: endpointUrl(endpoint) },
});

/** What a handler takes for the URL: what a tunnel or proxy told it, else where it was asked. */
const addressOf = ({ request }: RecordedEvent, { endpoint }: Destination): string =>
  headerValue(request.headers, 'x-forwarded-host') === undefined
    ? endpointUrl(endpoint)
    : publicUrl(request);

function chooseDestination(
  { options }: CommandContext,
  event: RecordedEvent,
  listener: Listener | undefined,
): Destination {
  const path = requestPath(event.request.url);
  const to = options.text('to');
  if (to !== undefined) return destinationOf(to, path, listener);
  // A store may have come from somebody else; only what the user types may lead off this machine.
  const last = event.deliveries.at(-1)?.endpoint;
  if (last !== undefined && isLoopback(new URL(last).origin)) {
    return destinationOf(last, path, listener);
  }
  if (listener !== undefined) return destinationOf(listener.url, path, listener);
  throw new HookcliError('no-target', `Where to deliver ${event.id}?`, {
    hint:
      last === undefined
        ? 'It was never delivered and no listener runs here. Name a target: --to localhost:3000'
        : `It was last delivered to ${last}, which is not on this machine. Name it: --to ${last}`,
  });
}

function warnIfStale(
  context: CommandContext,
  event: CapturedEvent,
  provider: Provider | undefined,
): void {
  const toleranceMs = provider?.schemes[0]?.toleranceMs;
  const ageMs = Date.now() - event.at.getTime();
  if (toleranceMs === undefined || ageMs <= toleranceMs) return;
  note(
    context,
    `note: the captured signature is ${formatDuration(ageMs)} old; a careful handler refuses it after ${formatDuration(toleranceMs)}. For a fresh one: --resign`,
  );
}

/**
 * The event that the delivery belongs to: the captured one when its body goes out as it came, else
 * a new one, so that what was sent can be read again.
 */
async function recordReplayed(
  { event, provider, request, destination }: Replay,
  finder: SecretFinder,
  store: Store,
): Promise<CapturedEvent> {
  if (provider === undefined || Buffer.compare(request.body, event.request.body) === 0)
    return event;
  const at = new Date();
  const { secrets } = await finder.find(provider);
  const sent: CapturedEvent = {
    id: capturedId(at),
    at,
    source: 'sent',
    provider: event.provider,
    ...describeEvent(request, provider),
    verdict: await verifyRequest(request, provider, { secrets, at }),
    request,
  };
  if (!destination.isListener) await store.append(sent);
  return sent;
}
