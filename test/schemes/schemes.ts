import fc from 'fast-check';
import { seededRandom } from '../../src/core/ids.ts';
import type { Scheme } from '../../src/core/types.ts';
import stripe from '../../src/providers/stripe.ts';
import { ecdsaSignature } from '../../src/schemes/ecdsa.ts';
import { ed25519PublicBytes } from '../../src/schemes/ed25519.ts';
import { ed25519Signature } from '../../src/schemes/ed25519-signature.ts';
import { hmac } from '../../src/schemes/hmac.ts';
import { ES256, HS256, jws } from '../../src/schemes/jws.ts';
import {
  ed25519HexPair,
  type KeyPair,
  p256DerPair,
  p256PemPair,
} from '../../src/schemes/key-pair.ts';
import {
  standardWebhooksEd25519,
  standardWebhooksHmac,
} from '../../src/schemes/standard-webhooks.ts';
import { timestampedHmac } from '../../src/schemes/timestamped-hmac.ts';

export interface SchemeUnderTest {
  readonly scheme: Scheme;
  readonly secrets: fc.Arbitrary<string>;
}

// HMAC fills a short key up with zero bytes, so that `key` and `key\0` are one key to it.
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 80 })
  .filter((secret) => !secret.endsWith('\0'));

const base64 = (prefix: string) =>
  fc
    .uint8Array({ minLength: 1, maxLength: 64 })
    .filter((bytes) => bytes.at(-1) !== 0)
    .map((bytes) => prefix + Buffer.from(bytes).toString('base64'));

const keyPair = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((seed) => {
  const both = Buffer.concat([seed, ed25519PublicBytes(seed)]);
  return `whsk_${both.toString('base64')}`;
});

const privateKeys = ({ generate }: KeyPair) =>
  fc.nat().map((seed) => generate(seededRandom(`${seed}`)));

/** Every way of signing in the house, each with the secrets it takes. */
export const SCHEMES: readonly SchemeUnderTest[] = [
  { scheme: hmac({ id: 'hmac sha256 hex', header: 'X-Signature' }), secrets: text },
  {
    scheme: hmac({ id: 'hmac sha1', header: 'X-Signature', algorithm: 'sha1', prefix: 'sha1=' }),
    secrets: text,
  },
  {
    scheme: hmac({ id: 'hmac sha256 base64', header: 'X-Hmac', encoding: 'base64' }),
    secrets: text,
  },
  {
    scheme: hmac({
      id: 'hmac sha512 base64',
      header: 'X-Hmac',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'v0=',
    }),
    secrets: text,
  },
  { scheme: stripe.schemes[0] as Scheme, secrets: text },
  {
    scheme: timestampedHmac({
      id: 'timestamped hmac',
      header: 'X-Signature',
      names: { timestamp: 'ts', signature: 'h1' },
      separator: ';',
      joint: ':',
      toleranceMs: 5_000,
      refuseEarly: true,
    }),
    secrets: text,
  },
  { scheme: standardWebhooksHmac, secrets: fc.oneof(base64('whsec_'), base64('')) },
  { scheme: standardWebhooksEd25519, secrets: keyPair },
  {
    scheme: ed25519Signature({ id: 'ed25519', header: 'X-Signature', timestampHeader: 'X-Time' }),
    secrets: privateKeys(ed25519HexPair),
  },
  {
    scheme: ecdsaSignature({ id: 'ecdsa', header: 'X-Signature', timestampHeader: 'X-Time' }),
    secrets: privateKeys(p256DerPair),
  },
  {
    scheme: jws({ id: 'HS256', header: 'X-Token', algorithm: HS256, bodyHash: 'sha256' }),
    secrets: text,
  },
  {
    scheme: jws({
      id: 'ES256',
      header: 'X-Token',
      algorithm: ES256,
      bodyHash: 'sha256',
      toleranceMs: 300_000,
    }),
    secrets: privateKeys(p256PemPair),
  },
];
