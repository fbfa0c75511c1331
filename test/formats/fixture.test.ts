import { describe, expect, it } from 'vitest';
import { seededRandom, systemRandom } from '../../src/core/ids.ts';
import { payloadOf } from '../../src/core/place.ts';
import type { CapturedEvent, Provider } from '../../src/core/types.ts';
import { prepare } from '../../src/deliver/prepare.ts';
import { unknownHole } from '../../src/fixtures/holes.ts';
import { listFixtures, readFixture } from '../../src/fixtures/read.ts';
import { fixtureFile, fixtureText } from '../../src/formats/fixture/fixture-file.ts';
import { fixtureOf } from '../../src/formats/fixture/template.ts';
import { Redactor } from '../../src/formats/redact/redactor.ts';
import { findProvider, providers } from '../../src/providers/index.ts';
import { describeEvent } from '../../src/verify/describe-event.ts';
import { identifyByHeaders } from '../../src/verify/identify.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { post } from '../helpers/requests.ts';
import { sampleEvent } from '../store/samples.ts';

const AT = new Date('2026-11-25T10:00:00.250Z');
const LATER = new Date('2027-03-01T08:30:00.000Z');
const SECRETS = seededRandom('secrets of exported fixtures');

type Content = Parameters<typeof prepare>[0]['content'];

function deliver(provider: Provider, event: string, content: Content, secret: string, at: Date) {
  return prepare({
    provider,
    event,
    content,
    at,
    signedAt: at,
    random: systemRandom,
    secret,
    url: 'http://localhost:3000/hooks',
  });
}

/** What a listener would have recorded. */
function captured(provider: Provider, event: string, secret: string): CapturedEvent {
  const content = readFixture(provider.id, event);
  const { request } = deliver(provider, event, content, secret, AT);
  const { id, source, verdict } = sampleEvent({ at: AT });
  const names = describeEvent(request, provider);
  return { id, source, verdict, at: AT, provider: provider.id, ...names, request };
}

