import { describe, expect, it } from 'vitest';
import { headerValue, withoutHeader } from '../../src/core/headers.ts';
import { seededRandom } from '../../src/core/ids.ts';
import type { CapturedEvent, Header, RawRequest } from '../../src/core/types.ts';
import { type ComposeOptions, composeRequest } from '../../src/deliver/compose.ts';
import { knownProvider, resign } from '../../src/deliver/resign.ts';
import { parseSpoil, SPOILS, type Spoil, signSpoiled } from '../../src/deliver/spoil.ts';
import { getProvider, providers } from '../../src/providers/index.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { verifyRequest } from '../../src/verify/verify.ts';
import { composed, later, NOON, outcome } from '../helpers/requests.ts';

const random = seededRandom('compose');
const text = ({ body }: RawRequest) => Buffer.from(body).toString('utf8');

const EVENTS = {
  stripe: 'invoice.paid',
  github: 'pull_request.opened',
  'standard-webhooks': 'invoice.paid',
  generic: 'example.event',
} as const;
type Id = keyof typeof EVENTS;
const IDS = Object.keys(EVENTS) as Id[];

function compose(id: Id, parts: Partial<ComposeOptions> = {}) {
  return composeRequest({
    provider: getProvider(id),
    event: EVENTS[id],
    content: { bytes: Buffer.from('{"b": 1.0,\n"a":"\\/"}') },
    at: NOON,
    random,
    url: 'http://localhost:3000/hooks',
    ...parts,
  });
}

describe('composing', () => {
  it('puts name and id of the event where GitHub has them', () => {
    const { headers } = compose('github', { eventId: 'id-1', event: 'pull_request.opened' });
    expect(headerValue(headers, 'X-GitHub-Event')).toBe('pull_request');
    expect(headerValue(headers, 'X-GitHub-Delivery')).toBe('id-1');
    expect(headers[0]).toEqual(['Host', 'localhost:3000']);
  });

  it('sends bytes of one’s own as they are', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    const request = compose('stripe', { content: { bytes } });
    expect(request.body).toEqual(bytes);
    expect(text(compose('github'))).toBe('{"b": 1.0,\n"a":"\\/"}');
  });

  it('keeps the id one’s own payload has', () => {
    const content = { bytes: Buffer.from('{"id":"evt_mine","n":1}') };
    expect(compose('stripe', { content }).eventId).toBe('evt_mine');
    const other = compose('stripe', { content, eventId: 'evt_other' });
    expect(JSON.parse(text(other))).toEqual({ id: 'evt_other', n: 1 });
  });

  it('edits what it is told to, and refuses where there are no fields', () => {
    const edited = compose('generic', {
      edits: [{ set: 'a', value: { deep: [1] } }, { unset: 'b' }],
    });
    expect(text(edited)).toBe('{"a":{"deep":[1]}}');
    expect(() =>
      compose('generic', {
        content: { bytes: Buffer.from('no') },
        edits: [{ set: 'a', value: 1 }],
      }),
    ).toThrow(expect.objectContaining({ code: 'bad-json' }));
  });

  it('wraps the payload in a form, and sets headers on top', () => {
    const request = compose('github', {
      form: true,
      headers: [
        ['user-agent', 'mine'],
        ['ACCEPT', ''],
        ['X-New', '1'],
      ],
    });
    expect(headerValue(request.headers, 'content-type')).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(text(request)).get('payload')).toBe('{"b": 1.0,\n"a":"\\/"}');
    expect(headerValue(request.headers, 'User-Agent')).toBe('mine');
    expect(headerValue(request.headers, 'X-New')).toBe('1');
    expect(headerValue(request.headers, 'Accept')).toBeUndefined();
  });
});

const WANTED: Record<Spoil, string> = {
  signature: 'mismatch',
  body: 'mismatch',
  timestamp: 'stale',
  secret: 'mismatch',
  missing: 'missing',
  empty: 'malformed',
  truncated: 'malformed',
  whitespace: 'mismatch',
};

describe.each(IDS)('spoiling %s', (id) => {
  const provider = getProvider(id);
  const request = composed(provider, EVENTS[id]);
  const secret = provider.secret.generate(seededRandom('secret'));
  const signing = { secret, eventId: request.eventId, at: NOON };
  const valid = signRequest(request, provider, signing);
  const judge = (one: RawRequest) =>
    verifyRequest(one, provider, { secrets: [secret], at: later(NOON, 1_000) }).then(outcome);

  it('begins with a valid request', async () => expect(await judge(valid)).toBe('verified'));

  it.each(Object.keys(SPOILS) as Spoil[])('%s', async (spoil) => {
    const spoiling = () => signSpoiled(request, provider, { ...signing, spoil, random });
    if (spoil === 'timestamp' && provider.schemes[0]?.toleranceMs === undefined) {
      expect(spoiling).toThrow(expect.objectContaining({ code: 'cannot-spoil' }));
      return;
    }
    const spoiled = spoiling();
    expect(await judge(spoiled)).toBe(WANTED[spoil]);
    // Only one property differs from the valid twin.
    const sameBody = Buffer.compare(spoiled.body, valid.body) === 0;
    const sameHeaders = JSON.stringify(spoiled.headers) === JSON.stringify(valid.headers);
    expect([sameBody, sameHeaders]).toEqual(
      spoil === 'body' || spoil === 'whitespace' ? [false, true] : [true, false],
    );
  });

  it('changes exactly one character of the signature, whatever it is', () => {
    for (let i = 0; i < 300; i++) {
      const odd = { ...request, body: Buffer.from(`{"i":${i}}`) };
      const twin = signRequest(odd, provider, signing);
      const spoiled = signSpoiled(odd, provider, { ...signing, spoil: 'signature', random });
      const differing = spoiled.headers.flatMap(([, value], at) =>
        [...value].filter((letter, j) => letter !== twin.headers[at]?.[1][j]),
      );
      const proofs = spoiled.headers.filter(([, value], at) => value !== twin.headers[at]?.[1]);
      // GitHub has a second proof, of its older kind.
      expect(proofs).toHaveLength(id === 'github' ? 2 : 1);
      expect(differing).toHaveLength(proofs.length);
    }
  });

  it('leaves a JSON body JSON', () => {
    const spoiled = signSpoiled(request, provider, { ...signing, spoil: 'body', random });
    expect(() => JSON.parse(text(spoiled))).not.toThrow();
    expect(spoiled.body.length).toBe(request.body.length);
  });
});

