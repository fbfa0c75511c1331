import { sign, verify } from 'node:crypto';
import type { Scheme } from '../core/types.ts';
import { decodeDigest } from './digest.ts';
import { ed25519HexPair as keys } from './key-pair.ts';
import { type TimestampedKeyPairOptions, timestampedKeyPair } from './timestamped-key-pair.ts';

/** Ed25519 over the timestamp and the body, signature and public key in hex. */
export function ed25519Signature(options: TimestampedKeyPairOptions): Scheme {
  return timestampedKeyPair(options, {
    keys,
    words: 'an Ed25519 signature of 128 hex digits',
    sign: (content, secret) => sign(null, content, keys.privateKey(secret)).toString('hex'),
    read: (text) => decodeDigest(text, 'hex', 64),
    matches: (content, signature, secret) =>
      verify(null, content, keys.publicKey(secret), signature),
  });
}
