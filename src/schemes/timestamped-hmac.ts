import { headerValue, withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import { decodeDigest, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import {
  FIVE_MINUTES,
  outsideTolerance,
  readTimestamp,
  type TimeFormat,
  writeTimestamp,
} from './timestamp.ts';
import { excerpt, rejected, soleHeader, verified } from './verdicts.ts';

export interface TimestampedHmacOptions {
  readonly id: string;
  /** The header that carries `t=…,v1=…`. */
  readonly header: string;
  /** Name of the timestamp in the header, and of the signatures (one of which must match). */
  readonly names: { readonly timestamp: string; readonly signature: string };
  /** What stands between the pairs of the header. */
  readonly separator: string;
  /** What stands between timestamp and body in the signed bytes. */
  readonly joint: string;
  /** How the time is written; Unix seconds when absent. */
  readonly format?: TimeFormat;
  /** In milliseconds, 5 minutes when absent; Infinity where the provider names none. */
  readonly toleranceMs?: number;
  readonly refuseEarly: boolean;
  /** True where the provider compares milliseconds; most compare whole seconds. */
  readonly exact?: boolean;
}

/** HMAC-SHA256 over `timestamp joint body`, timestamp and signatures together in one header. */
export function timestampedHmac(options: TimestampedHmacOptions): Scheme {
  const { id, header, names, separator, joint, refuseEarly, exact = false, format = 's' } = options;
  const defaultToleranceMs = options.toleranceMs ?? FIVE_MINUTES;
  const digest = (key: Uint8Array, timestamp: string, body: Uint8Array) =>
    hmacDigest('sha256', key, [timestamp + joint, body]);

  return {
    id,
    covers: `the timestamp, "${joint}" and the body`,
    carriers: [inHeader(header)],
    ...(defaultToleranceMs === Infinity ? {} : { toleranceMs: defaultToleranceMs }),
    secretFault: textKey.fault,

    sign(request, { secret, at }): RawRequest {
      const timestamp = writeTimestamp(at, format);
      const signature = digest(textKey.bytes(secret), timestamp, request.body).toString('hex');
      const value = `${names.timestamp}=${timestamp}${separator}${names.signature}=${signature}`;
      return { ...request, headers: withHeader(request.headers, header, value) };
    },

    combine(signed) {
      const values = signed.map(({ headers }) => headerValue(headers, header) ?? '');
      // The time is in each of them; it is needed once.
      const signatures = values.flatMap((value) =>
        value.split(separator).filter((pair) => pair.startsWith(`${names.signature}=`)),
      );
      const [first] = signed as [RawRequest];
      const time = (values[0] ?? '').split(separator)[0];
      const value = [time, ...signatures].join(separator);
      return { ...first, headers: withHeader(first.headers, header, value) };
    },

    verify(request, options) {
      const { secrets, at, toleranceMs = defaultToleranceMs, keyOf = textKey.bytes } = options;
      const found = soleHeader(request, header, id);
      if ('status' in found) return found;

      const timestamps: string[] = [];
      const signatures: string[] = [];
      for (const pair of found.value.split(separator)) {
        const equals = pair.indexOf('=');
        if (equals === -1) continue;
        const name = pair.slice(0, equals);
        // Other names (Stripe's v0) are for others; trusting them would be a downgrade.
        if (name === names.timestamp) timestamps.push(pair.slice(equals + 1));
        if (name === names.signature) signatures.push(pair.slice(equals + 1));
      }
      const timestamp = timestamps[0];
      if (timestamp === undefined || timestamps.length > 1 || signatures.length === 0) {
        const want = `${names.timestamp}=<timestamp>${separator}${names.signature}=<signature>`;
        return rejected(
          id,
          'malformed',
          `The ${header} header is "${excerpt(found.value)}"; it should read "${want}".`,
        );
      }
      const signed = readTimestamp(timestamp, format, `the ${header} header`, id);
      if ('status' in signed) return signed;

      const given = signatures.map((signature) => decodeDigest(signature, 'hex', 32));
      if (given.every((bytes) => bytes === undefined)) {
        return rejected(
          id,
          'malformed',
          `The ${names.signature} signature in the ${header} header is not 64 hex digits.`,
        );
      }
      const matched = matchingSecret(secrets, textKey.fault, (secret) => {
        const expected = digest(keyOf(secret), timestamp, request.body);
        return (
          given.filter((bytes) => bytes !== undefined && sameDigest(bytes, expected)).length > 0
        );
      });
      if (matched === -1) {
        return rejected(
          id,
          'mismatch',
          `No ${names.signature} signature in the ${header} header fits: made with another secret, or over another body or timestamp.`,
        );
      }
      const age = { signedAtMs: signed.ms, at, toleranceMs, refuseEarly, exact };
      return outsideTolerance(id, age) ?? verified(id, secrets, matched);
    },
  };
}
