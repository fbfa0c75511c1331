import { createHash } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { withHeader } from '../core/headers.ts';
import { inHeader, inQuery, isForm, readPlace, writePlace } from '../core/place.ts';
import type { RawRequest, Scheme, SignOptions, Verdict, VerifyOptions } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { publicUrl } from './public-url.ts';
import { textKey } from './secret-key.ts';
import { rejected, soleHeader, verified } from './verdicts.ts';

const HEADER = 'X-Twilio-Signature';
const bodyHash = inQuery('bodySHA256');

const digest = (secret: string, url: string, params: string): Buffer =>
  hmacDigest('sha1', textKey.bytes(secret), [url, params]);

/** Names and values, sorted by name and then by value; the same pair twice counts once. */
function sortedParams(request: RawRequest): string {
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const names = [...new Set(form.keys())].sort();
  return names
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
    .join('');
}

/**
 * The ways in which Twilio may have written the URL before it signed: its servers do not agree on
 * the port and on the query's escapes, so its SDK tries all of these (twilio-node 6.2, 2026-11).
 */
function spellings(url: string): string[] {
  const ported = [withoutPort(url), withPort(url)];
  if (!URL.canParse(url)) return [...new Set([url, ...ported])];
  const { href } = new URL(url);
  const escaped = [withoutPort(href), withPort(href)];
  return [...new Set([url, ...ported, ...escaped, ...escaped.map(withLegacyQuery)])];
}

// Scheme and user, host (in brackets where it is IPv6), port, and the rest letter for letter.
const URL_PARTS =
  /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?)(\[[^/?#\]]*\]|[^/?#:]*)(:[^/?#]*)?(.*)$/is;

const withoutPort = (url: string): string => url.replace(URL_PARTS, '$1$2$4');

function withPort(url: string): string {
  const [, before, host, port, rest] = URL_PARTS.exec(url) ?? [];
  if (before === undefined || port) return url;
  return `${before}${host}:${/^https:/i.test(before) ? 443 : 80}${rest}`;
}

function withLegacyQuery(url: string): string {
  const [beforeQuery, query] = url.split(/\?(.*)/s, 2);
  return query === undefined ? url : `${beforeQuery}?${stringify(parse(query))}`;
}

/** The address Twilio asked for; the hash is the request's own, whatever address it is known by. */
function signedUrl(request: RawRequest, known: string | undefined): string {
  const url = publicUrl(request, known);
  const hash = known === undefined ? undefined : readPlace(request, bodyHash);
  return hash === undefined ? url : writePlace({ ...request, url }, bodyHash, hash).url;
}

function signUrl(request: RawRequest, params: string, options: SignOptions): RawRequest {
  const url = signedUrl(request, options.publicUrl);
  // As an SDK sees it that parses the URL first.
  const spelled = URL.canParse(url) ? new URL(url).href : url;
  const value = digest(options.secret, spelled, params).toString('base64');
  return { ...request, headers: withHeader(request.headers, HEADER, value) };
}

function verifyUrl(
  id: string,
  request: RawRequest,
  params: string,
  { secrets, publicUrl: known }: VerifyOptions,
): Verdict {
  const found = soleHeader(request, HEADER, id);
  if ('status' in found) return found;
  const given = decodeDigest(found.value, 'base64', 20);
  if (given === undefined) {
    return rejected(id, 'malformed', `The ${HEADER} header is not 20 bytes in base64.`);
  }
  const url = signedUrl(request, known);
  const urls = spellings(url);
  const matched = matchingSecret(
    secrets,
    textKey.fault,
    (secret) => urls.filter((way) => sameDigest(given, digest(secret, way, params))).length > 0,
  );
  if (matched !== -1) return verified(id, secrets, matched);
  return rejected(
    id,
    'mismatch',
    `The ${HEADER} header was made with another auth token, or over another URL than ${url} or other parameters.`,
  );
}

/**
 * Whether there is nothing in the body but parameters. Never where the URL holds the hash of the body:
 * there the signature is over the URL alone, and would also fit a body that was emptied on the way.
 */
const hasOnlyParams = (request: RawRequest): boolean =>
  (request.body.length === 0 || isForm(request)) && readPlace(request, bodyHash) === undefined;

/** The full URL and the parameters of a form, sorted. A request without a body has none. */
export const twilioForm: Scheme = {
  id: 'twilio',
  covers: 'the public URL and the parameters of the form, sorted by name',
  carriers: [inHeader(HEADER)],
  coversUrl: true,
  appliesTo: hasOnlyParams,
  secretFault: textKey.fault,
  sign: (request, options) => signUrl(request, sortedParams(request), options),
  verify(request, options) {
    if (!hasOnlyParams(request)) {
      return rejected(
        'twilio',
        'missing',
        'The body is not a form, and nothing else vouches for it.',
      );
    }
    return verifyUrl('twilio', request, sortedParams(request), options);
  },
};

/** For any other body: the URL alone, in which the parameter bodySHA256 stands for the body. */
export const twilioBody: Scheme = {
  id: 'twilio-body',
  covers: 'the public URL, in which bodySHA256 is the hash of the body',
  carriers: [inHeader(HEADER), bodyHash],
  coversUrl: true,
  appliesTo: (request) => !(twilioForm.appliesTo?.(request) ?? true),
  secretFault: textKey.fault,

  sign(request, options) {
    const hash = createHash('sha256').update(request.body).digest('hex');
    return signUrl(writePlace(request, bodyHash, hash), '', options);
  },

  verify(request, options) {
    const id = 'twilio-body';
    const text = readPlace(request, bodyHash);
    if (text === undefined) {
      return rejected(id, 'missing', 'There is no bodySHA256 in the URL.');
    }
    const verdict = verifyUrl(id, request, '', options);
    if (verdict.status !== 'verified') return verdict;
    const given = decodeDigest(text.toLowerCase(), 'hex', 32);
    if (given === undefined) {
      return rejected(id, 'malformed', 'The bodySHA256 in the URL is not 64 hex digits.');
    }
    if (sameDigest(given, createHash('sha256').update(request.body).digest())) return verdict;
    return rejected(id, 'mismatch', 'The bodySHA256 in the URL is of another body.');
  },
};
