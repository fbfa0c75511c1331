import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header, RecordedEvent } from '../../src/core/types.ts';
import { rewriteJson } from '../../src/formats/redact/json-literals.ts';
import { Redactor } from '../../src/formats/redact/redactor.ts';
import { findProvider } from '../../src/providers/index.ts';
import { answered, sampleDelivery, sampleEvent } from '../store/samples.ts';

const SECRET = 'whsec_c2VjcmV0IG9mIG5vYm9keQ';

function redact(event: RecordedEvent) {
  const redactor = new Redactor({ secrets: [SECRET], providerOf: findProvider });
  const shown = redactor.redact(event);
  return { shown, told: redactor.tally.text, body: Buffer.from(shown.request.body).toString() };
}

const event = (
  body: string | Uint8Array,
  headers: readonly Header[] = [['Content-Type', 'application/json']],
  provider = 'stripe',
): RecordedEvent => ({
  ...sampleEvent({ provider, request: { headers, body: Buffer.from(body), url: '/hooks' } }),
  deliveries: [],
});

/** The payload after redaction. */
const payload = (value: unknown) => JSON.parse(redact(event(JSON.stringify(value))).body);

const headers = (given: readonly Header[], provider?: string) =>
  redact(event('', given, provider)).shown.request.headers.map(([, value]) => value);

