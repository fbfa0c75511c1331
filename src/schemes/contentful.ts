import { escape as escapeQuery } from 'node:querystring';
import { headerValue, withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { publicUrl } from './public-url.ts';
import type { SecretKey } from './secret-key.ts';
import { outsideTolerance, readTimestamp, writeTimestamp } from './timestamp.ts';
import { rejected, soleHeader, verified } from './verdicts.ts';

const ID = 'contentful';
const SIGNATURE = 'x-contentful-signature';
const SIGNED_HEADERS = 'x-contentful-signed-headers';
const TIMESTAMP = 'x-contentful-timestamp';
const TOLERANCE_MS = 30_000;
/** More than any sender signs; each costs a pass over all headers. */
const MOST_HEADERS = 50;

const key: SecretKey = {
  fault: (secret) => (/^[\w+/=-]{64}$/.test(secret) ? undefined : 'is not 64 characters long'),
  bytes: (secret) => Buffer.from(secret, 'utf8'),
};

/** The path with its query, the query escaped as a whole and then once more with the path. */
function canonicalPath(url: string): string {
  const [path = '', query] = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/\?(.*)/s, 2);
  // Lone surrogates cannot be in a URL that came over the wire, so encodeURI does not throw.
  return encodeURI(query === undefined ? path : `${path}?${escapeQuery(query)}`);
}

/** The canonical request of @contentful/node-apps-toolkit 3.16 (read 2026-11). */
function digest(
  secret: string,
  request: RawRequest,
  names: readonly string[],
  url: string,
): Buffer {
  const headers = names.map(
    (name) => `${name}:${(headerValue(request.headers, name) ?? '').trim()}`,
  );
  const head = [request.method, canonicalPath(url), headers.join(';'), ''].join('\n');
  return hmacDigest('sha256', key.bytes(secret), [head, request.body]);
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .sort();

/** HMAC over the method, the path, the headers that are listed, and the body. */
export const contentfulHmac: Scheme = {
  id: ID,
  covers:
    'the method, the path and query, the headers listed as signed (the time too) and the body',
  carriers: [SIGNATURE, SIGNED_HEADERS, TIMESTAMP].map(inHeader),
  coversUrl: true,
  toleranceMs: TOLERANCE_MS,
  secretFault: key.fault,

  sign(request, { secret, at, publicUrl: known }) {
    const own = request.headers
      .map(([name]) => name.toLowerCase())
      .filter((name) => name === 'content-type' || name === 'x-contentful-topic');
    const names = [...new Set([...own, SIGNED_HEADERS, TIMESTAMP])].sort();
    let { headers } = request;
    headers = withHeader(headers, SIGNED_HEADERS, names.join(','));
    headers = withHeader(headers, TIMESTAMP, writeTimestamp(at, 'ms'));
    const url = publicUrl(request, known);
    const signature = digest(secret, { ...request, headers }, names, url).toString('hex');
    return { ...request, headers: withHeader(headers, SIGNATURE, signature) };
  },

  verify(request, { secrets, at, publicUrl: known, toleranceMs = TOLERANCE_MS }) {
    const signature = soleHeader(request, SIGNATURE, ID);
    if ('status' in signature) return signature;
    const list = soleHeader(request, SIGNED_HEADERS, ID);
    if ('status' in list) return list;
    const timestamp = soleHeader(request, TIMESTAMP, ID);
    if ('status' in timestamp) return timestamp;
    const time = readTimestamp(timestamp.value, 'ms', `the ${TIMESTAMP} header`, ID);
    if ('status' in time) return time;
    const names = listed(list.value);
    // Otherwise a stranger could put another time on a captured request.
    if (!names.includes(TIMESTAMP) || !names.includes(SIGNED_HEADERS)) {
      const detail = `The ${SIGNED_HEADERS} header must name ${TIMESTAMP} and itself.`;
      return rejected(ID, 'malformed', detail);
    }
    if (names.length > MOST_HEADERS) {
      return rejected(
        ID,
        'malformed',
        `The ${SIGNED_HEADERS} header names ${names.length} headers.`,
      );
    }
    const given = decodeDigest(signature.value, 'hex', 32);
    if (given === undefined) {
      return rejected(ID, 'malformed', `The ${SIGNATURE} header is not 64 hex digits.`);
    }
    const url = publicUrl(request, known);
    const matched = matchingSecret(secrets, key.fault, (secret) =>
      sameDigest(given, digest(secret, request, names, url)),
    );
    if (matched === -1) {
      const detail = `The ${SIGNATURE} header was made with another secret or over another method, path, signed header or body.`;
      return rejected(ID, 'mismatch', detail);
    }
    const age = { signedAtMs: time.ms, at, toleranceMs, refuseEarly: false };
    return outsideTolerance(ID, age) ?? verified(ID, secrets, matched);
  },
};
