import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../src/core/ids.ts';
import type { Header, RawRequest } from '../../../src/core/types.ts';
import { SPOILS, type Spoil, signSpoiled } from '../../../src/deliver/spoil.ts';
import { listFixtures } from '../../../src/fixtures/read.ts';
import standardWebhooks from '../../../src/providers/standard-webhooks.ts';
import { signRequest } from '../../../src/verify/sign.ts';
import { verifyRequest } from '../../../src/verify/verify.ts';
import { composed, later, NOON, outcome, post } from '../../helpers/requests.ts';

const random = seededRandom('standard webhooks judge');
const SECRET = standardWebhooks.secret.generate(random);
const OTHER = standardWebhooks.secret.generate(random);
const BODY = '{"type":"judged","note":"Grüße ☂"}';
const SECONDS = String(NOON.getTime() / 1_000);

// The official library asks the system for the time; it has no argument for it.
beforeAll(() => vi.useFakeTimers({ toFake: ['Date'], now: NOON }));
afterAll(() => vi.useRealTimers());

function accepts(request: RawRequest, secret = SECRET, at = NOON): boolean {
  vi.setSystemTime(at);
  try {
    const headers = Object.fromEntries(request.headers);
    new Webhook(secret).verify(Buffer.from(request.body), headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  } finally {
    vi.setSystemTime(NOON);
  }
}

const theirs = (body = BODY, secret = SECRET, id = 'msg_judge') =>
  new Webhook(secret).sign(id, NOON, body);

function request(
  signature: string,
  { body = BODY as string | Uint8Array, id = 'msg_judge', timestamp = SECONDS } = {},
): RawRequest {
  const headers: Header[] = [
    ['webhook-id', id],
    ['webhook-timestamp', timestamp],
    ['webhook-signature', signature],
  ];
  return post(body, headers);
}

const ours = async (signed: RawRequest, secrets = [SECRET], at = NOON) =>
  outcome(await verifyRequest(signed, standardWebhooks, { secrets, at }));

describe.each(listFixtures('standard-webhooks'))('standardwebhooks judges $event', ({ event }) => {
  const fixture = composed(standardWebhooks, event);
  const options = { secret: SECRET, eventId: fixture.eventId, at: NOON };

  it('accepts what we sign', () => {
    const signed = signRequest(fixture, standardWebhooks, options);
    expect(accepts(signed)).toBe(true);
    expect(accepts(signed, OTHER)).toBe(false);
  });

  it.each(Object.keys(SPOILS) as Spoil[])('refuses it with its %s spoiled', (spoil) => {
    const spoiling = { ...options, spoil, random: seededRandom(spoil) };
    expect(accepts(signSpoiled(fixture, standardWebhooks, spoiling))).toBe(false);
  });

  it('signs what we verify', async () => {
    const body = Buffer.from(fixture.body).toString();
    const signature = theirs(body, SECRET, fixture.eventId);
    expect(await ours(request(signature, { body, id: fixture.eventId }))).toBe('verified');
  });
});

describe('standardwebhooks and we', () => {
  it.each([-86_400, -301, -300, -1, 0, 1, 299, 300, 301, 86_400])(
    'agree on a signature %i seconds old',
    async (seconds) => {
      for (const ms of [0, 1, 500, 999]) {
        const at = later(NOON, seconds * 1_000 + ms);
        const signed = request(theirs());
        expect((await ours(signed, [SECRET], at)) === 'verified').toBe(accepts(signed, SECRET, at));
      }
    },
  );

  it('agree on a rotation', async () => {
    const both = request(`${theirs(BODY, OTHER)} ${theirs()}`);
    for (const secret of [SECRET, OTHER]) {
      expect(accepts(both, secret)).toBe(true);
      expect(await ours(both, [secret])).toBe('verified');
    }
  });

  it('agree that the prefix of a secret may be left out', async () => {
    const bare = SECRET.slice('whsec_'.length);
    expect(accepts(request(theirs()), bare)).toBe(true);
    expect(await ours(request(theirs()), [bare])).toBe('verified');
  });

  const [, base64 = ''] = theirs().split(',');
  it.each<[string, Parameters<typeof request>]>([
    ['another version beside', [`v9,abc v1a,${base64} v1,${base64}`]],
    ['only another version', [`v2,${base64}`]],
    ['a v1 signature called v1a', [`v1a,${base64}`]],
    ['no version', [base64]],
    ['an empty signature', ['v1,']],
    ['a cut signature', [`v1,${base64.slice(0, -4)}`]],
    ['no padding', [`v1,${base64.slice(0, -1)}`]],
    ['commas between', [`v1,${base64},v1,${base64}x`]],
    ['two spaces between', [`v1,AAAA  v1,${base64}`]],
    ['an empty id', [`v1,${base64}`, { id: '' }]],
    ['another id', [`v1,${base64}`, { id: 'msg_other' }]],
    ['an empty timestamp', [`v1,${base64}`, { timestamp: '' }]],
    ['a word for a timestamp', [`v1,${base64}`, { timestamp: 'now' }]],
    ['another timestamp', [`v1,${base64}`, { timestamp: String(Number(SECONDS) + 1) }]],
    ['a negative timestamp', [`v1,${base64}`, { timestamp: `-${SECONDS}` }]],
  ])('agree on %s', async (name, args) => {
    const signed = request(...args);
    // `v1,a,v1,b` reads as the signature a and something after it to the library.
    if (name === 'commas between') {
      expect(accepts(signed)).toBe(true);
      expect(await ours(signed)).toBe('malformed');
    } else {
      expect((await ours(signed)) === 'verified').toBe(accepts(signed));
    }
  });

  // Where standardwebhooks 1.1 lets pass what we refuse, and why we do.
  it.each([
    ['what follows the digits of a timestamp', `${SECONDS}abc`],
    ['the fraction of a timestamp', `${SECONDS}.9`],
    ['white space around a timestamp', ` ${SECONDS} `],
    ['leading zeros beyond any real timestamp', `000${SECONDS}`],
  ])('differ: the library forgets %s, which is not what was signed', async (_, timestamp) => {
    const signed = request(theirs(), { timestamp });
    expect(accepts(signed)).toBe(true);
    expect(await ours(signed)).toBe('malformed');
  });

  it('differ: the library tries any number of signatures, we as many as a rotation needs', async () => {
    const wrong = Array.from({ length: 20 }, () => theirs(BODY, OTHER));
    const many = request([...wrong, theirs()].join(' '));
    expect(accepts(many)).toBe(true);
    expect(await ours(many)).toBe('malformed');
    expect(await ours(request([...wrong.slice(1), theirs()].join(' ')))).toBe('verified');
  });

  it('differ: the library decodes the body to text, so that other bytes pass for the signed ones', async () => {
    const broken = Buffer.from('{"a":"\xff"}', 'latin1');
    const signed = request(theirs('{"a":"\uFFFD"}'), { body: broken });
    expect(accepts(signed)).toBe(true);
    expect(await ours(signed)).toBe('mismatch');
  });
});
