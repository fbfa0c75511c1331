/** The library: what the command line does, for tests and scripts. */
import { EXIT, HookcliError } from './core/errors.ts';
import { systemRandom } from './core/ids.ts';
import { LIMITS } from './core/limits.ts';
import type { Delivery, Header, RawRequest, Verdict } from './core/types.ts';
import { openSingle } from './deliver/attempt.ts';
import { deliver } from './deliver/deliver.ts';
import { prepare } from './deliver/prepare.ts';
import { endpointOf, endpointUrl, parseTarget, requestPath } from './deliver/target.ts';
import { readFixture } from './fixtures/read.ts';
import { getProvider } from './providers/index.ts';
import { explainVerdict } from './verify/explain.ts';
import { identify as identifyRequest } from './verify/identify.ts';
import { signRequest } from './verify/sign.ts';
import { verifyRequest } from './verify/verify.ts';

// For a provider of your own: module and `providers` of hookcli.config.json, or registerProvider().
export { inForm, inHeader, inJson, inQuery } from './core/place.ts';
export type {
  Attempt,
  CapturedEvent,
  Delivery,
  Header,
  Outcome,
  Provider,
  RawRequest,
  Scheme,
  Verdict,
} from './core/types.ts';
export { defineProvider } from './providers/define-provider.ts';
export { providers, registerProvider } from './providers/index.ts';
export type { NextOptions, ReceivedEvent } from './receive/inbox.ts';
export { type Receiver, type ReceiverOptions, startReceiver } from './receive/start-receiver.ts';
export { hmac } from './schemes/hmac.ts';
export { sharedToken } from './schemes/shared-token.ts';
export { timestampedHmac } from './schemes/timestamped-hmac.ts';
export { EXIT, HookcliError };

/**
 * A request as programs have it: headers as a record, as pairs or as the `Headers` of fetch, the body
 * as text or bytes.
 */
export interface RequestLike {
  /** `POST` by default. */
  readonly method?: string | undefined;
  /** Path or absolute URL; schemes that cover the URL need the public one. */
  readonly url?: string | undefined;
  readonly headers?:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | Iterable<Header>
    | undefined;
  /** The raw bytes as they came; text counts as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
}

function rawRequest({
  method = 'POST',
  url = '/',
  headers = {},
  body = '',
}: RequestLike): RawRequest {
  const pairs = isIterable(headers)
    ? [...headers]
    : Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [value].flat().map((one): Header => [name, one]),
      );
  return { method, url, headers: pairs, body: typeof body === 'string' ? Buffer.from(body) : body };
}

const isIterable = (headers: object): headers is Iterable<Header> => Symbol.iterator in headers;

export interface VerifyInput {
  /** A provider's id. */
  readonly provider: string;
  readonly request: RequestLike;
  /** Tried in turn; `publicKey`, `signingKey` and `secondarySecret` count among them. */
  readonly secrets?: readonly string[];
  /** For schemes with a key pair. */
  readonly publicKey?: string;
  /** The private key of such a pair. */
  readonly signingKey?: string;
  /** The second secret of providers that give out two at a time. */
  readonly secondarySecret?: string;
  /** PEM of the certificate the proof was made with, for PayPal. */
  readonly certificate?: string;
  /** The address the provider knows, for schemes that cover it: an origin, or the whole URL. */
  readonly publicUrl?: string;
  /** The verifier's clock; now by default. */
  readonly at?: Date;
  /** How old a signed timestamp may be, in milliseconds. */
  readonly toleranceMs?: number;
}

/**
 * Judges whether a request comes from the provider. A bad signature is a verdict, not an exception;
 * its detail and hint tell the cause where it can be found.
 *
 * @throws HookcliError `unknown-provider` or `unusable-secret`
 */