describe('headers', () => {
  it('that are secret keep their name and form', () => {
    const hex = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3';
    expect(
      headers([
        ['Authorization', 'Bearer abc.DEF-12'],
        ['authorization', 'Basic dXNlcjpodW50ZXIy'],
        ['Cookie', 'sid=AbC123; theme=dark'],
        ['Set-Cookie', 'sid=AbC123; Path=/; HttpOnly'],
        ['X-Api-Key', 'k-123456'],
        ['X-Gitlab-Token', 'short'],
        ['Stripe-Signature', `t=1769860800,v1=${hex}`],
        ['X-Hub-Signature-256', `sha256=${hex}`],
        ['X-Shopify-Hmac-Sha256', 'EYu2iHxuu/uSNvdCVOM7NCPvxdo='],
        ['webhook-id', 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W'],
        ['PAYPAL-AUTH-ALGO', 'SHA256withRSA'],
        ['Content-Type', 'application/json'],
      ]),
    ).toEqual([
      'Bearer xxx.xxx-00',
      'Basic dXNlcjpwYXNzd29yZA==',
      'sid=xxx000; theme=xxxx',
      'sid=xxx000; Path=/; HttpOnly',
      'x-000000',
      'xxxxx',
      `t=1769860800,v1=${'0'.repeat(40)}`,
      `sha256=${'0'.repeat(40)}`,
      'xxx0xxxxx/xxxxxxxxx0xxxxxxx=',
      'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
      'SHA256withRSA',
      'application/json',
    ]);
  });

  it('that carry the proof of a provider are hidden, whatever they are called', () => {
    const given: Header[] = [['PAYPAL-TRANSMISSION-SIG', 'abcdefghijklmnop1234']];
    expect(headers(given, 'paypal')).toEqual(['xxxxxxxxxxxxxxxx0000']);
  });

  it('tell of nobody where they are from', () => {
    const [forwarded, real, local] = headers([
      ['X-Forwarded-For', '8.8.8.8, 2606:4700::1111, 8.8.8.8:443'],
      ['CF-Connecting-IP', '8.8.8.8'],
      ['X-Real-IP', '127.0.0.1'],
    ]);
    expect(forwarded).toMatch(/^(192\.0\.2\.\d+), 2001:db8::[0-9a-f]+, \1:443$/);
    expect(real).toBe(forwarded?.split(',')[0]);
    expect(local).toBe('127.0.0.1');
  });

  it('tell the length that the body has now', () => {
    const { shown } = redact(
      event('{"email":"a@b.io"}', [
        ['Content-Type', 'application/json'],
        ['content-length', '18'],
      ]),
    );
    expect(shown.request.headers[1]).toEqual(['content-length', String(shown.request.body.length)]);
    expect(shown.request.body.length).not.toBe(18);
  });
});

describe('secrets', () => {
  it('are hidden wherever they stand, in every spelling', () => {
    const bare = SECRET.slice('whsec_'.length);
    const spellings = [
      SECRET,
      bare,
      Buffer.from(SECRET).toString('base64'),
      Buffer.from(SECRET).toString('hex'),
      Buffer.from(SECRET).toString('hex').toUpperCase(),
    ];
    for (const spelling of spellings) {
      const given = event(JSON.stringify({ note: `is ${spelling}?` }), [['X-Note', spelling]]);
      const told = { ...given, request: { ...given.request, url: `/hooks/${spelling}` } };
      const text = JSON.stringify(redact(told).shown, (key, value) =>
        key === 'body' ? Buffer.from(value).toString() : value,
      );
      expect(text).not.toContain(spelling);
      expect(text).toContain('is ');
    }
  });

  it('are hidden in bytes, in answers and in what is said of them', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(SECRET), Buffer.from([0xfe])]);
    const answer = answered(200, {
      outcome: { kind: 'answered', status: 200, headers: [['Set-Cookie', 'a=b1']], body: bytes },
    });
    const given = { ...event(bytes), deliveries: [sampleDelivery(answer)] };
    const { shown } = redact({
      ...given,
      verdict: { status: 'unchecked', reason: 'no-secret', detail: `not ${SECRET}` },
    });
    expect(shown.request.body.length).toBe(bytes.length);
    expect(Buffer.from(shown.request.body).includes(SECRET)).toBe(false);
    expect([...shown.request.body.slice(0, 2)]).toEqual([0xff, 0]);
    const outcome = shown.deliveries[0]?.attempts[0]?.outcome;
    if (outcome?.kind !== 'answered') throw new Error('no answer');
    expect(Buffer.from(outcome.body).includes(SECRET)).toBe(false);
    expect(outcome.headers).toEqual([['Set-Cookie', 'a=x0']]);
    expect(shown.verdict.detail).toBe(
      `not ${'whsec_c2VjcmV0IG9mIG5vYm9keQ'.replace(/[a-z]/gi, 'x').replace(/\d/g, '0')}`,
    );
  });

  it('of well-known services are known by their look', () => {
    const shown = payload({
      a: `use ${'sk'}_live_${'4eC39HqLyjWDarjtT1zdp7dc'} now`,
      b: `${'ghp'}_${'0123456789abcdefghijABCDEFGHIJ'}`,
      c: 'https://example.com/reset?user=7&token=abcDEF&x=1',
      d: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    });
    expect(shown.a).toMatch(/^use xx_xxxx_[x0]{24} now$/);
    expect(shown.b).toMatch(/^xxx_[x0]{30}$/);
    expect(shown.c).toBe('https://example.com/reset?user=7&token=xxxxxx&x=1');
    expect(shown.d).toMatch(/^[x0]+\.[x0]+\.[x0]+$/);
  });
});

