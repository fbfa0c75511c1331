import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import { ecdsaSignature } from '../../src/schemes/ecdsa.ts';
import { ed25519Signature } from '../../src/schemes/ed25519-signature.ts';
import { ES256, jws } from '../../src/schemes/jws.ts';
import { ed25519HexPair, p256DerPair, p256PemPair } from '../../src/schemes/key-pair.ts';
import { NOON, outcome, post } from '../helpers/requests.ts';

const names = { id: 'pair', header: 'X-Signature', timestampHeader: 'X-Timestamp' };

const PAIRS = [
  { name: 'Ed25519 in hex', keys: ed25519HexPair, scheme: ed25519Signature(names) },
  { name: 'P-256 in DER', keys: p256DerPair, scheme: ecdsaSignature(names) },
  {
    name: 'P-256 in PEM',
    keys: p256PemPair,
    scheme: jws({ id: 'pair', header: 'X-Token', algorithm: ES256, bodyHash: 'sha256' }),
  },
];

describe.each(PAIRS)('$name', ({ keys, scheme }) => {
  const secret = keys.generate(seededRandom('pair'));
  const publicPart = keys.publicPart(secret);
  const signed = scheme.sign(post('body'), { secret, eventId: 'x', at: NOON });
  const judge = async (given: string) =>
    outcome(await scheme.verify(signed, { secrets: [given], at: NOON }));

  it('signs with the private key and verifies with either', async () => {
    expect(await judge(secret)).toBe('verified');
    expect(await judge(publicPart)).toBe('verified');
    expect(await judge(keys.generate(seededRandom('other')))).toBe('mismatch');
  });

  it('is the same key for the same bytes', () => {
    expect(keys.generate(seededRandom('pair'))).toBe(secret);
  });

  it('gives out the public part of the public part', () => {
    expect(keys.publicPart(publicPart)).toBe(publicPart);
  });

  it('does not sign with a public key', () => {
    const options = { secret: publicPart, eventId: 'x', at: NOON };
    expect(() => scheme.sign(post('body'), options)).toThrowError(
      expect.objectContaining({
        code: 'unusable-secret',
        exitCode: 2,
        message: expect.stringContaining('can verify, but not sign'),
        hint: expect.stringContaining('--secret-file'),
      }),
    );
  });

  it('reads PEM on one line, as variables have it', async () => {
    const line = secret.replaceAll('\n', '\\n');
    expect(line).not.toContain('\n');
    expect(keys.fault(line)).toBeUndefined();
    expect(await judge(line)).toBe('verified');
    expect(keys.publicPart(line)).toBe(publicPart);
  });

  it.each([
    ['nothing', '', /^is empty$/],
    ['words', 'some words', /^is neither a public key/],
    ['half a key', secret.slice(0, 60), /in PEM/],
    ['another kind of key', rsaKey(), /in PEM that can be read$/],
    ['another curve', ecKey('secp384r1'), /in PEM that can be read$/],
    ['its public key cut short', publicPart.slice(0, -30), /^is neither a public key/],
  ])('has a word on %s', (_, text, fault) => {
    expect(keys.fault(text)).toMatch(fault);
  });
});

function rsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function ecKey(namedCurve: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

it('reads a public key as JSON Web Key', () => {
  const pem = p256PemPair.publicPart(p256PemPair.generate(seededRandom('jwk')));
  const jwk = { ...createPublicKey(pem).export({ format: 'jwk' }), kid: 'any', alg: 'ES256' };
  expect(p256PemPair.publicPart(JSON.stringify(jwk))).toBe(pem);
  expect(p256PemPair.fault(JSON.stringify({ ...jwk, crv: 'P-384' }))).toMatch(/^is neither/);
  expect(p256PemPair.fault('{"kty":')).toMatch(/^is neither/);
});
