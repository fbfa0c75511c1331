import { withHeader } from '../core/headers.ts';
import { inHeader } from '../core/place.ts';
import type { RawRequest, Scheme } from '../core/types.ts';
import type { KeyPair } from './key-pair.ts';
import { matchingSecret } from './matching-secret.ts';
import { outsideTolerance, readTimestamp, writeTimestamp } from './timestamp.ts';
import { rejected, soleHeader, verified } from './verdicts.ts';

export interface TimestampedKeyPairOptions {
  readonly id: string;
  /** The header that carries the signature. */
  readonly header: string;
  /** The header that carries the time, in Unix seconds. */
  readonly timestampHeader: string;
}

/** How signatures of one algorithm are made and read. */
export interface SignatureForm {
  readonly keys: KeyPair;
  /** What the header should hold, in words. */
  readonly words: string;
  sign(content: Buffer, secret: string): string;
  /** The bytes of a signature, or undefined when the text is not in its one proper spelling. */
  read(text: string): Buffer | undefined;
  matches(content: Buffer, signature: Buffer, secret: string): boolean;
}

/** A signature with a key pair over the timestamp and the body, with nothing between them. */
export function timestampedKeyPair(
  { id, header, timestampHeader }: TimestampedKeyPairOptions,
  { keys, words, sign, read, matches }: SignatureForm,
): Scheme {
  const contentOf = (timestamp: string, body: Uint8Array) =>
    Buffer.concat([Buffer.from(timestamp, 'utf8'), body]);

  return {
    id,
    covers: 'the timestamp and the body',
    carriers: [inHeader(header), inHeader(timestampHeader)],
    secretFault: keys.fault,

    sign(request, { secret, at }): RawRequest {
      const timestamp = writeTimestamp(at, 's');
      const signature = sign(contentOf(timestamp, request.body), secret);
      const headers = withHeader(request.headers, header, signature);
      return { ...request, headers: withHeader(headers, timestampHeader, timestamp) };
    },

    verify(request, { secrets, at, toleranceMs = Infinity }) {
      const found = soleHeader(request, header, id);
      if ('status' in found) return found;
      const time = soleHeader(request, timestampHeader, id);
      if ('status' in time) return time;
      const signed = readTimestamp(time.value, 's', `the ${timestampHeader} header`, id);
      if ('status' in signed) return signed;
      const signature = read(found.value);
      if (signature === undefined) {
        return rejected(id, 'malformed', `The ${header} header is not ${words}.`);
      }
      const content = contentOf(time.value, request.body);
      const matched = matchingSecret(secrets, keys.fault, (secret) =>
        matches(content, signature, secret),
      );
      if (matched === -1) {
        return rejected(
          id,
          'mismatch',
          `The ${header} header was made with another private key or over another timestamp or body.`,
        );
      }
      const age = { signedAtMs: signed.ms, at, toleranceMs, refuseEarly: false };
      return outsideTolerance(id, age) ?? verified(id, secrets, matched);
    },
  };
}
