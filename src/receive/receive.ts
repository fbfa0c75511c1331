import { HookcliError } from '../core/errors.ts';
import { endToEnd } from '../core/headers.ts';
import { capturedId } from '../core/ids.ts';
import type {
  CapturedEvent,
  Delivery,
  Provider,
  RawRequest,
  Sink,
  Verdict,
} from '../core/types.ts';
import { deliver, lastAttempt } from '../deliver/deliver.ts';
import type { Endpoint } from '../deliver/target.ts';
import type { Transport } from '../deliver/transport.ts';
import type { FoundSecrets } from '../settings/secrets.ts';
import type { Store } from '../store/store.ts';
import { describeEvent } from '../verify/describe-event.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type Answer, plainAnswer } from './answer.ts';
import type { Duplicates } from './duplicates.ts';

export interface ReceiveOptions {
  readonly store: Pick<Store, 'append' | 'appendDelivery'>;
  readonly identify: (request: RawRequest) => Provider | undefined;
  readonly secretsOf: (provider: Provider) => Promise<FoundSecrets>;
  readonly toleranceMs?: number;
  readonly duplicates: Duplicates;
  /** False for an event that is to be recorded, but neither shown nor forwarded. */
  readonly wanted: (event: CapturedEvent) => boolean;
  readonly endpointsFor: (event: CapturedEvent) => readonly Endpoint[];
  readonly transport: Transport;
  readonly timeoutMs: number;
  /** Answer 401 to a rejected signature and do not forward it. */
  readonly reject: boolean;
  readonly emit: Sink;
}

/** The pipe in: identify, verify, record, forward, answer. */
export async function receive(request: RawRequest, options: ReceiveOptions): Promise<Answer> {
  const event = await examine(request, options);
  const wanted = options.wanted(event);
  const refused = options.reject && event.verdict.status === 'rejected';
  const endpoints = wanted && !refused ? options.endpointsFor(event) : [];

  // Recording and forwarding start together; the sender is answered when both are done.
  const recording = record(event, options, wanted);
  const forwarding = forward(event, endpoints, options);
  const unrecorded = await recording;
  const deliveries = await forwarding;
  await eachAtOnce(deliveries, (delivery) => settle(event, delivery, options));

  if (unrecorded !== undefined) return unrecorded;
  if (refused) return rejection(event.verdict);
  const first = deliveries[0];
  return first === undefined ? plainAnswer(200) : answerOf(first);
}

async function examine(request: RawRequest, options: ReceiveOptions): Promise<CapturedEvent> {
  const at = new Date();
  const provider = options.identify(request);
  const event: CapturedEvent = {
    id: capturedId(at),
    at,
    source: 'received',
    provider: provider?.id ?? 'unknown',
    ...(provider && describeEvent(request, provider)),
    verdict: await judgeOrigin(request, provider, at, options),
    request,
  };
  const duplicateOf = options.duplicates.firstOf(event);
  return duplicateOf === undefined ? event : { ...event, duplicateOf };
}

async function judgeOrigin(
  request: RawRequest,
  provider: Provider | undefined,
  at: Date,
  options: ReceiveOptions,
): Promise<Verdict> {
  if (provider === undefined) {
    return {
      status: 'unchecked',
      reason: 'unknown-provider',
      detail: 'Neither the path nor the headers tell which provider sent this.',
      hint: 'Let the sender use /webhook/<provider>, or start with --provider <id>.',
    };
  }
  try {
    return await verifyWith(await options.secretsOf(provider), request, provider, at, options);
  } catch (error) {
    // A secret that became unusable while we run is no reason to lose an event.
    if (!(error instanceof HookcliError)) throw error;
    options.emit(troubleOf(error));
    return { status: 'unchecked', reason: 'no-secret', detail: error.message };
  }
}

async function verifyWith(
  { secrets, origin }: FoundSecrets,
  request: RawRequest,
  provider: Provider,
  at: Date,
  { toleranceMs }: ReceiveOptions,
): Promise<Verdict> {
  const verdict = await verifyRequest(request, provider, {
    secrets,
    at,
    ...(toleranceMs === undefined ? {} : { toleranceMs }),
  });
  if (verdict.status !== 'rejected' || verdict.reason !== 'mismatch' || verdict.hint)
    return verdict;
  return {
    ...verdict,
    hint: `Compared with ${origin === 'the generated secret' ? origin : `the secret from ${origin}`}. Give the sender's with --secret ${provider.id}=… or ${provider.secret.env[0]}.`,
  };
}

/** The answer to give when the event could not be recorded, else undefined. */
async function record(
  event: CapturedEvent,
  { store, emit, duplicates }: ReceiveOptions,
  wanted: boolean,
): Promise<Answer | undefined> {
  let unrecorded: Answer | undefined;
  try {
    await store.append(event);
  } catch (error) {
    duplicates.forget(event);
    if (!(error instanceof HookcliError)) throw error;
    emit(troubleOf(error));
    // Never a 2xx for what is not kept: the sender shall come again.
    unrecorded = plainAnswer(507, `hookcli could not record this event: ${error.message}`);
  }
  if (wanted) emit({ kind: 'event', event });
  return unrecorded;
}

function forward(
  event: CapturedEvent,
  endpoints: readonly Endpoint[],
  { transport, timeoutMs }: ReceiveOptions,
): Promise<Delivery[]> {
  const settings = { transport, cause: 'forward', timeoutMs } as const;
  return eachAtOnce(endpoints, (endpoint) => deliver(event.request, endpoint, settings));
}

/** As `Promise.all` over `map`, which costs 2 µs an event where there is but one, as there mostly is. */
async function eachAtOnce<From, To>(
  items: readonly From[],
  run: (item: From) => Promise<To>,
): Promise<To[]> {
  const [only] = items;
  if (only === undefined) return [];
  return items.length === 1 ? [await run(only)] : Promise.all(items.map(run));
}

async function settle(
  event: CapturedEvent,
  delivery: Delivery,
  { store, emit }: ReceiveOptions,
): Promise<void> {
  try {
    await store.appendDelivery(event.id, delivery);
  } catch (error) {
    if (!(error instanceof HookcliError)) throw error;
    emit(troubleOf(error));
  }
  emit({ kind: 'delivery', event, delivery });
}

const troubleOf = ({ code, message, hint }: HookcliError) => ({
  kind: 'trouble' as const,
  code,
  message,
  ...(hint === undefined ? {} : { hint }),
});

function rejection(verdict: Verdict): Answer {
  return plainAnswer(401, `Signature rejected: ${verdict.detail ?? verdict.status}`);
}

/** The handler's own answer, or what became of it. */
function answerOf(delivery: Delivery): Answer {
  const { outcome } = lastAttempt(delivery);
  if (outcome.kind === 'answered') {
    const { status, headers, body } = outcome;
    if (status >= 200 && status <= 999) return { status, headers: endToEnd(headers), body };
    return plainAnswer(502, `${delivery.endpoint} answered with status ${status}.`);
  }
  const status = outcome.failure === 'timeout' ? 504 : 502;
  return plainAnswer(status, `${delivery.endpoint}: ${outcome.failure}. ${outcome.message}`);
}
