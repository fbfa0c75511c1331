import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import type { RawRequest, VerifyOptions } from '../../src/core/types.ts';
import { generic } from '../../src/providers/generic.ts';
import github from '../../src/providers/github.ts';
import { getProvider } from '../../src/providers/index.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import stripe from '../../src/providers/stripe.ts';
import { ed25519PublicBytes } from '../../src/schemes/ed25519.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { changeHeader, NOON, outcome, post } from '../helpers/requests.ts';

const options = { eventId: 'msg_1', at: NOON };
const seed = Buffer.alloc(32, 'seed');
const PRIVATE = `whsk_${Buffer.concat([seed, ed25519PublicBytes(seed)]).toString('base64')}`;
const PUBLIC = `whpk_${ed25519PublicBytes(seed).toString('base64')}`;
const SHARED = standardWebhooks.secret.generate(seededRandom('shared'));
const OTHER = standardWebhooks.secret.generate(seededRandom('other'));

describe('with secrets for different schemes of one provider', () => {
  const shared = signRequest(post('{}'), standardWebhooks, { ...options, secret: SHARED });
  const pair = signRequest(post('{}'), standardWebhooks, { ...options, secret: PRIVATE });
  const judge = (request: RawRequest, secrets: readonly string[]) =>
    verifyRequest(request, standardWebhooks, { secrets, at: NOON });

  it('each request is verified by the one it was made with, counted as they were given', async () => {
    expect(await judge(shared, [PUBLIC, SHARED])).toEqual({
      status: 'verified',
      scheme: 'standard-webhooks',
      detail: 'secret 2 of 2',
    });
    expect(await judge(pair, [OTHER, SHARED, PUBLIC])).toEqual({
      status: 'verified',
      scheme: 'standard-webhooks-asym',
      detail: 'secret 3 of 3',
    });
  });

  it('a request with both signatures is verified by either', async () => {
    const both = changeHeader(shared, 'webhook-signature', (value) => {
      return `${value} ${pair.headers.find(([name]) => name === 'webhook-signature')?.[1]}`;
    });
    for (const secret of [SHARED, PUBLIC, PRIVATE]) {
      expect(outcome(await judge(both, [secret]))).toBe('verified');
    }
  });

  it('the most telling of the rejections is given', async () => {
    expect(await judge(shared, [OTHER, PUBLIC])).toMatchObject({
      reason: 'mismatch',
      scheme: 'standard-webhooks',
    });
    expect(await judge({ ...pair, body: Buffer.from('[]') }, [OTHER, PUBLIC])).toMatchObject({
      reason: 'mismatch',
      scheme: 'standard-webhooks-asym',
    });
    expect(outcome(await judge(shared, [PUBLIC]))).toBe('malformed');
    expect(outcome(await judge(post('{}'), [SHARED, PUBLIC]))).toBe('missing');
  });

  it('a signature of one scheme never passes for one of the other', async () => {
    const relabelled = changeHeader(pair, 'webhook-signature', (value) =>
      value.replace('v1a', 'v1'),
    );
    expect(outcome(await judge(relabelled, [SHARED, PUBLIC]))).toBe('malformed');
  });
});

describe('with only a legacy proof', () => {
  const signed = signRequest(post('{}'), github, { ...options, secret: 'secret' });
  const bare = changeHeader(signed, 'x-hub-signature-256', () => undefined);
  const judge = (request: RawRequest, secret = 'secret') =>
    verifyRequest(request, github, { secrets: [secret], at: NOON });

  it('is rejected, and says whether it fits', async () => {
    expect(await judge(bare)).toMatchObject({
      reason: 'downgrade',
      scheme: 'github-sha1',
      detail: expect.stringContaining('It fits'),
    });
    expect(await judge(bare, 'another')).toMatchObject({
      reason: 'downgrade',
      detail: expect.stringContaining('does not fit either'),
    });
  });

  it('does not rescue a proof that is there and wrong', async () => {
    const zeros = `sha256=${'0'.repeat(64)}`;
    const wrong = changeHeader(signed, 'x-hub-signature-256', () => zeros);
    expect(outcome(await judge(wrong))).toBe('mismatch');
    const empty = changeHeader(signed, 'x-hub-signature-256', () => '');
    expect(outcome(await judge(empty))).toBe('malformed');
  });

  it('does not spoil a good one when it is wrong itself', async () => {
    const odd = changeHeader(signed, 'x-hub-signature', () => 'sha1=nonsense');
    expect(outcome(await judge(odd))).toBe('verified');
  });
});

describe('used wrongly', () => {
  const signed = signRequest(post('{}'), stripe, { ...options, secret: 'whsec_x' });
  const judge = (wrong: Partial<VerifyOptions>) =>
    verifyRequest(signed, stripe, { secrets: ['whsec_x'], at: NOON, ...wrong });

  it.each<[string, Partial<VerifyOptions>]>([
    ['unusable-secret', { secrets: [''] }],
    ['unusable-secret', { secrets: ['whsec_x', ''] }],
    ['bad-time', { at: new Date(Number.NaN) }],
    ['bad-time', { at: new Date(-1) }],
    ['bad-tolerance', { toleranceMs: Number.NaN }],
    ['bad-tolerance', { toleranceMs: -1 }],
  ])('it is an error, %s, and no verdict', async (code, wrong) => {
    await expect(judge(wrong)).rejects.toThrowError(
      expect.objectContaining({ name: 'HookcliError', code, exitCode: 2 }),
    );
  });

  it('an error about a secret does not tell it', async () => {
    const secret = 'whsec_*** very secret ***';
    const verdict = verifyRequest(signed, standardWebhooks, { secrets: [secret], at: NOON });
    await expect(verdict).rejects.toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining('very secret') }),
    );
  });
});

describe('a generic sender of another make', () => {
  it('is verified as it was told to sign', async () => {
    const own = generic({
      header: 'X-Mine',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'v=',
    });
    const signed = signRequest(post('{}'), own, { ...options, secret: 'mine' });
    expect(signed.headers).toEqual([['X-Mine', expect.stringMatching(/^v=[A-Za-z0-9+/]{86}==$/)]]);
    const given = { secrets: ['mine'], at: NOON };
    expect(outcome(await verifyRequest(signed, own, given))).toBe('verified');
    expect(outcome(await verifyRequest(signed, getProvider('generic'), given))).toBe('missing');
  });
});
