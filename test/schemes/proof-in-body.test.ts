import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/ids.ts';
import { inForm, inJson, readPlace, writePlace } from '../../src/core/place.ts';
import type { CapturedEvent, Place, Provider, RawRequest } from '../../src/core/types.ts';
import { resign } from '../../src/deliver/resign.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import adyen from '../../src/providers/adyen.ts';
import braintree from '../../src/providers/braintree.ts';
import linear from '../../src/providers/linear.ts';
import mailgun from '../../src/providers/mailgun.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { composed, later, NOON, outcome, post } from '../helpers/requests.ts';

const secretOf = (provider: Provider) => provider.secret.generate(seededRandom(provider.id));

function signed(provider: Provider): RawRequest {
  const { event } = listFixtures(provider.id)[0] as { event: string };
  const { eventId, ...request } = composed(provider, event);
  return signRequest(request, provider, { secret: secretOf(provider), eventId, at: NOON });
}

const judge = async (provider: Provider, request: RawRequest, at = NOON) =>
  outcome(await verifyRequest(request, provider, { secrets: [secretOf(provider)], at }));

const change = (request: RawRequest, place: Place, text: string): RawRequest =>
  writePlace(request, place, text);

const ITEM = 'notificationItems.0.NotificationRequestItem';

describe.each<[Provider, Place, string]>([
  [mailgun, inJson('signature.timestamp'), '1767225601'],
  [mailgun, inJson('signature.token'), '0123456789abcdef0123456789abcdef0123456789abcdef01'],
  ...[
    'pspReference',
    'originalReference',
    'merchantAccountCode',
    'merchantReference',
    'amount.value',
    'amount.currency',
    'eventCode',
    'success',
  ].map<[Provider, Place, string]>((field) => [adyen, inJson(`${ITEM}.${field}`), 'other']),
  [linear, inJson('webhookTimestamp'), '1'],
  [braintree, inForm('bt_payload'), 'PGEvPg=='],
])('$id', (provider, place, text) => {
  it(`signs its ${place.name}`, async () => {
    const request = signed(provider);
    expect(await judge(provider, request)).toBe('verified');
    expect(await judge(provider, change(request, place, text))).toBe('mismatch');
  });
});

describe.each([mailgun, linear])('$id', (provider) => {
  it('refuses to sign what has no place for the proof', () => {
    const options = { secret: secretOf(provider), eventId: 'event-1', at: NOON };
    expect(() => signRequest(post('not JSON'), provider, options)).toThrowError(
      expect.objectContaining({ code: 'bad-json' }),
    );
  });
});

describe('adyen', () => {
  it('wants every item signed', async () => {
    const request = signed(adyen);
    const { notificationItems, live } = JSON.parse(Buffer.from(request.body).toString()) as {
      live: string;
      notificationItems: object[];
    };
    const items = [...notificationItems, structuredClone(notificationItems[0])];
    const two = {
      ...request,
      body: Buffer.from(JSON.stringify({ live, notificationItems: items })),
    };
    expect(await judge(adyen, two)).toBe('verified');
    const second = inJson(`notificationItems.1.NotificationRequestItem.amount.value`);
    expect(await judge(adyen, writePlace(two, second, 1))).toBe('mismatch');
    const proof = inJson(
      'notificationItems.1.NotificationRequestItem.additionalData.hmacSignature',
    );
    expect(await judge(adyen, writePlace(two, proof, undefined))).toBe('missing');
  });

  it('keeps every other byte of an item that is signed already', () => {
    const request = signed(adyen);
    const options = { secret: secretOf(adyen), eventId: 'event-1', at: NOON };
    expect(signRequest(request, adyen, options).body).toEqual(request.body);
  });
});

describe('linear', () => {
  it('takes no time from a header', async () => {
    const request = signed(linear);
    const headers = [
      ...request.headers,
      ['Linear-Timestamp', `${later(NOON, 3_600_000).getTime()}`],
    ];
    const dated = { ...request, headers: headers as RawRequest['headers'] };
    expect(await judge(linear, dated)).toBe('verified');
    expect(await judge(linear, dated, later(NOON, 3_600_000))).toBe('stale');
    expect(await judge(linear, dated, later(NOON, -61_000))).toBe('early');
  });
});

describe('braintree', () => {
  it('verifies with the private key alone, but cannot sign with it', async () => {
    const request = signed(braintree);
    const secret = secretOf(braintree).split('|')[1] as string;
    const verdict = await verifyRequest(request, braintree, { secrets: [secret], at: NOON });
    expect(outcome(verdict)).toBe('verified');
    const options = { secret, eventId: 'event-1', at: NOON };
    expect(() => signRequest(request, braintree, options)).toThrowError(
      expect.objectContaining({ code: 'unusable-secret' }),
    );
  });

  it('sends the XML in base64', () => {
    const payload = readPlace(signed(braintree), inForm('bt_payload')) ?? '';
    expect(Buffer.from(payload, 'base64').toString()).toContain('<kind>check</kind>');
  });
});

describe.each([mailgun, adyen, linear, braintree])('a captured event of $id', (provider) => {
  it('is signed afresh', async () => {
    const captured: CapturedEvent = {
      id: 'evt_1',
      at: NOON,
      source: 'received',
      provider: provider.id,
      verdict: { status: 'verified', scheme: 'any' },
      request: signed(provider),
    };
    const at = later(NOON, 86_400_000);
    const again = resign(captured, { provider, secret: secretOf(provider), at, edits: [] });
    expect(await judge(provider, again, at)).toBe('verified');
    const other = provider.secret.generate(seededRandom('another'));
    const moved = resign(captured, { provider, secret: other, at, edits: [] });
    expect(await judge(provider, moved, at)).toBe('mismatch');
  });
});
