import { describe, expect, it } from 'vitest';
import { headerValue, withHeader } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import type { Handshake, HandshakeAnswer, Provider, RawRequest } from '../../src/core/types.ts';
import { composeChallenge } from '../../src/deliver/challenge.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { answerFault } from '../../src/handshakes/fault.ts';
import { findProvider, getProvider, providers } from '../../src/providers/index.ts';
import { identifyByHeaders } from '../../src/verify/identify.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { composed, NOON, outcome, post } from '../helpers/requests.ts';

const URL_OF = 'http://localhost:3000/hooks?team=1';

const all = providers.flatMap((provider) =>
  (provider.handshakes ?? []).map((handshake) => ({
    name: `${provider.id} ${handshake.id}`,
    provider,
    handshake,
  })),
);

const handshakeOf = (provider: string, id: string): Handshake => {
  const found = findProvider(provider)?.handshakes?.find((one) => one.id === id);
  if (found === undefined) throw new Error(`${provider} has no handshake ${id}.`);
  return found;
};

function begun(provider: Provider, handshake: Handshake, more: { isForged?: boolean } = {}) {
  const random = seededRandom(`${provider.id} ${handshake.id}`);
  const secret = provider.secret.generate(random);
  const at = NOON;
  const request = composeChallenge({
    provider,
    handshake,
    url: URL_OF,
    secret,
    random,
    at,
    ...more,
  });
  return { secret, request };
}

it('are those of thirteen providers', () => {
  expect(new Set(all.map(({ provider }) => provider.id))).toEqual(
    new Set(
      'slack discord notion zoom meta dropbox twitch x asana braintree trello monday xero'.split(
        ' ',
      ),
    ),
  );
});

describe.each(all)('$name', ({ provider, handshake }) => {
  it('knows its own challenge, and no other of the provider does', () => {
    const { request } = begun(provider, handshake);
    const knowing = provider.handshakes?.filter((one) => one.recognise(request));
    expect(knowing).toEqual([handshake]);
  });

  it('keeps the query of the endpoint', () => {
    expect(begun(provider, handshake).request.url).toMatch(
      /^http:\/\/localhost:3000\/hooks\?team=1/,
    );
  });

  it('answers its own challenge as it wants it answered', () => {
    const { request, secret } = begun(provider, handshake);
    const answer = handshake.answer(request, [secret]);
    expect(answerFault(handshake, answer, request, [secret])).toBeUndefined();
  });

  it('is not content with what any server answers', () => {
    const { request, secret } = begun(provider, handshake);
    const fault = (given: HandshakeAnswer) => answerFault(handshake, given, request, [secret]);
    expect(fault({ status: 404, headers: [], body: 'Not Found' })).toContain('404');
    // Trello and Notion ask for nothing but the status.
    if (provider.id === 'trello' || provider.id === 'notion') return;
    expect(fault({ status: 200, headers: [], body: 'OK' })).toMatch(/^It answered .*expected is/);
  });

  it('never asks twice the same', () => {
    const ask = (seed: string) => {
      const options = { random: seededRandom(seed), at: NOON, secret: 's3cret' };
      const { url, headers, body } = handshake.challenge(URL_OF, options);
      return JSON.stringify([url, headers, Buffer.from(body).toString()]);
    };
    expect(ask('a')).toBe(ask('a'));
    // What is asked of Notion and Asana is the secret itself, and of Trello nothing.
    if (handshake.handsOver === undefined && provider.id !== 'trello') {
      expect(ask('a')).not.toBe(ask('b'));
    }
  });

  it.runIf(handshake.isSigned)('is signed as an event is', async () => {
    const { request, secret } = begun(provider, handshake);
    expect(identifyByHeaders(request)?.id).toBe(provider.id);
    const judge = async (one: RawRequest) =>
      outcome(await verifyRequest(one, provider, { secrets: [secret], at: NOON }));
    expect(await judge(request)).toBe('verified');
    const forged = begun(provider, handshake, { isForged: true }).request;
    expect(await judge(forged)).toBe('mismatch');
    expect(handshake.recognise(forged)).toBe(true);
  });

  it('takes no event for a challenge', () => {
    const events = listFixtures(provider.id).map(({ event }) => event);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(handshake.recognise(composed(provider, event)), event).toBe(false);
    }
  });

  it('is unmoved by what is no request of anybody', () => {
    const odd = [
      post(''),
      post('null'),
      post('[]'),
      post('"challenge"'),
      post('{"type":'),
      post('{"challenge":null,"type":"url_verification","event":"endpoint.url_validation"}'),
      post('{"challenge":{},"payload":7,"verification_token":1,"entropy":[],"events":{}}'),
      post('{"__proto__":{"challenge":"x"}}'),
      { ...post(''), method: 'GET', url: '//' },
      { ...post(''), method: 'GET', url: '/%zz?%zz=%zz#?challenge=1' },
    ];
    for (const request of odd) expect(handshake.recognise(request)).toBe(false);
  });
});

