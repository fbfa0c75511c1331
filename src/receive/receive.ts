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
  VerifyOptions,
} from '../core/types.ts';
import { deliver, lastAttempt } from '../deliver/deliver.ts';
import type { Endpoint } from '../deliver/target.ts';
import type { Transport } from '../deliver/transport.ts';
import type { FoundSecrets } from '../settings/secrets.ts';
import type { Store } from '../store/store.ts';
import { describeEvent } from '../verify/describe-event.ts';
import type { OtherSecrets } from '../verify/explain.ts';
import { verifyRequest } from '../verify/verify.ts';
import { type Answer, plainAnswer } from './answer.ts';
import type { Duplicates } from './duplicates.ts';
import { explained } from './explained.ts';
import {
  answerChallenge,
  type Challenge,
  challengeIn,
  type HandshakeOptions,
  judgeChallenge,
} from './handshake.ts';

export interface ReceiveOptions extends HandshakeOptions {
  readonly store: Pick<Store, 'append' | 'appendDelivery'>;
  readonly identify: (request: RawRequest) => Provider | undefined;
  readonly toleranceMs?: number;
  /** The address the providers know, for schemes that cover it. */
  readonly publicUrl?: string;
  /** Fetches the certificate that a signature names; absent, none is ever fetched. */
  readonly fetchCertificate?: (url: string) => Promise<string>;
  /** All that is configured, to find out what a rejected request was signed with. */
  readonly others?: readonly OtherSecrets[];
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
  const at = new Date();
  const arrival: Arrival = { id: capturedId(at), at };
  const provider = options.identify(request);
  const judged = (secrets?: FoundSecrets) =>
    provider ? judge(request, provider, arrival, options, secrets) : Promise.resolve(UNKNOWN);
  const challenge = challengeIn(request, provider);
  const verdict = await (challenge ? judgeChallenge(challenge, options, judged) : judged());
  const event = capturedEvent(request, provider, arrival, verdict, options.duplicates, challenge);
  const wanted = options.wanted(event);
  const refused = options.reject && verdict.status === 'rejected';
  const endpoints = wanted && !refused ? options.endpointsFor(event) : [];

  // Recording and forwarding start together; the sender is answered when both are done.
  const recording = record(event, options, wanted);
  const { transport, timeoutMs } = options;
  const forwarding = endpoints.map((endpoint) =>
    deliver(request, endpoint, { transport, cause: 'forward', timeoutMs }),
  );
  const unrecorded = await recording;
  const [only] = forwarding;
  // `Promise.all` costs 1 µs an event where there is but one, as there mostly is.
  const deliveries =
    only !== undefined && forwarding.length === 1 ? [await only] : await Promise.all(forwarding);
  for (const delivery of deliveries) await settle(event, delivery, options);

  if (unrecorded !== undefined) return unrecorded;
  const first = deliveries[0];
  if (first !== undefined) return answerOf(first);
  if (challenge) return answerChallenge(challenge, verdict, options, judged);
  return refused ? rejection(verdict) : plainAnswer(200);
}

type Arrival = Pick<CapturedEvent, 'id' | 'at'>;

function capturedEvent(
  request: RawRequest,
  provider: Provider | undefined,
  { id, at }: Arrival,
  verdict: Verdict,
  duplicates: Duplicates,
  challenge: Challenge | undefined,
): CapturedEvent {
  const event: CapturedEvent = {
    id,
    at,
    source: 'received',
    provider: provider?.id ?? 'unknown',
    ...(provider && describeEvent(request, provider)),
    ...(challenge && { handshake: challenge.handshake.id }),
    verdict,
    request,
  };
  const duplicateOf = duplicates.firstOf(event);
  return duplicateOf === undefined ? event : { ...event, duplicateOf };
}

const UNKNOWN: Verdict = {
  status: 'unchecked',
  reason: 'unknown-provider',
  detail: 'Neither the path nor the headers tell which provider sent this.',
  hint: 'Let the sender use /webhook/<provider>, or start with --provider <id>.',
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The verdict on who sent it, with the secrets that are given or else those known. */
async function judge(
  request: RawRequest,
  provider: Provider,
  { id, at }: Arrival,
  { secretsOf, others = [], toleranceMs, publicUrl, fetchCertificate, emit }: ReceiveOptions,
  found?: FoundSecrets,
): Promise<Verdict> {
  try {
    const { secrets, origin } = found ?? (await secretsOf(provider));
    const options: Writable<VerifyOptions> = { secrets, at };
    if (toleranceMs !== undefined) options.toleranceMs = toleranceMs;
    if (publicUrl !== undefined) options.publicUrl = publicUrl;
    if (fetchCertificate !== undefined) options.fetchCertificate = fetchCertificate;
    const verdict = await verifyRequest(request, provider, options);
    if (verdict.status !== 'rejected') return verdict;
    const told = { ...options, others, capturedAs: id };
    return await explained(request, provider, told, withOrigin(verdict, provider, origin));
  } catch (error) {
    // A secret that became unusable while we run is no reason to lose an event.
    if (!(error instanceof HookcliError)) throw error;
    emit(troubleOf(error));
    return { status: 'unchecked', reason: 'no-secret', detail: error.message };
  }
}

/** The verdict; where the secret may be the wrong one, with a word on where it came from. */
function withOrigin(verdict: Verdict, { id, secret }: Provider, origin: string): Verdict {
  if (verdict.status !== 'rejected' || verdict.reason !== 'mismatch') return verdict;
  const hint = verdict.hint === undefined ? '' : `${verdict.hint} `;
  return {
    ...verdict,
    hint: `${hint}Compared with ${origin === 'the generated secret' ? origin : `the secret from ${origin}`}. Give the sender's with --secret ${id}=… or ${secret.env[0]}.`,
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
