import { describe, expect, it } from 'vitest';
import type { Provider, RawRequest, SignOptions, VerifyOptions } from '../../src/core/types.ts';
import contentful from '../../src/providers/contentful.ts';
import hubspot from '../../src/providers/hubspot.ts';
import square from '../../src/providers/square.ts';
import trello from '../../src/providers/trello.ts';
import twilio from '../../src/providers/twilio.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { NOON, outcome } from '../helpers/requests.ts';

const SECRET = 'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01';
const JSON_BODY = '{"text":"é 😀"}';
const FORM_BODY = 'Body=two+words&From=%2B12065550177';

/** As a client makes it: the address is absolute, and the Host header says the same. */
const requestTo = (url: string, body: string): RawRequest => ({
  method: 'POST',
  url,
  headers: [
    ['Host', new URL(url).host],
    ['Content-Type', body === FORM_BODY ? 'application/x-www-form-urlencoded' : 'application/json'],
  ],
  body: Buffer.from(body),
});

/** As a server sees it: the target has no host. */
const onWire = (request: RawRequest): RawRequest => {
  const { pathname, search } = new URL(request.url);
  return { ...request, url: pathname + search };
};

const cases: [string, Provider, string][] = [
  ['square', square, JSON_BODY],
  ['trello', trello, JSON_BODY],
  ['hubspot-v3', hubspot, JSON_BODY],
  ['twilio', twilio, FORM_BODY],
  ['twilio-body', twilio, JSON_BODY],
];

describe.each(cases)('%s covers the URL', (id, provider, body) => {
  const sign = (url: string, options: Partial<SignOptions> = {}) =>
    signRequest(requestTo(url, body), provider, {
      secret: SECRET,
      eventId: 'event-1',
      at: NOON,
      ...options,
    });
  const judge = async (request: RawRequest, options: Partial<VerifyOptions> = {}) =>
    verifyRequest(request, provider, { secrets: [SECRET], at: NOON, ...options });

  it.each([
    'http://localhost:3000/hooks',
    'https://example.com/hooks?a=1&b=%20x',
    'http://127.0.0.1:8080/',
  ])('and verifies %s as it was sent and as it is on the wire', async (url) => {
    const signed = sign(url);
    expect(await judge(signed)).toEqual({ status: 'verified', scheme: id });
    const headers = signed.headers.concat([
      ['X-Forwarded-Proto', url.slice(0, url.indexOf(':'))] as const,
    ]);
    expect(outcome(await judge({ ...onWire(signed), headers }))).toBe('verified');
  });

  it('and rejects it at another address', async () => {
    const signed = sign('http://localhost:3000/hooks');
    const { search } = new URL(signed.url);
    const moved = { ...signed, url: `http://localhost:3000/other${search}` };
    expect(outcome(await judge(moved))).toBe('mismatch');
  });

  it.each(['https://tunnel.example.com', 'https://tunnel.example.com/public/hooks'])(
    'and takes the address it is told: %s',
    async (publicUrl) => {
      const signed = sign('http://localhost:3000/hooks', { publicUrl });
      expect(outcome(await judge(onWire(signed), { publicUrl }))).toBe('verified');
      expect(outcome(await judge(onWire(signed)))).toBe('mismatch');
    },
  );
});

it('contentful covers the path and the query, but not the host', async () => {
  const options = { secret: SECRET, eventId: 'event-1', at: NOON };
  const signed = signRequest(
    requestTo('https://example.com/hooks?a=1&b=%20x', JSON_BODY),
    contentful,
    options,
  );
  const judge = async (request: RawRequest) =>
    outcome(await verifyRequest(request, contentful, { secrets: [SECRET], at: NOON }));
  expect(await judge(onWire(signed))).toBe('verified');
  expect(await judge({ ...onWire(signed), url: '/hooks?a=1' })).toBe('mismatch');
  expect(await judge({ ...onWire(signed), method: 'PUT' })).toBe('mismatch');
  const unsignedTime = signed.headers.map(([name, value]) =>
    name === 'x-contentful-signed-headers'
      ? ([name, 'content-type,x-contentful-signed-headers'] as const)
      : ([name, value] as const),
  );
  expect(await judge({ ...signed, headers: unsignedTime })).toBe('malformed');
});
