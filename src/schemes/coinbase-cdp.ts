import { headerValue, withHeader } from '../core/headers.ts';
import { inHeader, inJson, readPlace } from '../core/place.ts';
import type { Header, RawRequest, Scheme } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import { FIVE_MINUTES, outsideTolerance, readTimestamp, writeTimestamp } from './timestamp.ts';
import { excerpt, type Rejected, rejected, soleHeader, verified } from './verdicts.ts';

const ID = 'coinbase-cdp';
const HEADER = 'X-Hook0-Signature';

/** The headers that the Coinbase Developer Platform signs beside the body. */
const SIGNED = ['content-type', 'x-event-id', 'x-event-type'];

/** More names than any sender signs are not worth the time it takes to look for them. */
const MOST_NAMES = 20;

const contentOf = (request: RawRequest, timestamp: string, names: readonly string[]) => [
  [
    timestamp,
    names.join(' '),
    names.map((name) => headerValue(request.headers, name) ?? '').join('.'),
    '',
  ].join('.'),
  request.body,
];

const digestOf = (key: Uint8Array, ...content: Parameters<typeof contentOf>): Buffer =>
  hmacDigest('sha256', key, contentOf(...content));

/**
 * HMAC-SHA256 over `timestamp.names.values.body`, where the header itself says which headers are
 * signed: `t=…,h=<names>,v1=…`. Source: docs.cdp.coinbase.com, webhooks (read 2026-11).
 */
export const coinbaseCdp: Scheme = {
  id: ID,
  covers: 'the timestamp, the headers named beside it and the body, parted by dots',
  carriers: [inHeader(HEADER), inHeader('X-Event-Id'), inHeader('X-Event-Type')],
  toleranceMs: FIVE_MINUTES,
  secretFault: textKey.fault,

  sign(request, { secret, eventId, at }) {
    const type = readPlace(request, inJson('type'));
    let headers: readonly Header[] = withHeader(request.headers, 'X-Event-Id', eventId);
    if (type !== undefined) headers = withHeader(headers, 'X-Event-Type', type);
    const unsigned = { ...request, headers };
    const names = SIGNED.filter((name) => headerValue(headers, name));
    const timestamp = writeTimestamp(at, 's');
    const digest = digestOf(textKey.bytes(secret), unsigned, timestamp, names).toString('hex');
    const value = `t=${timestamp},h=${names.join(' ')},v1=${digest}`;
    return { ...unsigned, headers: withHeader(headers, HEADER, value) };
  },

  verify(request, { secrets, at, toleranceMs = FIVE_MINUTES, keyOf = textKey.bytes }) {
    const parts = readParts(request);
    if ('status' in parts) return parts;
    const { timestamp, names, digests } = parts;
    const signed = readTimestamp(timestamp, 's', `the ${HEADER} header`, ID);
    if ('status' in signed) return signed;
    for (const name of names) {
      const found = soleHeader(request, name, ID);
      if ('status' in found) return found;
    }
    const matched = matchingSecret(secrets, textKey.fault, (secret) => {
      const expected = digestOf(keyOf(secret), request, timestamp, names);
      return digests.filter((given) => sameDigest(given, expected)).length > 0;
    });
    if (matched === -1) {
      const detail = `No v1 signature in the ${HEADER} header fits: made with another secret, or over another body, timestamp or headers.`;
      return rejected(ID, 'mismatch', detail);
    }
    // The documentation's example takes the distance, so a time too far ahead is refused as well.
    const age = { signedAtMs: signed.ms, at, toleranceMs, refuseEarly: true };
    return outsideTolerance(ID, age) ?? verified(ID, secrets, matched);
  },
};

function readParts(
  request: RawRequest,
): { timestamp: string; names: string[]; digests: Buffer[] } | Rejected {
  const found = soleHeader(request, HEADER, ID);
  if ('status' in found) return found;
  const pairs = found.value.split(',').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  const valuesOf = (name: string) =>
    pairs.filter(([key]) => key === name).map(([, value]) => value);
  const [timestamp, secondTime] = valuesOf('t');
  const [listed, secondList] = valuesOf('h');
  const names = (listed ?? '').split(' ').filter((name) => name !== '');
  const isWhole = timestamp !== undefined && names.length > 0 && names.length <= MOST_NAMES;
  if (!isWhole || secondTime !== undefined || secondList !== undefined) {
    const detail = `The ${HEADER} header is "${excerpt(found.value)}"; it should read "t=<seconds>,h=<header names>,v1=<signature>".`;
    return rejected(ID, 'malformed', detail);
  }
  const digests = valuesOf('v1')
    .slice(0, MOST_NAMES)
    .map((text) => decodeDigest(text, 'hex', 32))
    .filter((digest) => digest !== undefined);
  if (digests.length > 0) return { timestamp, names, digests };
  return rejected(ID, 'malformed', `The ${HEADER} header holds no v1 signature of 64 hex digits.`);
}
