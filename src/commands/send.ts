import { monotonicMs } from '../core/clock.ts';
import { HookcliError } from '../core/errors.ts';
import { capturedId } from '../core/ids.ts';
import type { CapturedEvent, Provider } from '../core/types.ts';
import { openPool, openSingle } from '../deliver/attempt.ts';
import { deliver } from '../deliver/deliver.ts';
import { endpointUrl, requestPath } from '../deliver/target.ts';
import { waitForPort } from '../deliver/wait-for-port.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type RunCommand, storeOf } from './context.ts';
import { DEFAULT_LISTENER, destinationOf, listenerOf } from './destination.ts';
import { atRate, inParallel } from './in-parallel.ts';
import { OutcomePrinter, patienceOf, printRequests } from './outcome.ts';
import { knowPrivateProviders } from './private-providers.ts';
import { providerOf, publicUrlOf, secretsOf } from './proof.ts';
import { sendHandshake } from './send-handshake.ts';
import { sequences, volleysOf } from './send-order.ts';
import { readSending, type Turn } from './send-scene.ts';

export const run: RunCommand = async (context) => {
  await knowPrivateProviders(context);
  const { options, args } = context;
  const provider = providerOf(context, args[0] ?? '');
  if (options.flag('handshake')) return sendHandshake(context, provider);
  const name = args[1];
  if (name === undefined) throw noEvent(provider);
  const count = options.integer('count', { min: 1, max: 1_000_000 }) ?? 1;
  const concurrency = options.integer('concurrency', { min: 1, max: 1_000 }) ?? 1;
  const rate = options.integer('rate', { min: 1, max: 10_000 });
  const order = {
    count,
    duplicates: options.integer('duplicate', { min: 1, max: 1_000 }) ?? 0,
    isShuffled: options.flag('shuffle'),
  };
  const publicUrl = publicUrlOf(context);
  const sendingTo = await readSending(context, provider, name);

  const { secrets } = await secretsOf(context, false).find(provider);
  const listener = listenerOf(context);
  const to = options.text('to') ?? listener?.url ?? DEFAULT_LISTENER;
  const destination = destinationOf(to, `/webhook/${provider.id}`, listener);
  const { endpoint } = destination;
  const sending = sendingTo({ url: endpointUrl(endpoint), secrets });
  const { deadlineMs, timeoutMs } = patienceOf(context, provider);

  if (options.flag('dryRun')) {
    const turns = [...sequences(sending, order)].flat(2);
    printRequests(
      context,
      turns.map((turn) => turn.make().request),
    );
    return 0;
  }
  const waitMs = options.duration('wait');
  if (waitMs !== undefined) await waitForPort(endpoint, waitMs);

  const isSole = count * sending.stepCount * (order.duplicates + 1) === 1;
  const store = storeOf(context);
  const transport = await (isSole ? openSingle() : openPool());
  const printer = new OutcomePrinter(context, {
    expect: sending.isSpoiled ? '4xx' : '2xx',
    each: count === 1,
    summary: !isSole,
  });
  const sendOne = async ({ event, make }: Turn, dueMs?: number) => {
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
    const lagMs = dueMs === undefined ? 0 : Math.max(0, monotonicMs() - dueMs);
    const delivery = await deliver(request, signedFor, { transport, cause: 'send', timeoutMs });
    if (!destination.isListener) await store.appendDelivery(captured.id, delivery);
    // Named by an id that `show` finds: the listener gave it one of its own, which we do not know.
    const known = destination.isListener ? (captured.eventId ?? captured.id) : captured.id;
    printer.add({ ...captured, id: known }, delivery, deadlineMs, { lagMs });
  };
  try {
    if (rate !== undefined) {
      await atRate(volleysOf(sequences(sending, order)), rate, async (volley, dueMs) => {
        await Promise.all(volley.map((turn) => sendOne(turn, dueMs)));
      });
    } else {
      await inParallel(sequences(sending, order), concurrency, async (volleys) => {
        // The events of a story come one after the other, as they happened.
        for (const volley of volleys) await Promise.all(volley.map((turn) => sendOne(turn)));
      });
    }
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
