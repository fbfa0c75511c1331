import type { Delivery, Header } from '../core/types.ts';
import { parseEventJson } from '../store/parse-event.ts';
import { refused } from './bounds.ts';
import type { DeliveryPart, Found } from './found.ts';
import { deliveryOf, failureOf, membersOf, statusOf } from './read-delivery.ts';

type Members = Record<string, unknown>;

/** What asks for a page is no webhook. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE']);

/**
 * What an entry of a HAR is: a captured event of ours, or a request that a browser or proxy saw.
 *
 * @throws HookcliError `bad-event`
 */
export function readHarEntry(value: unknown): Found {
  const entry = membersOf(value);
  const request = membersOf(entry.request);
  if (entry._hookcli !== undefined) return ours(entry, request, membersOf(entry._hookcli));
  const method = String(request.method).toUpperCase();
  const url = String(request.url);
  if (WITHOUT_BODY.has(method) || !/^https?:/i.test(url)) return { kind: 'other' };
  const at = instantOf(entry.startedDateTime);
  const event = parseEventJson({ ...requestMembers(request), url: wireUrl(url) }, new Date(0));
  return {
    kind: 'theirs',
    request: event.request,
    ...(at === undefined ? {} : { at }),
    deliveries: theirDeliveries(entry, event.request.url, at ?? new Date(0)),
  };
}

function ours(entry: Members, request: Members, told: Members): Found {
  const event = parseEventJson(
    { ...membersOf(told.event), ...requestMembers(request) },
    new Date(0),
  );
  if (told.delivery === undefined) return { kind: 'part', event, part: undefined };
  const delivery = membersOf(told.delivery);
  const { number } = delivery;
  if (!Number.isSafeInteger(number)) throw refused('its delivery has no number');
  const part: DeliveryPart = {
    number: Number(number),
    ...deliveryOf(delivery),
    attempts: told.attempt === undefined ? [] : [attemptOf(entry, membersOf(told.attempt))],
  };
  return { kind: 'part', event, part };
}

function attemptOf(entry: Members, { failure, message }: Members): Delivery['attempts'][number] {
  const startedAt = instantOf(entry.startedDateTime);
  if (startedAt === undefined) throw refused('its "startedDateTime" is no time');
  const durationMs = msOf(entry.time);
  if (failure !== undefined) {
    const text = typeof message === 'string' ? message : '';
    const outcome = { kind: 'failed', failure: failureOf(failure), message: text } as const;
    return { startedAt, durationMs, outcome };
  }
  return { startedAt, durationMs, outcome: answerOf(membersOf(entry.response)) };
}

function answerOf(response: Members) {
  const status = statusOf(response.status);
  const content = membersOf(response.content ?? {});
  const headers = headersOf(response.headers ?? []);
  return { kind: 'answered', status, headers, body: bytesOf(content) } as const;
}

/** The answer that a browser or proxy saw; none when there was none. */
function theirDeliveries(entry: Members, endpoint: string, startedAt: Date): Delivery[] {
  const response = membersOf(entry.response ?? {});
  if (typeof response.status !== 'number' || response.status < 100) return [];
  const attempt = { startedAt, durationMs: msOf(entry.time), outcome: answerOf(response) };
  return [{ ...deliveryOf({ cause: 'forward', endpoint }), attempts: [attempt] }];
}

function requestMembers(request: Members): Members {
  const body = bodyOf(request);
  return {
    method: request.method,
    headers: headersOf(request.headers ?? []),
    body: undefined,
    bodyBase64: body.toString('base64'),
  };
}

function bodyOf(request: Members): Buffer {
  if (request._content !== undefined) return bytesOf(membersOf(request._content));
  if (request.postData === undefined) return Buffer.alloc(0);
  const data = membersOf(request.postData);
  if (typeof data.text === 'string' || !Array.isArray(data.params)) return bytesOf(data);
  const fields = data.params
    .map(membersOf)
    .map(({ name, value }): [string, string] => [String(name), String(value ?? '')]);
  return Buffer.from(new URLSearchParams(fields).toString());
}

/** HAR says `encoding` of answers alone; of requests some tools say it too. */
function bytesOf({ text = '', encoding, _encoding }: Members): Buffer {
  if (typeof text !== 'string') throw refused('a body of it is no text');
  return Buffer.from(text, encoding === 'base64' || _encoding === 'base64' ? 'base64' : 'utf8');
}

/** As on the wire: one byte a character, and none of the names that HTTP/2 invented. */
function headersOf(value: unknown): Header[] {
  if (!Array.isArray(value)) throw refused('its "headers" are no list');
  return value.map(membersOf).flatMap(({ name, value: text }): Header[] => {
    if (typeof name !== 'string' || typeof text !== 'string') {
      throw refused('a header of it has no name or no value');
    }
    if (name.startsWith(':')) return [];
    const wire = /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
    // Some tools put several values of one header into one text, a line each.
    return wire.split(/\r?\n/).map((line) => [name, line]);
  });
}

/** The address as it is asked for: without fragment, and in ASCII. */
const wireUrl = (url: string): string =>
  url
    .replace(/#.*$/s, '')
    .replace(/[^\x21-\x7e]/gu, (letter) =>
      Buffer.from(letter, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&'),
    );

function instantOf(value: unknown): Date | undefined {
  const at = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

const msOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);
