import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import type { RawRequest, Scheme, VerifyOptions } from '../../src/core/types.ts';
import { ES256, HS256, jws } from '../../src/schemes/jws.ts';
import { p256PemPair } from '../../src/schemes/key-pair.ts';
import { changeHeader, later, NOON, outcome, post } from '../helpers/requests.ts';

const NOW = NOON.getTime() / 1_000;
const SECRET = 'a shared secret';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token that no scheme of ours made. */
function token(head: unknown, claims: unknown, key: string | Buffer = SECRET): string {
  const content = `${encode(head)}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

const withToken = (value: string): RawRequest => post('{}', [['X-Token', value]]);

const reason = async (scheme: Scheme, request: RawRequest, options: Partial<VerifyOptions> = {}) =>
  outcome(await scheme.verify(request, { secrets: [SECRET], at: NOON, ...options }));

const HEAD = { alg: 'HS256', typ: 'JWT' };

describe('a token with an issuer', () => {
  const scheme = jws({ id: 'jws', header: 'X-Token', algorithm: HS256, issuer: 'acme' });
  const good = token(HEAD, { iss: 'acme' });

  it.each([
    ['as it should be', good, 'verified'],
    ['with claims nobody asked for', token(HEAD, { iss: 'acme', more: [1] }), 'verified'],
    ['of another issuer', token(HEAD, { iss: 'other' }), 'mismatch'],
    ['of no issuer', token(HEAD, {}), 'mismatch'],
    ['with another key', token(HEAD, { iss: 'acme' }, 'other'), 'mismatch'],
    ['without an algorithm', token({ typ: 'JWT' }, { iss: 'acme' }), 'downgrade'],
    ['with the algorithm none', token({ alg: 'none' }, { iss: 'acme' }), 'downgrade'],
    [
      'with none and no signature',
      `${encode({ alg: 'none' })}.${encode({ iss: 'acme' })}.`,
      'downgrade',
    ],
    ['with the algorithm in lower case', token({ alg: 'hs256' }, { iss: 'acme' }), 'downgrade'],
    ['with a longer algorithm', token({ alg: 'HS512' }, { iss: 'acme' }), 'downgrade'],
    ['with unknown extensions', token({ ...HEAD, crit: ['b64'] }, { iss: 'acme' }), 'malformed'],
    ['whose claims are a list', token(HEAD, 'null'), 'malformed'],
    ['whose head is no JSON', token('{', { iss: 'acme' }), 'malformed'],
    ['of two parts', good.split('.').slice(0, 2).join('.'), 'malformed'],
    ['of four parts', `${good}.`, 'malformed'],
    ['with padding', `${good}=`, 'malformed'],
    ['with a scheme before it', `Bearer ${good}`, 'malformed'],
    ['in base64 with stray bits', strayBits(good), 'malformed'],
  ])('%s', async (_, value, expected) => {
    expect(await reason(scheme, withToken(value))).toBe(expected);
  });
});

/** The same bytes, but not their one proper spelling: the last letter carries bits nobody reads. */
function strayBits(value: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const at = letters.indexOf(value.at(-1) as string);
  return value.slice(0, -1) + letters[at ^ 1];
}

it('does not take a public key for a shared secret', async () => {
  const scheme = jws({ id: 'jws', header: 'X-Token', algorithm: ES256, bodyHash: 'sha256' });
  const key = p256PemPair.publicPart(p256PemPair.generate(seededRandom('jws')));
  for (const alg of ['HS256', 'ES256']) {
    const forged = withToken(token({ alg }, { sha256: 'any' }, key));
    expect(await reason(scheme, forged, { secrets: [key] })).toMatch(/^(downgrade|malformed)$/);
  }
});

describe('a token for an address, until a time', () => {
  const scheme = jws({
    id: 'jws',
    header: 'X-Token',
    algorithm: HS256,
    audience: true,
    expires: true,
    toleranceMs: 300_000,
  });
  const publicUrl = 'https://hooks.example.com/in';
  const until = (exp: unknown, aud: unknown = publicUrl) => withToken(token(HEAD, { aud, exp }));

  it('is verified until then, and stale after', async () => {
    const judge = (ms: number) =>
      reason(scheme, until(NOW + 60), { publicUrl, at: later(NOON, ms) });
    expect(await judge(60_000)).toBe('verified');
    expect(await judge(61_000)).toBe('stale');
    expect(await judge(-1_000_000)).toBe('verified');
  });

  it('has its time as a number', async () => {
    for (const exp of [undefined, null, `${NOW + 60}`, '']) {
      expect(await reason(scheme, until(exp), { publicUrl })).toBe('malformed');
    }
  });

  it('is for this address only', async () => {
    const at = NOW + 60;
    for (const aud of ['https://hooks.example.com/other', `${publicUrl}/`, null, [publicUrl]]) {
      expect(await reason(scheme, until(at, aud), { publicUrl })).toBe('mismatch');
    }
    expect(await reason(scheme, until(at), { publicUrl: 'https://evil.example.com/in' })).toBe(
      'mismatch',
    );
  });

  it('signs for the address that is known', async () => {
    const options = { secret: SECRET, eventId: 'x', at: NOON, publicUrl };
    const signed = scheme.sign(post('{}'), options);
    expect(await reason(scheme, signed, { publicUrl })).toBe('verified');
    expect(await reason(scheme, signed)).toBe('mismatch');
    const other = changeHeader(signed, 'X-Token', (text) => text.replace('.', '.A'));
    expect(await reason(scheme, other, { publicUrl })).not.toBe('verified');
  });
});