describe('what is personal', () => {
  it('is replaced by what is nobody\u2019s, of the same kind', () => {
    const shown = payload({
      email: 'zoe.brun@gmail.com',
      note: 'Ask zoe.brun@gmail.com or call +33612345678.',
      phone: '(415) 867-5309',
      mobile: 14_158_675_309,
      firstName: 'Zo\u00e9',
      last_name: 'Brun',
      customer: { name: 'Zo\u00e9 Brun', id: 'cus_1' },
      product: { name: 'Coffee' },
      repository: { full_name: 'acme/shop', name: 'shop' },
      address: {
        line1: '12 rue Mouffetard',
        line2: null,
        city: 'Paris',
        postal_code: '75005',
        country: 'FR',
      },
      zip: 94_107,
      ip: '8.8.8.8',
      client: '2606:4700::1111',
      card: { last4: '1881', number: '4012 8888 8888 1881', brand: 'visa' },
      cvc_check: 'pass',
      password: 'Hunter2',
      iban: 'DE89370400440532013000',
      birthday: '1984-05-06',
      amount: 4_200,
      id: 12_345_678_901,
    });
    const [, number] = /^person(\d+)@example\.com$/.exec(shown.email) ?? [];
    expect(number).toBeDefined();
    expect(shown.note).toMatch(
      new RegExp(`^Ask person${number}@example\\.com or call \\+1202555\\d{4}\\.$`),
    );
    expect(shown.phone).toMatch(/^\(202\) 555-01\d\d$/);
    expect(String(shown.mobile)).toMatch(/^120255501\d\d$/);
    expect(shown.firstName).toMatch(/^[A-Z][a-z]+$/);
    expect(shown.firstName).not.toBe('Zo\u00e9');
    expect(shown.last_name).toBe('Example');
    expect(shown.customer).toEqual({
      name: expect.stringMatching(/^[A-Z][a-z]+ Example$/),
      id: 'cus_1',
    });
    expect(shown.product).toEqual({ name: 'Coffee' });
    expect(shown.repository).toEqual({ full_name: 'acme/shop', name: 'shop' });
    expect(shown.address).toEqual({
      ...{ line1: '1 Example Street', line2: null, city: 'Exampleville', postal_code: '00000' },
      country: 'FR',
    });
    expect(shown.zip).toBe(0);
    expect(shown.ip).toMatch(/^192\.0\.2\.\d+$/);
    expect(shown.client).toMatch(/^2001:db8::/);
    expect(shown.card).toEqual({ last4: '4242', number: '4242 4242 4242 4242', brand: 'visa' });
    expect(shown.cvc_check).toBe('pass');
    expect(shown.password).toBe('xxxxxx0');
    expect(shown.iban).toBe(`XX${'0'.repeat(20)}`);
    expect(shown.birthday).toBe('1990-01-01');
    expect([shown.amount, shown.id]).toEqual([4_200, 12_345_678_901]);
  });

  it('is the same stand-in wherever the same value was, and another in another export', () => {
    const people = Array.from({ length: 20 }, (_, i) => `p${i}@gmail.com`);
    const one = payload({ a: people, b: people });
    expect(one.a).toEqual(one.b);
    expect(new Set(one.a).size).toBe(20);
    expect(payload({ a: people }).a).not.toEqual(one.a);
  });

  it('is left where it is nobody\u2019s already, so that redacting twice changes nothing', () => {
    const once = payload({
      ...{ email: 'a@b.io', phone: '+14158675309', ip: '8.8.8.8', to: 'git@github.com:acme/x.git' },
    });
    expect(payload(once)).toEqual(once);
    expect(once.to).toBe('git@github.com:acme/x.git');
  });

  it('keeps every other byte of the JSON', () => {
    const text =
      '{ "n" : 1.0e3,\r\n\t"big":12345678901234567890, "e":"a@b.io" ,"u":"\\u00e9\\/", "n":2}\n';
    const { body } = redact(event(text));
    expect(body.replace(/person\d+@example\.com/, 'a@b.io')).toBe(text);
  });
});

