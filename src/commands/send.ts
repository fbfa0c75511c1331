import { HookcliError } from '../core/errors.ts';
import { capturedId, seededRandom, systemRandom } from '../core/ids.ts';
import type { CapturedEvent, Provider, Random } from '../core/types.ts';
import { openPool, openSingle } from '../deliver/attempt.ts';
import { deliver } from '../deliver/deliver.ts';
import { type Prepared, prepare } from '../deliver/prepare.ts';
import { parseSpoil } from '../deliver/spoil.ts';
import { endpointUrl, requestPath } from '../deliver/target.ts';
import { waitForPort } from '../deliver/wait-for-port.ts';
import { readFixture } from '../fixtures/read.ts';
import { providers } from '../providers/index.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type RunCommand, storeOf } from './context.ts';
import { DEFAULT_LISTENER, destinationOf, listenerOf } from './destination.ts';
import { inParallel } from './in-parallel.ts';
import { OutcomePrinter, patienceOf, printRequests } from './outcome.ts';
import { dataOf, editsOf, headersOf, methodOf } from './payload.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf, publicUrlOf, secretsOf } from './proof.ts';
import { sendHandshake } from './send-handshake.ts';

// Seeded bodies are dated here, since they are to be the same whenever they are made.
const SEEDED_TIME = new Date('2026-01-01T00:00:00Z');

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, args } = context;
  const provider = providerOf(context, args[0] ?? '');
  if (options.flag('handshake')) return sendHandshake(context, provider);
  const event = args[1];
  if (event === undefined) throw noEvent(provider);
  const spoilText = options.text('spoil');
  const spoil = spoilText === undefined ? undefined : parseSpoil(spoilText);
  const count = options.integer('count', { min: 1, max: 1_000_000 }) ?? 1;
  const concurrency = options.integer('concurrency', { min: 1, max: 1_000 }) ?? 1;
  const method = methodOf(context);
  const publicUrl = publicUrlOf(context);
  const headers = headersOf(context);
  const edits = editsOf(context);
  if (options.flag('form') && !provider.form) {
    throw new HookcliError('bad-option', `--form: ${provider.title} sends no forms.`, {
      hint: `It can go with: ${providers.flatMap(({ id, form }) => (form ? [id] : [])).join(', ')}.`,
    });
  }
  const otherType = headers.some(
    ([name, value]) => /^content-type$/i.test(name) && !/json/i.test(value),
  );
  const data = await dataOf(context, otherType);
  const content = data === undefined ? readFixture(provider.id, event) : { bytes: data };

  const finder = secretsOf(context, false);
  const { secrets } = await finder.find(provider);
  const listener = listenerOf(context);
  const to = options.text('to') ?? listener?.url ?? DEFAULT_LISTENER;
  const destination = destinationOf(to, `/webhook/${provider.id}`, listener);
  const { endpoint } = destination;

  const now = new Date();
  const at = options.instant('at', now);
  const seed = options.integer('seed', { min: 0, max: Number.MAX_SAFE_INTEGER });
  const random: Random = seed === undefined ? systemRandom : seededRandom(String(seed));
  const eventId = options.text('id');
  const make = (): Prepared =>
    prepare({
      provider,
      event,
      content,
      edits,
      headers,
      method,
      url: endpointUrl(endpoint),
      form: options.flag('form'),
      random,
      at: at ?? (seed === undefined ? new Date() : SEEDED_TIME),
      signedAt: at ?? new Date(),
      ...publicUrl,
      secret: secrets[0] ?? '',
      moreSecrets: secrets.slice(1),
      ...(eventId === undefined ? {} : { eventId }),
      ...(spoil === undefined ? {} : { spoil }),
    });

  const { deadlineMs, timeoutMs } = patienceOf(context, provider);

  if (options.flag('dryRun')) {
    printRequests(
      context,
      Array.from({ length: count }, () => make().request),
    );
    return 0;
  }
  const waitMs = options.duration('wait');
  if (waitMs !== undefined) await waitForPort(endpoint, waitMs);

  const store = storeOf(context);
  const transport = await (count > 1 ? openPool() : openSingle());
  const printer = new OutcomePrinter(context, {
    expect: spoil === undefined ? '2xx' : '4xx',
    several: count > 1,
  });
  try {
    await inParallel(Array(count).keys(), concurrency, async () => {
      const { request } = make();
      const captured: CapturedEvent = {
        id: capturedId(new Date()),
        at: new Date(),
        source: 'sent',
        provider: provider.id,
        type: event,
        ...describeEvent(request, provider),
        verdict: await verifyRequest(request, provider, { secrets, at: new Date(), ...publicUrl }),
        request,
      };
      // What goes to our own listener is recorded there, once.
      if (!destination.isListener) await store.append(captured);
      // To sign may have added to the query.
      const signedFor = { ...endpoint, path: requestPath(request.url) };
      const delivery = await deliver(request, signedFor, { transport, cause: 'send', timeoutMs });
      if (!destination.isListener) await store.appendDelivery(captured.id, delivery);
      // Named by an id that `show` finds: the listener gave it one of its own, which we do not know.
      const known = destination.isListener ? (captured.eventId ?? captured.id) : captured.id;
      printer.add({ ...captured, id: known }, delivery, deadlineMs);
    });
  } finally {
    await Promise.all([transport.close(), store.close()]);
  }
  return printer.finish();
};

function noEvent({ id, title, handshakes }: Provider): HookcliError {
  const begin = handshakes === undefined ? '' : ` Its handshake: hookcli send ${id} --handshake`;
  return new HookcliError('bad-usage', `Which event of ${title} is to be sent?`, {
    hint: `See what there is: hookcli fixtures ${id}.${begin}`,
  });
}
