import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { headerValue } from '../core/headers.ts';
import type { Attempt, Delivery, Header, RawRequest, RecordedEvent } from '../core/types.ts';
import { publicUrl } from '../schemes/public-url.ts';
import { eventHead, isoTime } from '../store/record.ts';

type Members = Record<string, unknown>;

// HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/ (members of one's own begin with `_`).

/** What stands before the entries, each of which is a line; commas go between them. */
export const harHead = (version: string): string =>
  `{"log":{"version":"1.2","creator":${JSON.stringify({ name: 'hookcli', version })},"entries":[\n`;
export const HAR_TAIL = '\n]}}\n';

/**
 * The entries of one event: one for each attempt to deliver it, with the answer, or one for the
 * request alone. In `_hookcli` is what HAR has no place for, so that reading them gives the event again.
 */
export function harEntries(event: RecordedEvent): Members[] {
  const { deliveries } = event;
  if (deliveries.length === 0) return [harEntry(event, {})];
  return deliveries.flatMap((delivery, number) => {
    const told = { delivery, number };
    if (delivery.attempts.length === 0) return [harEntry(event, told)];
    return delivery.attempts.map((attempt) => harEntry(event, { ...told, attempt }));
  });
}

interface Told {
  readonly delivery?: Delivery;
  readonly number?: number;
  readonly attempt?: Attempt;
}

function harEntry(event: RecordedEvent, { delivery, number, attempt }: Told): Members {
  const ms = attempt?.durationMs ?? 0;
  const url = delivery?.endpoint ?? publicUrl(event.request);
  return {
    startedDateTime: isoTime(attempt?.startedAt ?? event.at),
    time: ms,
    request: harRequest(event.request, url),
    response: harResponse(attempt),
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    _hookcli: {
      event: eventHead(event, { request: false }),
      ...(delivery === undefined
        ? {}
        : { delivery: { number, cause: delivery.cause, endpoint: delivery.endpoint } }),
      ...(attempt === undefined ? {} : { attempt: failureOf(attempt) }),
    },
  };
}

function failureOf({ outcome }: Attempt): Members {
  if (outcome.kind === 'answered') return {};
  return { failure: outcome.failure, message: outcome.message };
}

const namedValues = (pairs: Iterable<readonly [string, string]>) =>
  Array.from(pairs, ([name, value]) => ({ name, value }));

function harRequest({ method, headers, body }: RawRequest, url: string): Members {
  return {
    method,
    url: uriOf(url),
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: namedValues(headers),
    queryString: namedValues(new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '')),
    headersSize: -1,
    bodySize: body.length,
    ...postData(headers, body),
  };
}

/** Whatever a stranger asked for, as a URI that a validator takes; the exact text is in `_hookcli`. */
const uriOf = (url: string): string =>
  url.replace(/%(?![0-9a-fA-F]{2})|[^\w\-.~:/?#[\]@!$&'()*+,;=%]/g, (letter) =>
    Buffer.from(letter, 'latin1').toString('hex').toUpperCase().replace(/../g, '%$&'),
  );

/** HAR has no place for a binary body of a request; this one is HTTP Toolkit's, which others took over. */
function postData(headers: readonly Header[], body: Uint8Array): Members {
  const bytes = view(body);
  if (bytes.length === 0) return {};
  const mimeType = headerValue(headers, 'content-type') ?? 'application/octet-stream';
  if (isUtf8(bytes)) return { postData: { mimeType, text: bytes.toString('utf8') } };
  return {
    _requestBodyStatus: 'discarded:not-representable',
    _content: { text: bytes.toString('base64'), size: bytes.length, encoding: 'base64' },
  };
}

function harResponse(attempt: Attempt | undefined): Members {
  const outcome = attempt?.outcome;
  const isAnswered = outcome?.kind === 'answered';
  const { status, headers, body } = isAnswered ? outcome : NOTHING;
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    httpVersion: isAnswered ? 'HTTP/1.1' : '',
    cookies: [],
    headers: namedValues(headers),
    content: harContent(headers, body),
    redirectURL: headerValue(headers, 'location') ?? '',
    headersSize: -1,
    bodySize: isAnswered ? body.length : -1,
    ...(outcome?.kind === 'failed' ? { _error: outcome.message } : {}),
  };
}

const NOTHING = { status: 0, headers: [], body: Buffer.alloc(0) };

function harContent(headers: readonly Header[], body: Uint8Array): Members {
  const bytes = view(body);
  const mimeType = headerValue(headers, 'content-type') ?? 'x-unknown';
  const content = { size: bytes.length, mimeType };
  if (bytes.length === 0) return content;
  return isUtf8(bytes)
    ? { ...content, text: bytes.toString('utf8') }
    : { ...content, text: bytes.toString('base64'), encoding: 'base64' };
}

const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
