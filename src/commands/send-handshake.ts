import { EXIT, HookcliError } from '../core/errors.ts';
import { capturedId, seededRandom, systemRandom } from '../core/ids.ts';
import { nearest } from '../core/nearest.ts';
import type {
  CapturedEvent,
  Handshake,
  Outcome,
  Provider,
  RawRequest,
  Verdict,
} from '../core/types.ts';
import { openSingle } from '../deliver/attempt.ts';
import { composeChallenge } from '../deliver/challenge.ts';
import { deliver, lastAttempt } from '../deliver/deliver.ts';
import { endpointUrl, requestPath } from '../deliver/target.ts';
import { waitForPort } from '../deliver/wait-for-port.ts';
import { answerFault, statusFault } from '../handshakes/fault.ts';
import { providers } from '../providers/index.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type CommandContext, storeOf } from './context.ts';
import { DEFAULT_LISTENER, destinationOf, listenerOf } from './destination.ts';
import { OutcomePrinter, type OwnExpectation, patienceOf, printRequests } from './outcome.ts';
import { headersOf } from './payload.ts';
import { publicUrlOf, secretsOf } from './proof.ts';

/** Plays the provider's side of a handshake and judges the handler's answer: `send --handshake`. */
export async function sendHandshake(context: CommandContext, provider: Provider): Promise<number> {
  const { options } = context;
  const handshake = chosenHandshake(context, provider);
  refuseOptions(context);
  const { secrets } = await secretsOf(context, false).find(provider);
  const listener = listenerOf(context);
  const to = options.text('to') ?? listener?.url ?? DEFAULT_LISTENER;
  const destination = destinationOf(to, `/webhook/${provider.id}`, listener);
  const { endpoint } = destination;
  const challenges = composeAll(context, provider, handshake, secrets, endpointUrl(endpoint));
  if (options.flag('dryRun')) {
    printRequests(
      context,
      challenges.map(({ request }) => request),
    );
    return EXIT.ok;
  }
  const waitMs = options.duration('wait');
  if (waitMs !== undefined) await waitForPort(endpoint, waitMs);

  const { deadlineMs, timeoutMs } = patienceOf(context, provider);
  const store = storeOf(context);
  const transport = await openSingle();
  const printer = new OutcomePrinter(context, { expect: '2xx', each: true, summary: false });
  try {
    for (const challenge of challenges) {
      const { request } = challenge;
      const event = await challengeEvent(context, provider, handshake, secrets, request);
      // What goes to our own listener is recorded there, once.
      if (!destination.isListener) await store.append(event);
      const at = { ...endpoint, path: requestPath(request.url) };
      const tried = await deliver(request, at, { transport, cause: 'send', timeoutMs });
      // The query holds the challenge, and for some a secret.
      const delivery = { ...tried, endpoint: endpointUrl(endpoint) };
      if (!destination.isListener) await store.appendDelivery(event.id, delivery);
      const { outcome } = lastAttempt(delivery);
      printer.add(event, delivery, deadlineMs, {
        own: expectation(challenge, handshake, secrets, outcome),
      });
      if (outcome.kind === 'failed') break;
    }
  } finally {
    await Promise.all([transport.close(), store.close()]);
  }
  return printer.finish();
}

interface Challenge {
  readonly request: RawRequest;
  /** The status by which a false signature is to be refused. */
  readonly refusal?: number;
}

function composeAll(
  context: CommandContext,
  provider: Provider,
  handshake: Handshake,
  secrets: readonly string[],
  url: string,
): Challenge[] {
  const { options } = context;
  const seed = options.integer('seed', { min: 0, max: Number.MAX_SAFE_INTEGER });
  const composing = {
    provider,
    handshake,
    url,
    secret: secrets[0] ?? '',
    random: seed === undefined ? systemRandom : seededRandom(String(seed)),
    at: options.instant('at', new Date()) ?? new Date(),
    headers: headersOf(context),
    ...publicUrlOf(context),
  };
  const genuine = { request: composeChallenge(composing) };
  const { refusal } = handshake;
  if (refusal === undefined) return [genuine];
  return [genuine, { request: composeChallenge({ ...composing, isForged: true }), refusal }];
}

async function challengeEvent(
  context: CommandContext,
  provider: Provider,
  handshake: Handshake,
  secrets: readonly string[],
  request: RawRequest,
): Promise<CapturedEvent> {
  const at = new Date();
  const unsigned: Verdict = {
    status: 'unchecked',
    reason: 'handshake',
    detail: `${provider.title} does not sign the handshake ${handshake.id}.`,
  };
  return {
    id: capturedId(at),
    at,
    source: 'sent',
    provider: provider.id,
    ...describeEvent(request, provider),
    handshake: handshake.id,
    verdict: handshake.isSigned
      ? await verifyRequest(request, provider, { secrets, at, ...publicUrlOf(context) })
      : unsigned,
    request,
  };
}

function expectation(
  { request, refusal }: Challenge,
  handshake: Handshake,
  secrets: readonly string[],
  outcome: Outcome,
): OwnExpectation {
  const expected = refusal ?? handshake.answer(request, secrets).status;
  if (outcome.kind === 'failed') return { expected };
  const given = { ...outcome, body: Buffer.from(outcome.body).toString('utf8') };
  const fault =
    refusal === undefined
      ? answerFault(handshake, given, request, secrets)
      : statusFault(given, refusal);
  return fault === undefined ? { expected } : { expected, fault };
}

/** The handshake that is named where an event would be, else the provider's first. */
function chosenHandshake({ args }: CommandContext, provider: Provider): Handshake {
  const { id, title, handshakes = [] } = provider;
  const [first] = handshakes;
  if (first === undefined) {
    const others = providers.flatMap((one) => (one.handshakes === undefined ? [] : [one.id]));
    throw new HookcliError('no-handshake', `${title} begins with no handshake.`, {
      hint: `Those that do: ${others.join(', ')}.`,
    });
  }
  const name = args[1];
  if (name === undefined) return first;
  const found = handshakes.find((one) => one.id === name);
  if (found !== undefined) return found;
  const ids = handshakes.map((one) => one.id);
  const [guess] = nearest(name, ids);
  throw new HookcliError('unknown-handshake', `${title} has no handshake "${name}".`, {
    hint: `${guess === undefined ? '' : `Did you mean "${guess}"? `}Possible: ${ids.join(', ')}. For the first: hookcli send ${id} --handshake`,
  });
}

/** A challenge is the provider's own, and so is what it expects. */
function refuseOptions({ options }: CommandContext): void {
  for (const name of ['data', 'set', 'unset', 'form', 'spoil', 'expect']) {
    if (!options.isSet(name)) continue;
    throw new HookcliError('bad-usage', `--${name} does not go with --handshake.`, {
      hint: 'The challenge is made by hookcli, and its answer judged as the provider would.',
    });
  }
}