export async function verify(input: VerifyInput): Promise<Verdict> {
  const { secrets = [], publicKey, signingKey, secondarySecret } = input;
  const { certificate, publicUrl, toleranceMs } = input;
  const more = [publicKey, signingKey, secondarySecret].filter((key) => key !== undefined);
  const request = rawRequest(input.request);
  const provider = getProvider(input.provider);
  const options = {
    secrets: [...secrets, ...more],
    at: input.at ?? new Date(),
    ...(toleranceMs === undefined ? {} : { toleranceMs }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  };
  const verdict = await verifyRequest(request, provider, options);
  return explainVerdict(request, provider, options, verdict);
}

export interface SignInput {
  /** A provider's id. */
  readonly provider: string;
  readonly request: RequestLike;
  readonly secret: string;
  /** A fresh one in the provider's format by default. */
  readonly eventId?: string;
  /** The time of the signature; now by default. */
  readonly at?: Date;
  /** As in `VerifyInput`; the request's own URL by default. */
  readonly publicUrl?: string;
}

/**
 * The request with the headers by which the provider proves that it is its own.
 *
 * @throws HookcliError `unknown-provider` or `unusable-secret`
 */
export function sign(input: SignInput): RawRequest {
  const provider = getProvider(input.provider);
  return signRequest(rawRequest(input.request), provider, {
    secret: input.secret,
    eventId: input.eventId ?? provider.eventId(systemRandom),
    at: input.at ?? new Date(),
    ...(input.publicUrl === undefined ? {} : { publicUrl: input.publicUrl }),
  });
}

/** The id of the provider a request comes from, by its path or its headers; undefined when unknown. */
export function identify(request: RequestLike): string | undefined {
  return identifyRequest(rawRequest(request))?.id;
}

export interface SendInput {
  /** A provider's id. */
  readonly provider: string;
  /** The event's name, such as `payment_intent.succeeded`. */
  readonly event: string;
  /** The endpoint, as on the command line: `localhost:3000/hooks`, a whole URL … */
  readonly to: string;
  readonly secret: string;
  /** Your own payload instead of the fixture: a value to be serialised, or the bytes themselves. */
  readonly data?: unknown;
  /** Fields to change in the payload, by path: `{ 'data.object.amount': 500 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly headers?: readonly Header[];
  readonly eventId?: string;
  readonly at?: Date;
  /** In milliseconds; 30 seconds by default. */
  readonly timeoutMs?: number;
  /** The address the provider knows, where its signature covers it; that of the endpoint by default. */
  readonly publicUrl?: string;
}

/**
 * Delivers one correctly signed event and tells what became of it. A handler's refusal or absence is
 * in the delivery, not an exception.
 *
 * @throws HookcliError `unknown-provider`, `unknown-event`, `unusable-secret`, `bad-target` or `bad-path`
 */
export async function send(input: SendInput): Promise<Delivery> {
  const provider = getProvider(input.provider);
  const endpoint = endpointOf(parseTarget(input.to), `/webhook/${provider.id}`);
  const at = input.at ?? new Date();
  const { request } = prepare({
    provider,
    event: input.event,
    content:
      input.data === undefined
        ? readFixture(provider.id, input.event)
        : { bytes: dataBytes(input.data) },
    edits: Object.entries(input.set ?? {}).map(([set, value]) => ({ set, value })),
    ...(input.eventId === undefined ? {} : { eventId: input.eventId }),
    ...(input.headers === undefined ? {} : { headers: input.headers }),
    at,
    signedAt: at,
    random: systemRandom,
    secret: input.secret,
    ...(input.publicUrl === undefined ? {} : { publicUrl: input.publicUrl }),
    url: endpointUrl(endpoint),
  });
  // Signing may have added to the query.
  return deliver(
    request,
    { ...endpoint, path: requestPath(request.url) },
    {
      transport: await openSingle(),
      cause: 'send',
      timeoutMs: input.timeoutMs ?? LIMITS.forwardTimeoutMs,
    },
  );
}

function dataBytes(data: unknown): Buffer {
  if (data instanceof Uint8Array) return Buffer.from(data);
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data), 'utf8');
}