describe('bodies', () => {
  it('of forms are redacted by their fields', () => {
    const type: Header[] = [['Content-Type', 'application/x-www-form-urlencoded']];
    const inner = encodeURIComponent(JSON.stringify({ user: { email: 'a@b.io' } }));
    const { body } = redact(
      event(`From=%2B14158675309&Body=a%20b&user[city]=Paris&payload=${inner}`, type),
    );
    const fields = new URLSearchParams(body);
    expect(fields.get('From')).toMatch(/^\+1202555\d{4}$/);
    expect(body).toContain('&Body=a%20b&');
    expect(fields.get('user[city]')).toBe('Exampleville');
    expect(JSON.parse(fields.get('payload') ?? '')).toEqual({
      user: { email: expect.stringMatching(/^person/) },
    });
  });

  it('of XML are redacted by their elements, also in base64', () => {
    const xml =
      '<?xml version="1.0"?><c><first-name>Zo\u00e9</first-name><id>7</id><e>a@b.io</e></c>';
    const { body } = redact(event(xml, [['Content-Type', 'text/xml']]));
    expect(body).toMatch(
      /<first-name>[A-Z][a-z]+<\/first-name><id>7<\/id><e>person\d+@example\.com<\/e>/,
    );
    const shown = payload({ data: Buffer.from(xml).toString('base64') });
    expect(Buffer.from(shown.data, 'base64').toString()).toMatch(/<e>person\d+@/);
  });

  it('that are compressed come out plain', () => {
    const text = '{"email":"a@b.io"}';
    for (const [coding, bytes] of [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
    ] as const) {
      const { shown, body } = redact(event(bytes, [['Content-Encoding', coding]]));
      expect(body).toMatch(/^\{"email":"person/);
      expect(shown.request.headers).toEqual([]);
    }
  });

  it('that nobody can look into are left out', () => {
    for (const coding of ['zstd', 'gzip']) {
      const { body, told } = redact(event('opaque', [['Content-Encoding', coding]]));
      expect([body, told]).toEqual(['', '1 unreadable body']);
    }
    const bomb = gzipSync(Buffer.alloc(70_000_000), { level: 1 });
    expect(redact(event(bomb, [['Content-Encoding', 'gzip']])).body).toBe('');
  });

  it('of any bytes are read without harm', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          const given = event(Buffer.from(bytes));
          const { shown, told } = redact(given);
          if (told === undefined)
            expect(Buffer.from(shown.request.body)).toEqual(given.request.body);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are read in no more than linear time', () => {
    const hostile = [
      'a',
      '@',
      '<a>',
      '{"a":',
      '[',
      'a@b.',
      '\\"',
      '&a=',
      '-----BEGIN PRIVATE KEY-----',
      '"',
      '+1',
    ];
    for (const part of hostile) {
      const { body } = redact(event(part.repeat(300_000 / part.length)));
      expect(body.length).toBeGreaterThan(0);
    }
  });
});

describe('rewriting JSON', () => {
  it('calls for every literal with its name and what is around it', () => {
    const seen: unknown[] = [];
    rewriteJson(
      '{"a":{"b":[1,{"c":"x"}],"d":null},"e":true}',
      ({ value, key, parent, parentKey }) => {
        seen.push([value, key, Object.keys(parent), parentKey]);
        return value;
      },
      (key) => key,
    );
    expect(seen).toEqual([
      [1, 'b', [], 'b'],
      ['x', 'c', ['c'], 'b'],
      [null, 'd', ['b', 'd'], 'a'],
      [true, 'e', ['a', 'e'], ''],
    ]);
  });

  it('changes nothing that it is not told to', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const same = rewriteJson(
          text,
          ({ value }) => value,
          (key) => key,
        );
        expect(same).toBe(text);
      }),
    );
  });

  it('renames members, and sees those whose name is there twice', () => {
    const shown = rewriteJson(
      '{"a":1,"a":{"b":2},"a":[3]}',
      ({ value }) => (value as number) + 1,
      (key) => `${key}!`,
    );
    expect(shown).toBe('{"a!":2,"a!":{"b!":3},"a!":[4]}');
  });
});

it('tells what it has hidden', () => {
  const { told } = redact(
    event('{"email":"a@b.io","ip":"8.8.8.8","x":"c@d.io"}', [['Authorization', 'Bearer abc']]),
  );
  expect(told).toBe('2 emails, 1 IP address, 1 header');
  expect(redact(event('{}')).told).toBeUndefined();
});
