import { headerValue, headerValues, withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import {
  eventIdHeaders,
  misfit,
  type Part,
  partsInWords,
  signedParts,
  signsUrl,
} from './content.ts';
import { DIGEST_BYTES, decodeDigest, type Encoding, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { type SecretKey, textKey } from './secret-key.ts';
import { outsideTolerance, readTimestamp, type TimeFormat, writeTimestamp } from './timestamp.ts';
import { excerpt, type Rejected, rejected, soleHeader, verified } from './verdicts.ts';

export interface HmacOptions {
  readonly id: string;
  /** The header that carries the digest; of several, each may carry one and any may fit. */
  readonly header: string | readonly string[];
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding?: Encoding;
  /** What stands before the digest, such as `sha256=`. */
  readonly prefix?: string;
  /** What parts several digests in one header; any of those with the prefix may fit. */
  readonly list?: string;
  /** True where the provider's own SDK takes hex in either case. */
  readonly anyCase?: boolean;
  /** How the secret becomes a key; the text itself when absent. */
  readonly key?: SecretKey;
  /** What is signed; the body when absent. */
  readonly signs?: readonly Part[];
  /** A header with the time of the signature, signed as the part `timestamp`. */
  readonly timestamp?: {
    readonly header: string;
    readonly format: TimeFormat;
    /** In milliseconds; Infinity where the provider names none. */
    readonly toleranceMs: number;
    readonly refuseEarly: boolean;
  };
  /** Headers that say how it was signed, each with the only value that counts. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Recognised and shown, but never enough to verify. */
  readonly legacy?: boolean;
}

// A sender lists a few; a stranger's list of thousands is not worth the time it takes.
const MOST_LISTED = 20;

/** HMAC over the body, or over what else the provider puts together, in a header of its own. */
export function hmac(options: HmacOptions): Scheme {
  const { id, algorithm = 'sha256', encoding = 'hex', prefix = '', legacy, timestamp } = options;
  const { key = textKey, signs = ['body'], list, anyCase = false, beside = {} } = options;
  const names = [options.header].flat();
  const shown = names.length > 3 ? `${names[0]} (and so on)` : names.join(' or ');
  const bytes = DIGEST_BYTES[algorithm] as number;
  const { toleranceMs: defaultToleranceMs } = timestamp ?? {};
  const idNames = eventIdHeaders(signs);
  const carriers = [
    ...names,
    ...(timestamp === undefined ? [] : [timestamp.header]),
    ...idNames,
    ...Object.keys(beside),
  ];

  /** The digests given, or why there is none to compare with. */
  function readDigests(request: RawRequest): Buffer[] | Rejected {
    const texts: string[] = [];
    for (const name of names) {
      if (names.length > 1 && headerValues(request.headers, name).length === 0) continue;
      const found = soleHeader(request, name, id);
      if ('status' in found) return found;
      texts.push(...(list === undefined ? [found.value] : found.value.split(list)));
    }
    if (texts.length === 0) return rejected(id, 'missing', `There is no ${shown} header.`);
    const prefixed = texts.filter((text) => text.startsWith(prefix)).slice(0, MOST_LISTED);
    if (prefixed.length === 0) {
      const is = excerpt(texts.join(list ?? ', '));
      const detail = `The ${shown} header is "${is}"; it should begin with "${prefix}".`;
      return rejected(id, 'malformed', detail);
    }
    const digests = prefixed
      .map((text) => text.slice(prefix.length))
      .map((text) => decodeDigest(anyCase ? text.toLowerCase() : text, encoding, bytes))
      .filter((digest) => digest !== undefined);
    if (digests.length > 0) return digests;
    const detail = `The ${shown} header does not hold a whole ${algorithm} digest in ${encoding}.`;
    return rejected(id, 'malformed', detail);
  }

  return {
    id,
    covers: partsInWords(signs),
    carriers: carriers.map(inHeader),
    ...(signs.includes('body') ? {} : { bodyUnsigned: true }),
    ...(signsUrl(signs) ? { coversUrl: true } : {}),
    ...(defaultToleranceMs === undefined || defaultToleranceMs === Infinity
      ? {}
      : { toleranceMs: defaultToleranceMs }),
    ...(legacy === undefined ? {} : { legacy }),
    secretFault: key.fault,

    sign(request, { secret, eventId, at, publicUrl }): RawRequest {
      let { headers } = request;
      for (const name of idNames) headers = withHeader(headers, name, eventId);
      for (const [name, value] of Object.entries(beside))
        headers = withHeader(headers, name, value);
      let signed: RawRequest = { ...request, headers };
      let time: string | undefined;
      if (timestamp !== undefined) {
        time = writeTimestamp(at, timestamp.format);
        signed = { ...signed, headers: withHeader(signed.headers, timestamp.header, time) };
      }
      const parts = signedParts(signs, signed, { timestamp: time, publicUrl });
      const value = prefix + hmacDigest(algorithm, key.bytes(secret), parts).toString(encoding);
      return { ...signed, headers: withHeader(signed.headers, names[0] as string, value) };
    },

    ...(list === undefined && names.length === 1
      ? {}
      : {
          combine(signed: readonly RawRequest[]): RawRequest {
            const name = names[0] as string;
            const values = signed.map(({ headers }) => headerValue(headers, name) ?? '');
            const [first] = signed as [RawRequest];
            if (list !== undefined) {
              return { ...first, headers: withHeader(first.headers, name, values.join(list)) };
            }
            let { headers } = first;
            for (const [i, value] of values.slice(0, names.length).entries()) {
              headers = withHeader(headers, names[i] as string, value);
            }
            return { ...first, headers };
          },
        }),

    verify(request, options) {
      const { secrets, at, publicUrl, keyOf = key.bytes } = options;
      const { toleranceMs = defaultToleranceMs ?? Infinity } = options;
      const digests = readDigests(request);
      if ('status' in digests) return digests;
      for (const name of [...idNames, ...Object.keys(beside)]) {
        const found = soleHeader(request, name, id);
        if ('status' in found) return found;
        const only = beside[name];
        if (only === undefined || found.value === only) continue;
        const detail = `The ${name} header is "${excerpt(found.value)}"; it should be "${only}".`;
        return rejected(id, 'malformed', detail);
      }
      const time = timestamp && soleHeader(request, timestamp.header, id);
      if (time !== undefined && 'status' in time) return time;
      const signedAt =
        time && timestamp
          ? readTimestamp(time.value, timestamp.format, `the ${timestamp.header} header`, id)
          : undefined;
      if (signedAt !== undefined && 'status' in signedAt) return signedAt;

      const parts = signedParts(signs, request, { timestamp: time?.value, publicUrl });
      const matched = matchingSecret(secrets, key.fault, (secret) => {
        const expected = hmacDigest(algorithm, keyOf(secret), parts);
        return digests.filter((given) => sameDigest(given, expected)).length > 0;
      });
      if (matched === -1) {
        return rejected(id, 'mismatch', misfit(shown, signs));
      }
      if (signedAt === undefined || timestamp === undefined) return verified(id, secrets, matched);
      const { refuseEarly } = timestamp;
      const age = { signedAtMs: signedAt.ms, at, toleranceMs, refuseEarly };
      return outsideTolerance(id, age) ?? verified(id, secrets, matched);
    },
  };
}
