import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../src/core/types.ts';
import {
  standardWebhooksEd25519,
  standardWebhooksHmac,
} from '../../src/schemes/standard-webhooks.ts';
import { changeHeader, NOON, outcome, post } from '../helpers/requests.ts';

const SHARED = `whsec_${Buffer.alloc(24, 'shared').toString('base64')}`;

// RFC 8032, section 7.1, test 1.
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const whsk = (hex: string) => `whsk_${Buffer.from(hex, 'hex').toString('base64')}`;
const whpk = (hex: string) => `whpk_${Buffer.from(hex, 'hex').toString('base64')}`;

const options = { eventId: 'msg_1', at: NOON };
const judge = async (
  scheme: Scheme,
  request: ReturnType<Scheme['sign']>,
  secrets: readonly string[],
) => outcome(await scheme.verify(request, { secrets, at: NOON }));

describe('a list of signatures', () => {
  const signed = standardWebhooksHmac.sign(post('{}'), { ...options, secret: SHARED });
  const listed = (change: (value: string) => string) =>
    judge(standardWebhooksHmac, changeHeader(signed, 'webhook-signature', change), [SHARED]);
  const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;

  it('is good when one of them is', async () => {
    expect(await listed((good) => `${wrong} ${good}`)).toBe('verified');
    expect(await listed((good) => `${good} ${wrong}`)).toBe('verified');
    expect(await listed((good) => `v1a,x v1,short  ${good} v2,future`)).toBe('verified');
  });

  it('is not good when none is', async () => {
    expect(await listed(() => `${wrong} ${wrong}`)).toBe('mismatch');
    expect(await listed((good) => good.replace('v1', 'v2'))).toBe('malformed');
    expect(await listed((good) => good.replace('v1', 'v1a'))).toBe('malformed');
    expect(await listed((good) => good.replace(',', ', '))).toBe('malformed');
    expect(await listed((good) => good.replace(',', ''))).toBe('malformed');
    expect(await listed((good) => `${good}x`)).toBe('malformed');
    expect(await listed((good) => good.replaceAll(',', '='))).toBe('malformed');
  });

  it('is tried only as far as a rotation would need', async () => {
    const many = (count: number) => `${`${wrong} `.repeat(count)}`;
    expect(await listed((good) => many(19) + good)).toBe('verified');
    expect(await listed((good) => many(20) + good)).toBe('malformed');
  });
});

describe('a shared secret', () => {
  it.each([
    ['', 'is empty'],
    ['whsec_', 'is empty behind "whsec_"'],
    ['whsec_not base64', 'is not base64 (after "whsec_")'],
    ['whsec_YQ', 'is not base64 (after "whsec_")'],
    ['whsec_YR==', 'is not base64 (after "whsec_")'],
    ['whsec_-_-_', 'is not base64 (after "whsec_")'],
    ['whsec_YQ==\n', 'is not base64 (after "whsec_")'],
    [whpk(PUBLIC), 'is a key for v1a signatures, not a shared secret'],
    ['whpk_YQ==', 'does not hold 32 bytes'],
    ['whsk_', 'is empty behind "whsk_"'],
  ])('such as %j %s', (secret, fault) => {
    expect(standardWebhooksHmac.secretFault(secret)).toBe(fault);
  });

  it('may come without its prefix', () => {
    expect(standardWebhooksHmac.secretFault(SHARED.slice(6))).toBeUndefined();
  });
});

describe('a key pair', () => {
  const secret = whsk(SEED + PUBLIC);
  const signed = standardWebhooksEd25519.sign(post('{}'), { ...options, secret });

  it('verifies with either half', async () => {
    expect(await judge(standardWebhooksEd25519, signed, [whpk(PUBLIC)])).toBe('verified');
    expect(await judge(standardWebhooksEd25519, signed, [secret])).toBe('verified');
  });

  it('signs with the private one only', () => {
    const withPublic = { ...options, secret: whpk(PUBLIC) };
    expect(() => standardWebhooksEd25519.sign(post('{}'), withPublic)).toThrowError(
      expect.objectContaining({ code: 'unusable-secret', hint: expect.stringContaining('whsk_') }),
    );
  });

  it('can be one that Node made', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { d, x } = privateKey.export({ format: 'jwk' });
    const both = Buffer.concat([d, x].map((half) => Buffer.from(half as string, 'base64url')));
    const made = `whsk_${both.toString('base64')}`;
    expect(standardWebhooksEd25519.secretFault(made)).toBeUndefined();
    const request = standardWebhooksEd25519.sign(post('{}'), { ...options, secret: made });
    expect(await judge(standardWebhooksEd25519, request, [made])).toBe('verified');
  });

  it.each([
    ['', 'is neither a public key (whpk_…) nor a private one (whsk_…)'],
    [SHARED, 'is neither a public key (whpk_…) nor a private one (whsk_…)'],
    [whpk(PUBLIC.slice(2)), 'does not hold 32 bytes'],
    [whpk(`${PUBLIC}00`), 'does not hold 32 bytes'],
    [whsk(SEED), 'does not hold 64 bytes'],
    ['whpk_', 'is empty behind "whpk_"'],
    ['whpk_?', 'is not base64 (after "whpk_")'],
    [whsk(SEED + SEED), 'holds a private and a public key that do not belong together'],
  ])('such as %j %s', (key, fault) => {
    expect(standardWebhooksEd25519.secretFault(key)).toBe(fault);
  });

  it('may be any 32 bytes without a crash', async () => {
    const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const others = keys.filter((key) => Buffer.from(key).toString('hex') !== PUBLIC);
    await fc.assert(
      fc.asyncProperty(others, async (key) => {
        const given = whpk(Buffer.from(key).toString('hex'));
        expect(await judge(standardWebhooksEd25519, signed, [given])).toBe('mismatch');
      }),
    );
  });

  it('verifies none but whole signatures', async () => {
    for (const bytes of [0, 1, 32, 63, 65, 66, 128]) {
      const value = `v1a,${Buffer.alloc(bytes, 1).toString('base64')}`;
      const request = changeHeader(signed, 'webhook-signature', () => value);
      expect(await judge(standardWebhooksEd25519, request, [secret])).toBe('malformed');
    }
  });
});
