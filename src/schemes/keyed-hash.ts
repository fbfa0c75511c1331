import { createHash } from 'node:crypto';
import { headerValue, withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import { misfit, type Part, partsInWords, signedParts, signsUrl } from './content.ts';
import { decodeDigest, sameDigest } from './digest.ts';
import { matchingSecret } from './matching-secret.ts';
import { textKey } from './secret-key.ts';
import { rejected, soleHeader, verified } from './verdicts.ts';

export interface KeyedHashOptions {
  readonly id: string;
  readonly header: string;
  /** What is hashed behind the secret. */
  readonly signs: readonly Part[];
  /** The header that tells the versions apart which share a header, and the value of this one. */
  readonly version: { readonly header: string; readonly value: string };
}

/** SHA-256 in hex over the secret and the request: older than HMAC, and not one. */
export function keyedHash({ id, header, signs, version }: KeyedHashOptions): Scheme {
  const digest = (secret: string, parts: readonly (string | Uint8Array)[]) => {
    const hash = createHash('sha256').update(secret, 'utf8');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  return {
    id,
    covers: `the secret, ${partsInWords(signs)}`,
    carriers: [inHeader(header), inHeader(version.header)],
    appliesTo: (request) => headerValue(request.headers, version.header) === version.value,
    ...(signsUrl(signs) ? { coversUrl: true } : {}),
    secretFault: textKey.fault,

    sign(request, { secret, publicUrl }): RawRequest {
      const value = digest(secret, signedParts(signs, request, { publicUrl })).toString('hex');
      const headers = withHeader(request.headers, version.header, version.value);
      return { ...request, headers: withHeader(headers, header, value) };
    },

    verify(request, { secrets, publicUrl }) {
      const found = soleHeader(request, header, id);
      if ('status' in found) return found;
      const named = soleHeader(request, version.header, id);
      if ('status' in named) return named;
      if (named.value !== version.value) {
        return rejected(id, 'missing', `The ${header} header is not of version ${version.value}.`);
      }
      const given = decodeDigest(found.value, 'hex', 32);
      if (given === undefined) {
        return rejected(id, 'malformed', `The ${header} header is not 64 hex digits.`);
      }
      const parts = signedParts(signs, request, { publicUrl });
      const matched = matchingSecret(secrets, textKey.fault, (secret) =>
        sameDigest(given, digest(secret, parts)),
      );
      return matched === -1
        ? rejected(id, 'mismatch', misfit(header, signs))
        : verified(id, secrets, matched);
    },
  };
}
