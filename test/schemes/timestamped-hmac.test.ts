import { describe, expect, it } from 'vitest';
import { timestampedHmac } from '../../src/schemes/timestamped-hmac.ts';
import { later, outcome, post } from '../helpers/requests.ts';

const scheme = timestampedHmac({
  id: 'dated',
  header: 'X-Signature',
  names: { timestamp: 'ts', signature: 'h1' },
  separator: ';',
  joint: ':',
  refuseEarly: true,
});

const AT = new Date(1767225600_000);
const SECRET = 'pdl_outside';
// OpenSSL 3.0.19: printf '%s' '1767225600:{"a":1}' | openssl dgst -sha256 -hmac 'pdl_outside'
const DIGEST = '47a17d9f368df1c0aaf27bcb1bc2949735e9887d665cdcb211ebb5940a70c424';

const judge = async (header: string, at = AT, secrets = [SECRET]) =>
  outcome(await scheme.verify(post('{"a":1}', [['x-signature', header]]), { secrets, at }));

describe('timestamped hmac', () => {
  it('is what others make of it', () => {
    const signed = scheme.sign(post('{"a":1}'), { secret: SECRET, eventId: '', at: AT });
    expect(signed.headers).toEqual([['X-Signature', `ts=1767225600;h1=${DIGEST}`]]);
  });

  it('dates by the second, downwards', () => {
    const options = { secret: SECRET, eventId: '', at: later(AT, 999) };
    expect(scheme.sign(post('{"a":1}'), options).headers[0]?.[1]).toBe(
      `ts=1767225600;h1=${DIGEST}`,
    );
  });

  it.each([
    `ts=1767225600;h1=${DIGEST}`,
    `h1=${DIGEST};ts=1767225600`,
    `ts=1767225600;h1=${'0'.repeat(64)};h1=${DIGEST}`,
    `ts=1767225600;h1=${DIGEST};h1=${'0'.repeat(64)}`,
    `ts=1767225600;h1=short;h1=${DIGEST}`,
    `ts=1767225600;h0=old;h1=${DIGEST};h2=new`,
    `ts=1767225600;;h1=${DIGEST};`,
    `tsx;h1x;ts=1767225600;h1=${DIGEST}`,
  ])('reads %s', async (header) => {
    expect(await judge(header)).toBe('verified');
  });

  it.each([
    'ts=1767225600',
    `h1=${DIGEST}`,
    DIGEST,
    `ts=;h1=${DIGEST}`,
    `ts=1767225600;h1=`,
    `ts=1767225600;h0=${DIGEST}`,
    `ts=1767225600,h1=${DIGEST}`,
    `ts=1767225600; h1=${DIGEST}`,
    `TS=1767225600;H1=${DIGEST}`,
    `ts=1767225600;ts=1767225600;h1=${DIGEST}`,
    `ts=1;ts=1767225600;h1=${DIGEST}`,
    `ts=1767225600abc;h1=${DIGEST}`,
    `ts=1767225600.0;h1=${DIGEST}`,
    `ts=+1767225600;h1=${DIGEST}`,
    `ts=-1767225600;h1=${DIGEST}`,
    `ts= 1767225600;h1=${DIGEST}`,
    `ts=1767225600\n;h1=${DIGEST}`,
    `ts=0x69559880;h1=${DIGEST}`,
    `ts=1.7672256e9;h1=${DIGEST}`,
    `ts=${'0'.repeat(390)}1767225600;h1=${DIGEST}`,
    `ts=\u0661\u0667\u0666;h1=${DIGEST}`,
    `ts=1767225600;h1=${DIGEST.toUpperCase()}`,
    `ts=1767225600;h1=${DIGEST.slice(1)}`,
    `ts=1767225600;h1=${DIGEST}=`,
    `ts=1767225600;h1==${DIGEST}`,
  ])('finds no signature in %s', async (header) => {
    expect(await judge(header)).toBe('malformed');
  });

  it('keeps to the second at both ends of its tolerance', async () => {
    const header = `ts=1767225600;h1=${DIGEST}`;
    expect(await judge(header, later(AT, 300_999))).toBe('verified');
    expect(await judge(header, later(AT, 301_000))).toBe('stale');
    expect(await judge(header, later(AT, -300_000))).toBe('verified');
    expect(await judge(header, later(AT, -300_001))).toBe('early');
  });

  it.each([
    [7_200_000, 'stale', '2 h old; 5 min are allowed.', '--resign'],
    [301_000, 'stale', '301 s old; 300 s are allowed.', '--resign'],
    [-301_000, 'early', 'dated 301 s ahead; 300 s are allowed.', 'clocks'],
    [-900_000, 'early', 'dated 15 min ahead; 5 min are allowed.', 'clocks'],
  ])('says of one %i ms old: %s, how much, and what to do', (ms, reason, detail, hint) => {
    const request = post('{"a":1}', [['x-signature', `ts=1767225600;h1=${DIGEST}`]]);
    expect(scheme.verify(request, { secrets: [SECRET], at: later(AT, ms) })).toMatchObject({
      reason,
      detail: `The signature is genuine but ${detail}`,
      hint: expect.stringContaining(hint),
    });
  });
});