/** Answers by which handlers in other languages succeed: made with openssl and Python. */
describe('an answer made elsewhere', () => {
  const get = (url: string): RawRequest => ({
    method: 'GET',
    url,
    headers: [],
    body: Buffer.alloc(0),
  });
  const json = (payload: unknown) =>
    post(JSON.stringify(payload), [['Content-Type', 'application/json']]);

  it.each<[string, string, RawRequest, string, string]>([
    [
      'zoom',
      'endpoint.url_validation',
      json({ event: 'endpoint.url_validation', payload: { plainToken: 'aB3dE5gH7jK9mN1pQ2rS4t' } }),
      'a zoom secret of ours',
      // printf %s <plainToken> | openssl dgst -sha256 -hmac <secret>
      '{"plainToken":"aB3dE5gH7jK9mN1pQ2rS4t","encryptedToken":"deb7ed0456f93050f3e1fa52e433b12f95584fcec1e5725f53503cb4cefd3fa6"}',
    ],
    [
      'x',
      'crc',
      get('/hooks?nonce=1&crc_token=Q1w2E3r4T5'),
      'a consumer secret of ours',
      // printf %s <crc_token> | openssl dgst -sha256 -hmac <secret> -binary | base64
      '{"response_token":"sha256=1I+ogo1yNpu3MZO1FO0yyBpzX3wo7TvxXxWjJoKuYXU="}',
    ],
    [
      'braintree',
      'bt_challenge',
      get('/hooks?bt_challenge=0123456789abcdef0123456789abcdef'),
      'publickeyofours|privatekeyofours',
      // hmac.new(sha1(private key), challenge, sha1) in Python
      'publickeyofours|3cbfa12e2964b9dc20470d7f336bf45a0db91cf8',
    ],
    [
      'meta',
      'hub.challenge',
      get('/hooks?hub.mode=subscribe&hub.challenge=81&hub.verify_token=a%20token%20of%20ours'),
      'a token of ours',
      '81',
    ],
    ['dropbox', 'challenge', get('/hooks?challenge=%3Cb%3E'), 'unused', '<b>'],
    ['monday', 'challenge', json({ challenge: 'é/"' }), 'unused', '{"challenge":"é/\\""}'],
    [
      'slack',
      'url_verification',
      json({ token: 't', challenge: 'c', type: 'url_verification' }),
      'unused',
      'c',
    ],
  ])('%s %s', (provider, id, request, secret, expected) => {
    const handshake = handshakeOf(provider, id);
    expect(handshake.recognise(request)).toBe(true);
    expect(handshake.answer(request, [secret])).toMatchObject({ status: 200, body: expected });
  });

  it('is never a page', () => {
    const request = get('/hooks?challenge=<script>alert(1)</script>');
    const { headers } = handshakeOf('dropbox', 'challenge').answer(request, []);
    expect(headerValue(headers, 'content-type')).toBe('text/plain');
    expect(headerValue(headers, 'x-content-type-options')).toBe('nosniff');
  });

  it('is refused to a wrong verify token, and where none is known', () => {
    const meta = handshakeOf('meta', 'hub.challenge');
    const request = get('/hooks?hub.mode=subscribe&hub.challenge=81&hub.verify_token=wrong');
    expect(meta.answer(request, ['right'])).toMatchObject({ status: 403, body: '' });
    expect(meta.answer(request, [])).toMatchObject({ status: 403, body: '' });
    expect(meta.answer(request, ['right', 'wrong'])).toMatchObject({ status: 200, body: '81' });
  });

  it.each([
    ['zoom', 'endpoint.url_validation'],
    ['x', 'crc'],
    ['braintree', 'bt_challenge'],
  ])('cannot be given for %s without a secret', (provider, id) => {
    const handshake = handshakeOf(provider, id);
    const { request } = begun(getProvider(provider), handshake);
    expect(handshake.answer(request, [])).toEqual({ status: 500, headers: [], body: '' });
  });
});

