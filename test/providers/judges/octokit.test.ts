import { Webhooks } from '@octokit/webhooks';
import { describe, expect, it } from 'vitest';
import { headerValue } from '../../../src/core/headers.ts';
import { seededRandom } from '../../../src/core/ids.ts';
import type { RawRequest } from '../../../src/core/types.ts';
import { SPOILS, type Spoil, signSpoiled } from '../../../src/deliver/spoil.ts';
import { listFixtures } from '../../../src/fixtures/read.ts';
import github from '../../../src/providers/github.ts';
import { signRequest } from '../../../src/verify/sign.ts';
import { verifyRequest } from '../../../src/verify/verify.ts';
import { composed, NOON, outcome, post } from '../../helpers/requests.ts';

const random = seededRandom('octokit judge');
const SECRET = github.secret.generate(random);
const OTHER = github.secret.generate(random);
const BODY = '{"zen":"Grüße ☂","escaped":"\\u2602"}';

const octokit = new Webhooks({ secret: SECRET });

/** Octokit's own verdict; what it throws at is what it was not given. */
async function accepts(request: RawRequest): Promise<boolean> {
  const signature = headerValue(request.headers, 'x-hub-signature-256');
  if (signature === undefined || signature === '') {
    await expect(octokit.verify(textOf(request), signature as string)).rejects.toThrow(TypeError);
    return false;
  }
  return octokit.verify(textOf(request), signature);
}

const textOf = (request: RawRequest) => Buffer.from(request.body).toString();

const withSignature = (value: string, body: string | Uint8Array = BODY) =>
  post(body, [['x-hub-signature-256', value]]);

const ours = async (request: RawRequest, secrets = [SECRET]) =>
  outcome(await verifyRequest(request, github, { secrets, at: NOON }));

describe.each(listFixtures('github'))('octokit judges $event', ({ event }) => {
  const request = composed(github, event);
  const options = { secret: SECRET, eventId: request.eventId, at: NOON };

  it('accepts what we sign, as JSON and as a form', async () => {
    expect(await accepts(signRequest(request, github, options))).toBe(true);
    const form = composed(github, event, { form: true });
    expect(await accepts(signRequest(form, github, options))).toBe(true);
    expect(await accepts(signRequest(request, github, { ...options, secret: OTHER }))).toBe(false);
  });

  // GitHub dates nothing, so there is no timestamp to spoil.
  const spoils = (Object.keys(SPOILS) as Spoil[]).filter((spoil) => spoil !== 'timestamp');
  it.each(spoils)('refuses it with its %s spoiled', async (spoil) => {
    const spoiled = signSpoiled(request, github, {
      ...options,
      spoil,
      random: seededRandom(spoil),
    });
    expect(await accepts(spoiled)).toBe(false);
  });

  it('signs what we verify', async () => {
    const signature = await octokit.sign(textOf(request));
    expect(await ours(withSignature(signature, request.body))).toBe('verified');
  });
});

describe('octokit and we', () => {
  it('agree on a rotation', async () => {
    const signature = await new Webhooks({ secret: OTHER }).sign(BODY);
    const received: string[] = [];
    const rotating = new Webhooks({ secret: SECRET, additionalSecrets: [OTHER] });
    rotating.onAny(({ name }) => received.push(name));
    await rotating.verifyAndReceive({ id: 'guid', name: 'ping', payload: BODY, signature });
    expect(received).toEqual(['ping']);
    expect(await ours(withSignature(signature), [SECRET, OTHER])).toBe('verified');
    expect(await accepts(withSignature(signature))).toBe(false);
    expect(await ours(withSignature(signature))).toBe('mismatch');
  });

  it.each<[string, (signature: string) => string]>([
    ['its prefix missing', (signature) => signature.slice('sha256='.length)],
    ['the prefix of another algorithm', (signature) => signature.replace('sha256', 'sha1')],
    ['an upper-case prefix', (signature) => signature.replace('sha256', 'SHA256')],
    ['upper-case hex', (signature) => `sha256=${signature.slice(7).toUpperCase()}`],
    ['its last digit missing', (signature) => signature.slice(0, -1)],
    ['a digit too many', (signature) => `${signature}0`],
    ['a space before', (signature) => ` ${signature}`],
    ['a line end after', (signature) => `${signature}\n`],
    ['itself again after a comma', (signature) => `${signature}, ${signature}`],
    ['only zeros', () => `sha256=${'0'.repeat(64)}`],
    ['only a prefix', () => 'sha256='],
  ])('refuse a signature with %s', async (_, change) => {
    const request = withSignature(change(await octokit.sign(BODY)));
    expect(await accepts(request)).toBe(false);
    expect(await ours(request)).toMatch(/^(malformed|mismatch)$/);
  });

  it('differ: octokit takes text, so that other bytes pass for the signed ones', async () => {
    const broken = Buffer.from('{"a":"\xff"}', 'latin1');
    const request = withSignature(await octokit.sign('{"a":"\uFFFD"}'), broken);
    expect(await accepts(request)).toBe(true);
    expect(await ours(request)).toBe('mismatch');
  });
});
