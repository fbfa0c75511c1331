import { withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import { DIGEST_BYTES, decodeDigest, type Encoding, hmacDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import { excerpt, rejected, soleHeader, verified } from './verdicts.ts';

export interface HmacOptions {
  readonly id: string;
  /** The header that carries the digest. */
  readonly header: string;
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding?: Encoding;
  /** What stands before the digest, such as `sha256=`. */
  readonly prefix?: string;
  /** Recognised and shown, but never enough to verify. */
  readonly legacy?: boolean;
}

/** HMAC over the raw body, in one header. */
export function hmac(options: HmacOptions): Scheme {
  const { id, header, algorithm = 'sha256', encoding = 'hex', prefix = '', legacy } = options;
  const bytes = DIGEST_BYTES[algorithm] as number;
  const digest = (body: Uint8Array, secret: string) =>
    hmacDigest(algorithm, textKey.bytes(secret), [body]);

  return {
    id,
    covers: 'the body',
    carriers: [inHeader(header)],
    ...(legacy === undefined ? {} : { legacy }),
    secretFault: textKey.fault,

    sign(request, { secret }): RawRequest {
      const value = prefix + digest(request.body, secret).toString(encoding);
      return { ...request, headers: withHeader(request.headers, header, value) };
    },

    verify(request, { secrets }) {
      const found = soleHeader(request, header, id);
      if ('status' in found) return found;
      if (!found.value.startsWith(prefix)) {
        return rejected(
          id,
          'malformed',
          `The ${header} header is "${excerpt(found.value)}"; it should begin with "${prefix}".`,
        );
      }
      const given = decodeDigest(found.value.slice(prefix.length), encoding, bytes);
      if (given === undefined) {
        return rejected(
          id,
          'malformed',
          `The ${header} header does not hold a whole ${algorithm} digest in ${encoding}.`,
        );
      }
      const matched = matchingSecret(secrets, textKey.fault, (secret) =>
        sameDigest(given, digest(request.body, secret)),
      );
      return matched === -1
        ? rejected(
            id,
            'mismatch',
            `The ${header} header was made with another secret or over another body.`,
          )
        : verified(id, secrets, matched);
    },
  };
}