/** The form of a payload: its members and the kinds of what they hold. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, formOf(of)]));
}

function holesOf(template: unknown): string[] {
  return [...JSON.stringify(template).matchAll(/\{\{[^{}]*\}\}/g)].map(([hole]) => hole);
}

describe.each(providers.map((provider) => ({ provider, id: provider.id })))(
  'what $id sent',
  ({ provider }) => {
    const secret = provider.secret.generate(SECRETS);

    it.each(listFixtures(provider.id).map(({ event }) => event))(
      'becomes a fixture that sends %s again',
      async (event) => {
        const before = captured(provider, event, secret);
        const redactor = new Redactor({ secrets: [secret], providerOf: findProvider });
        for (const source of [before, redactor.redact({ ...before, deliveries: [] })]) {
          const made = fixtureOf(source, provider);
          expect(made.event).toBe(event);
          for (const hole of holesOf(made.template)) expect(unknownHole(hole)).toBeUndefined();
          const content: Content = {
            ...readFixture(provider.id, event),
            form: made.form,
            template: JSON.parse(fixtureText(made)),
          };
          const { request, eventId } = deliver(provider, event, content, secret, LATER);
          expect(identifyByHeaders(request)?.id).toBe(provider.id);
          const verdict = await verifyRequest(request, provider, { secrets: [secret], at: LATER });
          expect(verdict.status).toBe('verified');
          const told = describeEvent(request, provider);
          expect(told.type).toBe(event);
          if (before.eventId !== undefined) expect(told.eventId).toBe(eventId);
          expect(formOf(payloadOf(request))).toEqual(formOf(payloadOf(before.request)));
        }
      },
    );

    it('keeps no proof', () => {
      for (const { event } of listFixtures(provider.id)) {
        const { template } = fixtureOf(captured(provider, event, secret), provider);
        expect(JSON.stringify(template)).not.toContain(secret);
      }
    });
  },
);

const stripe = findProvider('stripe') as Provider;
const templateOf = (payload: unknown, parts: Partial<CapturedEvent> = {}) =>
  fixtureOf(
    sampleEvent({
      at: AT,
      eventId: 'evt_1PxqZrAbCdEfGhIjKlMnOpQr',
      ...parts,
      request: post(JSON.stringify(payload), [['Content-Type', 'application/json']]),
    }),
    stripe,
  );

describe('holes', () => {
  const now = Math.floor(AT.getTime() / 1_000);

  it.each([
    ['the event id', 'evt_1PxqZrAbCdEfGhIjKlMnOpQr', '{{eventId}}'],
    [
      'the event id within a text',
      'https://x.example.com/evt_1PxqZrAbCdEfGhIjKlMnOpQr/raw',
      'https://x.example.com/{{eventId}}/raw',
    ],
    ['an id', 'cus_PxqZ12345678AB', '{{id:cus:value_of}}'],
    ['an id with a prefix of two words', 'acct_tok_1PxqZ12345678AB', '{{id:acct_tok:value_of}}'],
    ['a UUID', '7f9c2ba4-e88f-427d-a24b-3d9c8a7f0e11', '{{uuid:value_of}}'],
    [
      'a commit in an address',
      'https://x.example.com/c/a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      'https://x.example.com/c/{{hex:40:value_of}}',
    ],
    ['the zeros of no commit', '0'.repeat(40), '0'.repeat(40)],
    [
      'the id of nobody',
      '00000000-0000-0000-0000-000000000000',
      '00000000-0000-0000-0000-000000000000',
    ],
    ['the sid of Twilio', `SM${'0a1b2c3d4e5f6789'.repeat(2)}`, 'SM{{hex:32:value_of}}'],
    ['a word', 'customer_subscription_created', 'customer_subscription_created'],
    ['seconds', now, '{{now}}'],
    ['seconds before', now - 300, '{{now-5m}}'],
    ['milliseconds', now * 1_000 + 90_250, '{{now.ms+90s}}'],
    ['seconds as text', String(now - 3_600), '{{now.text-1h}}'],
    ['a time of Slack', `${now - 7}.000200`, '{{now.text-7s}}.000200'],
    ['an ISO time', '2026-11-24T10:00:00Z', '{{iso-1d}}'],
    ['an ISO time with milliseconds', '2026-11-25T09:59:50.250Z', '{{iso.ms-10s}}'],
    ['an ISO time of another zone', '2026-11-25T10:00:00+01:00', '2026-11-25T10:00:00+01:00'],
    ['an ISO time of another age', '1999-12-31T23:59:59Z', '1999-12-31T23:59:59Z'],
    ['the day', '2026-11-25', '{{date}}'],
    ['times in a text', '<t>2026-11-25T09:00:00Z</t>', '<t>{{iso-1h}}</t>'],
    ['an amount', 4_200, 4_200],
    ['a number that is no time', 1_296_269_000, 1_296_269_000],
  ])('stand for %s', (_, value, expected) => {
    expect(templateOf({ value_of: value }).template).toEqual({ value_of: expected });
  });

  it('are the same for the same value and others for another', () => {
    const { template } = templateOf({
      customer: 'cus_PxqZ12345678AB',
      object: { id: 'cus_PxqZ12345678AB', customer: 'cus_AAAA12345678ZZ' },
      url: '/v1/customers/cus_AAAA12345678ZZ',
    });
    expect(template).toEqual({
      customer: '{{id:cus:customer}}',
      object: { id: '{{id:cus:customer}}', customer: '{{id:cus:customer_2}}' },
      url: '/v1/customers/{{id:cus:customer_2}}',
    });
  });

  it('are named like what an object says it is', () => {
    const { template } = templateOf({ data: { id: 'ch_PxqZ12345678AB', object: 'charge' } });
    expect(template).toEqual({ data: { id: '{{id:ch:charge}}', object: 'charge' } });
  });

  it('of a time a year away are made only where it is called one', () => {
    const year = now - 365 * 86_400;
    expect(templateOf({ created: year, serial: year, user_id: now }).template).toEqual({
      created: '{{now-365d}}',
      serial: year,
      user_id: now,
    });
  });

  it('are not made of braces that the payload has itself', () => {
    const made = templateOf({ text: 'Hi {{name}}, {{ {"a":{"b":1}} }}' });
    expect(made.braces).toBe(1);
    expect(holesOf(made.template)).toEqual([]);
    expect(templateOf({ text: '{a} {{' }).template).toEqual({ text: '{a} {{' });
  });
});

describe('no fixture is made', () => {
  it.each([
    ['of an unknown provider', sampleEvent(), undefined],
    ['of an event without a name', { ...sampleEvent(), type: undefined } as never, stripe],
    ['of a handshake', sampleEvent({ handshake: 'url_verification' }), stripe],
    ['of bytes', sampleEvent({ request: { body: Buffer.from([1, 0xff]) } }), stripe],
    [
      'of what is nested too deeply',
      sampleEvent({ request: { body: Buffer.from('['.repeat(5_000) + ']'.repeat(5_000)) } }),
      stripe,
    ],
  ])('%s', (_, event, provider) => {
    expect(() => fixtureOf(event, provider)).toThrow(
      expect.objectContaining({ code: 'no-fixture' }),
    );
  });
});

describe('the file', () => {
  const named = (event: string) => ({ event, form: 'json', template: {}, braces: 0 }) as const;

  it('is named like the event', () => {
    expect(fixtureFile('shopify', named('orders/paid'))).toBe('shopify/orders%2Fpaid.json');
    expect(fixtureFile('slack', { ...named('block_actions'), form: 'payload' })).toBe(
      'slack/block_actions.payload.json',
    );
  });

  it.each(['../../etc/passwd', '.hidden', 'a\0b', 'a\\b', 'nul', 'COM1.x', '', 'x'.repeat(200)])(
    'is never named %j',
    (event) => {
      expect(() => fixtureFile('stripe', named(event))).toThrow(
        expect.objectContaining({ code: 'bad-event-name' }),
      );
    },
  );

  it('cannot leave the folder of its provider', () => {
    expect(fixtureFile('x', named('a/../../b'))).toBe('x/a%2F..%2F..%2Fb.json');
  });
});