it('knows the nearest spoil', () => {
  expect(parseSpoil('body')).toBe('body');
  for (const wrong of ['signatur', '__proto__', 'constructor', '']) {
    expect(() => parseSpoil(wrong)).toThrow(expect.objectContaining({ code: 'unknown-spoil' }));
  }
  expect(() => parseSpoil('signatur')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('"signature"') }),
  );
});

describe.each(IDS)('signing %s again', (id) => {
  const provider = getProvider(id);
  const secret = provider.secret.generate(seededRandom('secret'));
  const original = composed(provider, EVENTS[id]);
  const { eventId } = original;
  const odd: RawRequest = {
    ...original,
    url: '/webhook?x=1',
    headers: [...original.headers, ['X-Extra', '1'], ['x-extra', '2']],
    body: Buffer.concat([original.body, Buffer.from(' \r\n')]),
  };
  const captured: CapturedEvent = {
    id: 'evt_captured',
    at: NOON,
    source: 'received',
    provider: id,
    eventId,
    verdict: { status: 'unchecked', reason: 'no-secret', detail: '' },
    request: signRequest(odd, provider, {
      secret: provider.secret.generate(random),
      eventId,
      at: NOON,
    }),
  };
  const at = later(NOON, 86_400_000);
  const carriers = new Set(
    provider.schemes.flatMap((scheme) => scheme.carriers.map(({ name }) => name.toLowerCase())),
  );
  const others = (headers: readonly Header[]) =>
    headers.filter(([name]) => !carriers.has(name.toLowerCase()));

  it('keeps the body byte for byte and every other header', async () => {
    const signed = resign(captured, { provider, secret, at, edits: [] });
    expect(signed.body).toEqual(captured.request.body);
    expect(others(signed.headers)).toEqual(others(captured.request.headers));
    expect(signed.headers.length).toBe(captured.request.headers.length);
    expect(outcome(await verifyRequest(signed, provider, { secrets: [secret], at }))).toBe(
      'verified',
    );
  });

  it('makes another event of it on demand', async () => {
    const newEventId = provider.eventId(random);
    const signed = resign(captured, { provider, secret, at, edits: [], newEventId });
    const places = JSON.stringify([signed.headers, text(signed)]);
    expect(places).toContain(newEventId);
    expect(outcome(await verifyRequest(signed, provider, { secrets: [secret], at }))).toBe(
      'verified',
    );
  });

  it('edits the payload, but not what is no JSON', () => {
    const edits = [{ set: 'added', value: 1 }];
    const signed = resign(captured, { provider, secret, at, edits });
    expect(JSON.parse(text(signed))).toMatchObject({ added: 1 });
    const binary = { ...captured, request: { ...captured.request, body: Buffer.of(0xff) } };
    expect(() => resign(binary, { provider, secret, at, edits })).toThrow(
      expect.objectContaining({ code: 'bad-json' }),
    );
  });
});

it('edits the JSON inside a form and leaves its other fields', () => {
  const provider = getProvider('github');
  const request = composed(provider, 'ping', { form: true });
  const body = Buffer.concat([request.body, Buffer.from('&other=a+b')]);
  const captured: CapturedEvent = {
    id: 'evt_form',
    at: NOON,
    source: 'received',
    provider: 'github',
    verdict: { status: 'unchecked', reason: 'no-secret', detail: '' },
    request: { ...request, headers: withoutHeader(request.headers, 'X-Hub-Signature'), body },
  };
  const signed = resign(captured, {
    provider,
    secret: 'some secret of GitHub',
    at: NOON,
    edits: [{ set: 'zen', value: 'ü&=' }],
  });
  const form = new URLSearchParams(text(signed));
  expect(JSON.parse(form.get('payload') ?? '')).toMatchObject({ zen: 'ü&=' });
  expect(form.get('other')).toBe('a b');
});

it('signs only for a provider it knows', () => {
  const event = { id: 'evt_x' } as CapturedEvent;
  expect(knownProvider(event, providers[0])).toBe(providers[0]);
  expect(() => knownProvider(event, undefined)).toThrow(
    expect.objectContaining({
      code: 'unknown-provider',
      hint: expect.stringContaining('--resign'),
    }),
  );
});
