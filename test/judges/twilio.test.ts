import { parse, stringify } from 'node:querystring';
import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import { withHeader } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import { isForm } from '../../src/core/place.ts';
import type { RawRequest } from '../../src/core/types.ts';
import { signSpoiled } from '../../src/deliver/spoil.ts';
import provider from '../../src/providers/twilio.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { NOON, outcome } from '../helpers/requests.ts';
import { header, testJudge, text } from './judge.ts';

const MEANING = 'Twilio signs the fields of a form, and so what they decode to';
const HEADER = 'X-Twilio-Signature';

/** The form as Express gives it to the SDK: a list where a name is there more than once. */
function paramsOf(request: RawRequest): Record<string, string | string[]> {
  const form = new URLSearchParams(text(request));
  return Object.fromEntries(
    [...form.keys()].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}

function accepts(request: RawRequest, token: string): boolean {
  const signature = header(request, HEADER);
  // As its own Express middleware chooses.
  return request.url.includes('bodySHA256')
    ? twilio.validateRequestWithBody(token, signature, request.url, text(request))
    : twilio.validateRequest(token, signature, request.url, paramsOf(request));
}

testJudge({
  sdk: 'twilio',
  provider,
  accepts,
  example: 'sms.incoming',
  signs(plain, token) {
    if (!isForm(plain)) {
      // Of the bytes of JSON it signs a hash, which is in the address.
      const url = `${plain.url}?bodySHA256=${twilio.getExpectedBodyHash(text(plain))}`;
      const signature = twilio.getExpectedTwilioSignature(token, url, {});
      return { ...plain, url, headers: withHeader(plain.headers, HEADER, signature) };
    }
    const signature = twilio.getExpectedTwilioSignature(token, plain.url, paramsOf(plain));
    return { ...plain, headers: withHeader(plain.headers, HEADER, signature) };
  },
  decodes: MEANING,
  weDecode: MEANING,
});

const TOKEN = provider.secret.generate(seededRandom('twilio judge'));
const options = { secret: TOKEN, eventId: '', at: NOON };

const ours = async (request: RawRequest) =>
  outcome(await verifyRequest(request, provider, { secrets: [TOKEN], at: NOON }));

const request = (url: string, type: string, body: string): RawRequest => ({
  method: 'POST',
  url,
  headers: [['Content-Type', type]],
  body: Buffer.from(body),
});
const form = (url: string, body = 'Body=Caf%C3%A9+%E2%98%82&From=%2B15005550006') =>
  request(url, 'application/x-www-form-urlencoded', body);

/** The ways in which Twilio's servers may spell one URL. */
function spellingsOf(url: string): string[] {
  const withPort = (text: string) =>
    text.replace(/^(https?):\/\/([^/?#]*?)(?::\d+)?(?=[/?#]|$)/, (_, scheme, host) => {
      return `${scheme}://${host}:${scheme === 'https' ? 443 : 80}`;
    });
  const withoutPort = (text: string) => text.replace(/^(https?:\/\/[^/?#]*?):\d+(?=[/?#]|$)/, '$1');
  const legacy = (text: string) => {
    const [before = '', query] = text.split('?');
    return query ? `${before}?${stringify(parse(query))}` : text;
  };
  const plain = [url, new URL(url).href];
  const ported = plain.flatMap((text) => [text, withPort(text), withoutPort(text)]);
  return [...new Set([...ported, ...ported.map(legacy)])];
}

const URLS = [
  'https://example.com/sms',
  'https://example.com',
  'https://example.com/',
  'https://example.com:443/sms',
  'https://example.com:8443/sms?a=1&b=2',
  'http://example.com:3000/sms',
  "https://example.com/sms?name='O%20Brien'&empty=",
  'https://example.com/sms?text=a+b%20c&plus=%2B&umlaut=%C3%BC',
  'https://example.com/a%2Fb/c|d?x={y}',
  'https://user:pa%40ss@example.com/sms?x=1',
  'https://EXAMPLE.com/Sms?X=1#part',
  'https://example.com:443?a="b"<c>',
  'http://[::1]:3000/sms',
  'http://[::1]/sms?x=1',
  'http://user@[::1]:80/sms',
];

describe('twilio and we', () => {
  it.each(URLS)('agree on every spelling of %s', async (url) => {
    const apart: string[] = [];
    for (const spelling of spellingsOf(url)) {
      const signature = twilio.getExpectedTwilioSignature(TOKEN, spelling, paramsOf(form(url)));
      const bare = form(url);
      const signed = { ...bare, headers: withHeader(bare.headers, HEADER, signature) };
      const [they, we] = [accepts(signed, TOKEN), await ours(signed)];
      if (they !== (we === 'verified')) apart.push(`${spelling}: ${they}, ${we}`);
    }
    expect(apart).toEqual([]);
  });

  it.each(URLS)('the SDK accepts what we sign for %s', (url) => {
    expect(accepts(signRequest(form(url), provider, options), TOKEN)).toBe(true);
  });

  it.each([
    ['a name twice', 'MediaUrl=b&MediaUrl=a&MediaUrl=b'],
    ['names that differ in case', 'b=1&B=2&a=3&A=4'],
    ['an empty value and an empty name', 'a=&=b&c'],
    ['no fields', ''],
    ['astral names', '%F0%9F%90%99=1&%EF%BF%BD=2'],
  ])('agree on a form with %s', async (_, body) => {
    const url = 'https://example.com/sms';
    const bare = form(url, body);
    const signature = twilio.getExpectedTwilioSignature(TOKEN, url, paramsOf(bare));
    const theirs = { ...bare, headers: withHeader(bare.headers, HEADER, signature) };
    expect(await ours(theirs)).toBe('verified');
    expect(accepts(signRequest(bare, provider, options), TOKEN)).toBe(true);
  });

  it.each(['https://example.com/events', "https://example.com/events?a='b'"])(
    'agree on a JSON body at %s',
    async (url) => {
      const body = '{"note":"Grüße ☂"}';
      const signed = signRequest(request(url, 'application/json', body), provider, options);
      expect(accepts(signed, TOKEN)).toBe(true);
      for (const spoil of ['body', 'whitespace', 'signature', 'secret', 'missing'] as const) {
        const spoiling = { ...options, spoil, random: seededRandom(spoil) };
        const spoiled = signSpoiled(request(url, 'application/json', body), provider, spoiling);
        expect(accepts(spoiled, TOKEN), spoil).toBe(false);
      }

      const hashed = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${twilio.getExpectedBodyHash(body)}`;
      const bare = request(hashed, 'application/json', body);
      const signature = twilio.getExpectedTwilioSignature(TOKEN, hashed, {});
      const theirs = { ...bare, headers: withHeader(bare.headers, HEADER, signature) };
      expect(await ours(theirs)).toBe('verified');
      expect(await ours({ ...theirs, body: Buffer.from('{}') })).toBe('mismatch');
    },
  );
});
