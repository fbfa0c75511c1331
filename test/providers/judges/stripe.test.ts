import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { headerValue } from '../../../src/core/headers.ts';
import { seededRandom } from '../../../src/core/ids.ts';
import type { RawRequest } from '../../../src/core/types.ts';
import { SPOILS, type Spoil, signSpoiled } from '../../../src/deliver/spoil.ts';
import { listFixtures } from '../../../src/fixtures/read.ts';
import stripe from '../../../src/providers/stripe.ts';
import { signRequest } from '../../../src/verify/sign.ts';
import { verifyRequest } from '../../../src/verify/verify.ts';
import { composed, later, NOON, outcome, post } from '../../helpers/requests.ts';

const { webhooks } = new Stripe('sk_test_never_sent');
const judge = webhooks.signature as NonNullable<typeof webhooks.signature>;
const random = seededRandom('stripe judge');
const SECRET = stripe.secret.generate(random);
const NEXT = stripe.secret.generate(random);
const BODY = '{"id":"evt_judge","object":"event","type":"charge.succeeded","note":"Grüße ☂"}';

/** Stripe's own verdict, at our clock and with its default tolerance. */
function accepts(request: RawRequest, secret = SECRET, at = NOON): boolean {
  const header = headerValue(request.headers, 'stripe-signature');
  try {
    // Asked of `signature` and not of `constructEvent`, which has no patience with thin events.
    return judge.verifyHeader(
      Buffer.from(request.body),
      header as string,
      secret,
      undefined,
      undefined,
      at.getTime(),
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}

const theirHeader = (secret = SECRET, body = BODY, at = NOON): string =>
  webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: Math.floor(at.getTime() / 1_000),
  });

const withSignature = (value: string, body: string | Uint8Array = BODY) =>
  post(body, [['stripe-signature', value]]);

const ours = async (request: RawRequest, secrets = [SECRET], at = NOON) =>
  outcome(await verifyRequest(request, stripe, { secrets, at }));

describe.each(listFixtures('stripe'))('stripe judges $event', ({ event }) => {
  const request = composed(stripe, event);
  const options = { secret: SECRET, eventId: request.eventId, at: NOON };

  it('accepts what we sign', () => {
    const signed = signRequest(request, stripe, options);
    expect(accepts(signed)).toBe(true);
    expect(accepts(signed, NEXT)).toBe(false);
  });

  it.each(Object.keys(SPOILS) as Spoil[])('refuses it with its %s spoiled', (spoil) => {
    expect(
      accepts(signSpoiled(request, stripe, { ...options, spoil, random: seededRandom(spoil) })),
    ).toBe(false);
  });

  it('signs what we verify', async () => {
    const body = Buffer.from(request.body).toString();
    expect(await ours(withSignature(theirHeader(SECRET, body), body))).toBe('verified');
  });
});

describe('stripe and we', () => {
  it('construct the event we signed', () => {
    const signed = signRequest(post(BODY), stripe, { secret: SECRET, eventId: '', at: NOON });
    const header = headerValue(signed.headers, 'stripe-signature') as string;
    const at = NOON.getTime();
    const event = webhooks.constructEvent(BODY, header, SECRET, undefined, undefined, at);
    expect(event.id).toBe('evt_judge');
  });

  it('agree on a header signed with two secrets during a rotation', async () => {
    const [, next] = theirHeader(NEXT).split(',');
    const both = withSignature(`${theirHeader(SECRET)},${next}`);
    for (const secret of [SECRET, NEXT]) {
      expect(accepts(both, secret)).toBe(true);
      expect(await ours(both, [secret])).toBe('verified');
    }
    expect(accepts(both, 'whsec_of_nobody')).toBe(false);
    expect(await ours(both, ['whsec_of_nobody'])).toBe('mismatch');
  });

  it.each([-86_400, -301, -300, -1, 0, 1, 299, 300, 301, 86_400])(
    'agree on a signature %i seconds old',
    async (seconds) => {
      const request = withSignature(theirHeader());
      for (const ms of [0, 1, 500, 999]) {
        const at = later(NOON, seconds * 1_000 + ms);
        expect((await ours(request, [SECRET], at)) === 'verified').toBe(
          accepts(request, SECRET, at),
        );
      }
    },
  );

  const [t, v1] = theirHeader().split(',') as [string, string];
  it.each([
    ['no timestamp', v1],
    ['no signature', t],
    ['only v0', `${t},${v1.replace('v1', 'v0')}`],
    ['a v0 beside', `${t},${v1},v0=${'0'.repeat(64)}`],
    ['other order', `${v1},${t}`],
    ['a space after the comma', `${t}, ${v1}`],
    ['upper-case names', `${t.toUpperCase()},${v1.toUpperCase()}`],
    ['upper-case hex', `${t},v1=${v1.slice(3).toUpperCase()}`],
    ['an unknown pair', `${t},x=y,${v1}`],
    ['something that is no pair', `${t},tx,v1x,${v1}`],
    ['a broken v1 before', `${t},v1=zz,${v1}`],
    ['the signature twice', `${t},${v1},${v1}`],
    ['a cut signature', `${t},${v1.slice(0, -1)}`],
    ['a semicolon', `${t};${v1}`],
    ['a joined second header', `${t},${v1}, ${t},${v1}`],
    ['a word for a timestamp', `t=now,${v1}`],
    ['nothing for a timestamp', `t=,${v1}`],
  ])('agree on a header with %s', async (_, header) => {
    const request = withSignature(header);
    expect((await ours(request)) === 'verified').toBe(accepts(request));
  });

  // Where stripe-node 23.1 lets pass what we refuse, and why we do.
  const BOM = '\uFEFF';
  it.each([
    ['the last of two timestamps counts: which one was signed is then a guess', `t=1,${t},${v1}`],
    ['reads digits and forgets what follows them', `${t}abc,${v1}`],
    ['reads digits and forgets a fraction', `${t}.9,${v1}`],
    ['forgets white space around the digits', `t= ${t.slice(2)} ,${v1}`],
    ['forgets leading zeros beyond any real timestamp', `t=000${t.slice(2)},${v1}`],
    ['forgets what follows a second equals sign', `${t},${v1}=junk`],
  ])('differ: stripe %s', async (_, header) => {
    const request = withSignature(header);
    expect(accepts(request)).toBe(true);
    expect(await ours(request)).toBe('malformed');
  });

  it('differ: stripe decodes the body to text, so that other bytes pass for the signed ones', async () => {
    const marked = withSignature(theirHeader(), BOM + BODY);
    expect(accepts(marked)).toBe(true);
    expect(await ours(marked)).toBe('mismatch');

    const replaced = theirHeader(SECRET, '{"a":"\uFFFD"}');
    const broken = Buffer.from('{"a":"\xff"}', 'latin1');
    expect(accepts(withSignature(replaced, broken))).toBe(true);
    expect(await ours(withSignature(replaced, broken))).toBe('mismatch');
  });

  it('agree on an empty body', async () => {
    const empty = withSignature(theirHeader(SECRET, ''), '');
    expect(accepts(empty)).toBe(true);
    expect(await ours(empty)).toBe('verified');
  });

  it('differ: stripe trips over an empty v1, even with a good one beside', async () => {
    const request = withSignature(`${t},v1=,${v1}`);
    expect(() => accepts(request)).toThrow('secureCompare');
    expect(await ours(request)).toBe('verified');
  });
});
