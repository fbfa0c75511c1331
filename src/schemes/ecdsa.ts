import { sign, verify } from 'node:crypto';
import type { Scheme } from '../core/types.ts';
import { p256DerPair as keys } from './key-pair.ts';
import { type TimestampedKeyPairOptions, timestampedKeyPair } from './timestamped-key-pair.ts';

/** ECDSA P-256 with SHA-256 over the timestamp and the body, the signature as DER in base64. */
export function ecdsaSignature(options: TimestampedKeyPairOptions): Scheme {
  return timestampedKeyPair(options, {
    keys,
    words: 'an ECDSA signature (DER in base64)',
    sign: (content, secret) => sign('sha256', content, keys.privateKey(secret)).toString('base64'),
    read: readDer,
    matches: (content, signature, secret) =>
      verify('sha256', content, keys.publicKey(secret), signature),
  });
}

/** Only the outer frame is looked at: a sequence that is as long as it says. */
function readDer(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes[0] === 0x30 && bytes[1] === bytes.length - 2;
  return isWhole && bytes.toString('base64') === text ? bytes : undefined;
}