it.each([
  ...['slack', 'discord', 'notion', 'zoom', 'meta', 'twitch', 'x', 'asana', 'braintree', 'xero'],
])('of %s tells who begins it, whatever the path', (id) => {
  const provider = getProvider(id);
  for (const handshake of provider.handshakes ?? []) {
    expect(identifyByHeaders(begun(provider, handshake).request)?.id).toBe(id);
  }
});

it('of Notion does so without a signature', () => {
  const body = '{"verification_token":"secret_of_ours"}';
  expect(identifyByHeaders(post(body))?.id).toBe('notion');
});

describe('an answer is judged as the provider would', () => {
  const slack = handshakeOf('slack', 'url_verification');
  const challenge = post('{"type":"url_verification","challenge":"3eZ"}');
  const given = (body: string, status = 200): HandshakeAnswer => ({ status, headers: [], body });

  it.each(['3eZ', '{"challenge":"3eZ"}', 'challenge=3eZ', '{"challenge":"3eZ","more":1}'])(
    'slack takes %s',
    (body) => expect(answerFault(slack, given(body), challenge, [])).toBeUndefined(),
  );

  it.each([
    ['3eZ\n', /without white space/],
    ['', /the body "".*"3eZ"/],
    ['{"challenge":"other"}', /"other"/],
    ['<html>', /"<html>"/],
  ])('slack does not take %j', (body, why) =>
    expect(answerFault(slack, given(body), challenge, [])).toMatch(why),
  );

  it('asana wants its secret back, which is not repeated in the fault', () => {
    const asana = handshakeOf('asana', 'x-hook-secret');
    const request = post('', [['X-Hook-Secret', 'b537207f20']]);
    const answer = (headers: HandshakeAnswer['headers'], status = 200) =>
      answerFault(asana, { status, headers, body: '' }, request, []);
    expect(answer([['x-hook-secret', 'b537207f20']], 204)).toBeUndefined();
    expect(answer([])).toMatch(/without the header X-Hook-Secret/);
    expect(answer([['X-Hook-Secret', 'c0ffee']])).toMatch(/another X-Hook-Secret/);
    expect(answer([['X-Hook-Secret', 'c0ffee']])).not.toMatch(/b537|c0ffee/);
  });

  it('discord wants JSON, and of webhook events no body', () => {
    const [ping, webhook] = ['ping', 'webhook_ping'].map((id) => handshakeOf('discord', id));
    const json = [['Content-Type', 'application/json; charset=utf-8']] as const;
    const judge = (one: Handshake | undefined, answer: HandshakeAnswer) =>
      answerFault(one as Handshake, answer, post('{"type":1}'), []);
    expect(judge(ping, { status: 200, headers: json, body: '{ "type": 1 }' })).toBeUndefined();
    expect(judge(ping, { status: 200, headers: json, body: '{"type":2}' })).toMatch(/"type": 2/);
    expect(judge(ping, { status: 200, headers: json, body: 'null' })).toMatch(/without "type"/);
    expect(judge(ping, given('{"type":1}'))).toMatch(/without a Content-Type/);
    expect(judge(webhook, { status: 204, headers: json, body: '' })).toBeUndefined();
    expect(judge(webhook, { status: 204, headers: [], body: '' })).toBeUndefined();
    expect(judge(webhook, { status: 200, headers: json, body: '' })).toMatch(
      /200; expected is 204/,
    );
  });

  it('xero wants no body', () => {
    const xero = handshakeOf('xero', 'intent-to-receive');
    expect(answerFault(xero, given('OK'), post(''), [])).toMatch(/"OK"; expected is none/);
  });
});

it('looks into no large body', () => {
  const slack = handshakeOf('slack', 'url_verification');
  const payload = { type: 'url_verification', challenge: 'c', padding: 'x'.repeat(20_000) };
  expect(slack.recognise(post(JSON.stringify(payload)))).toBe(false);
});

it('takes headers of the user on top', () => {
  const provider = getProvider('slack');
  const request = composeChallenge({
    provider,
    handshake: handshakeOf('slack', 'url_verification'),
    url: URL_OF,
    secret: provider.secret.generate(seededRandom('s')),
    random: seededRandom('r'),
    at: NOON,
    headers: [
      ['X-Tenant', 'acme'],
      ['Accept', ''],
    ],
  });
  expect(headerValue(request.headers, 'x-tenant')).toBe('acme');
  expect(headerValue(request.headers, 'accept')).toBeUndefined();
  expect(request.headers).toEqual(withHeader(request.headers, 'Host', 'localhost:3000'));
});
