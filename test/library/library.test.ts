import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { systemRandom } from '../../src/core/ids.ts';
import {
  type Delivery,
  HookcliError,
  identify,
  providers,
  type RawRequest,
  type ReceivedEvent,
  type ReceiverOptions,
  send,
  sign,
  startReceiver,
  type Verdict,
  verify,
} from '../../src/index.ts';
import { closedPort, startRecorder } from '../helpers/servers.ts';

const secret = 'whsec_of_this_test_only';
const body = '{"id":"evt_1","type":"invoice.paid","name":"Zoë"}';

async function receiving(options: ReceiverOptions = { secrets: { stripe: secret } }) {
  const receiver = await startReceiver(options);
  onTestFinished(() => receiver.close());
  const post = (type: string, path = '/webhook/generic') =>
    fetch(receiver.url + path, { method: 'POST', body: JSON.stringify({ type }) });
  return { receiver, post };
}

const types = (events: readonly ReceivedEvent[]) => events.map(({ type }) => type);

describe('next()', () => {
  it('gives what came already, each once, in order', async () => {
    const { receiver, post } = await receiving();
    for (const type of ['a', 'b', 'a']) await post(type);
    expect(types(receiver.events)).toEqual(['a', 'b', 'a']);
    const [first, second, third] = [
      await receiver.next({ type: 'a' }),
      await receiver.next(),
      await receiver.next(),
    ];
    expect([first, second, third]).toEqual([
      receiver.events[0],
      receiver.events[1],
      receiver.events[2],
    ]);
    await expect(receiver.next({ withinMs: 1 })).rejects.toMatchObject({ code: 'no-event' });
  });

  it('waits for what comes yet, and gives it to one of those who wait', async () => {
    const { receiver, post } = await receiving();
    const [both, only] = [receiver.next({ type: 'x.*' }), receiver.next({ type: 'x.?' })];
    await post('y');
    await post('x.1');
    await post('x.2');
    expect([(await both).type, (await only).type]).toEqual(['x.1', 'x.2']);
    expect((await receiver.next()).type).toBe('y');
  });

  it('tells by provider', async () => {
    const { receiver, post } = await receiving();
    await post('z');
    await post('z', '/webhook/stripe');
    expect(await receiver.next({ provider: 'stripe' })).toMatchObject({
      provider: 'stripe',
      type: 'z',
    });
    expect(await receiver.next({ provider: 'generic' })).toMatchObject({ provider: 'generic' });
  });

  it('says what came instead', async () => {
    const { receiver, post } = await receiving();
    await post('invoice.paid');
    await fetch(`${receiver.url}/elsewhere`, { method: 'PUT', body: 'no JSON' });
    const error = await receiver.next({ type: 'charge.*', withinMs: 5 }).catch((caught) => caught);
    expect(error).toBeInstanceOf(HookcliError);
    expect(error).toMatchObject({
      code: 'no-event',
      message: 'No event charge.* came within 5 ms.',
      hint: 'What came: invoice.paid, unknown.',
    });
    const { receiver: silent } = await receiving();
    await expect(silent.next({ withinMs: 5 })).rejects.toMatchObject({
      hint: 'Nothing came at all.',
    });
  });

  it('ends with the receiver, for who waits and for who asks later', async () => {
    const { receiver, post } = await receiving();
    const waiting = receiver.next({ withinMs: 60_000 });
    const caught = expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await receiver.close();
    await caught;
    await expect(receiver.next({ withinMs: 60_000 })).rejects.toMatchObject({ code: 'closed' });
    await expect(post('late')).rejects.toThrow();
  });
});

describe('a receiver', () => {
  it('verifies, keeps the bytes, and hands over their JSON', async () => {
    const { receiver } = await receiving();
    const delivery = await send({
      provider: 'stripe',
      event: 'invoice.paid',
      to: receiver.url,
      secret,
    });
    const event = await receiver.next({ type: 'invoice.paid' });
    expect(event.verdict).toMatchObject({ status: 'verified' });
    expect(event.payload).toEqual(JSON.parse(Buffer.from(event.request.body).toString('utf8')));
    expect(event.request.url).toBe('/webhook/stripe');
    expect(delivery).toMatchObject({ cause: 'send', endpoint: `${receiver.url}/webhook/stripe` });
  });

  it('forwards, and refuses the forged when asked', async () => {
    const handler = await startRecorder(onTestFinished);
    const { receiver } = await receiving({
      secrets: { stripe: [secret, 'whsec_of_the_next'] },
      forward: handler.url,
      reject: true,
    });
    const sent = { provider: 'stripe', event: 'invoice.paid', to: receiver.url };
    const forged = await send({ ...sent, secret: 'whsec_of_somebody_else' });
    expect(forged.attempts[0]?.outcome).toMatchObject({ status: 401 });
    const genuine = await send({ ...sent, secret: 'whsec_of_the_next' });
    expect(genuine.attempts[0]?.outcome).toMatchObject({ status: 200 });
    expect(handler.seen).toHaveLength(1);
  });

  it.each<[ReceiverOptions, string]>([
    [{ secrets: { strpe: secret } }, 'unknown-provider'],
    [{ secrets: { stripe: '' } }, 'unusable-secret'],
    [{ secrets: { stripe: [secret, ''] } }, 'unusable-secret'],
    [{ forward: 'file:///etc' }, 'bad-target'],
  ])('is refused %j: %s', async (options, code) => {
    await expect(startReceiver(options)).rejects.toMatchObject({ code });
  });

  it('says when its port is in use', async () => {
    const { receiver } = await receiving();
    const port = Number(new URL(receiver.url).port);
    await expect(startReceiver({ port })).rejects.toMatchObject({ code: 'port-in-use' });
  });
});

describe('sign() and verify()', () => {
  const at = new Date('2026-02-03T04:05:06Z');
  const signed = sign({ provider: 'stripe', request: { body }, secret, at });
  const headers = Object.fromEntries(signed.headers);

  it('agree, whatever form headers and body have', async () => {
    const forms = [
      { headers: signed.headers, body },
      { headers: { ...headers, other: undefined, list: ['a', 'b'] }, body: Buffer.from(body) },
      { headers: new Headers(headers), body: new Uint8Array(Buffer.from(body)) },
      {
        headers: new Map(signed.headers.map(([name, value]) => [name.toLowerCase(), value])),
        body,
      },
    ];
    for (const request of forms) {
      expect(
        await verify({ provider: 'stripe', request, secrets: ['whsec_old', secret], at }),
      ).toMatchObject({
        status: 'verified',
      });
    }
  });

  it('give a reason, not an exception, for what is not genuine', async () => {
    const judge = (request: object, more: object = {}) =>
      verify({
        provider: 'stripe',
        request: { headers, body, ...request },
        secrets: [secret],
        at,
        ...more,
      });
    expect(await judge({ body: `${body} ` })).toMatchObject({ reason: 'mismatch' });
    expect(await judge({ headers: {} })).toMatchObject({ reason: 'missing' });
    expect(await judge({}, { at: new Date(at.getTime() + 301_000) })).toMatchObject({
      reason: 'stale',
    });
    expect(
      await judge({}, { at: new Date(at.getTime() + 301_000), toleranceMs: 400_000 }),
    ).toMatchObject({ status: 'verified' });
    expect(await judge({}, { secrets: [] })).toMatchObject({
      status: 'unchecked',
      reason: 'no-secret',
    });
  });

  it('throw for wrong use', async () => {
    await expect(
      verify({ provider: 'stripe', request: { body }, secrets: [''] }),
    ).rejects.toMatchObject({ code: 'unusable-secret' });
    await expect(
      verify({ provider: 'strip', request: { body }, secrets: [secret] }),
    ).rejects.toMatchObject({ code: 'unknown-provider' });
    expect(() => sign({ provider: 'stripe', request: { body }, secret: '' })).toThrow(HookcliError);
  });

  it('sign with the id that is given', async () => {
    const key = providers
      .find(({ id }) => id === 'standard-webhooks')
      ?.secret.generate({ bytes: (count) => Buffer.alloc(count, 7) }) as string;
    const request = sign({
      provider: 'standard-webhooks',
      request: { body },
      secret: key,
      eventId: 'msg_1',
    });
    expect(Object.fromEntries(request.headers)).toMatchObject({ 'webhook-id': 'msg_1' });
    expect(await verify({ provider: 'standard-webhooks', request, secrets: [key] })).toMatchObject({
      status: 'verified',
    });
  });
});

it('identify() knows a provider by path or headers', () => {
  expect(identify({ url: '/webhook/github' })).toBe('github');
  expect(identify({ headers: { 'Stripe-Signature': 't=1,v1=0' } })).toBe('stripe');
  expect(identify({ headers: new Headers({ 'stripe-signature': 't=1,v1=0' }) })).toBe('stripe');
  expect(identify({ url: '//' })).toBeUndefined();
});

describe('send()', () => {
  it('sends what it is given', async () => {
    const { url, seen } = await startRecorder(onTestFinished);
    const to = `${url}/mine`;
    await send({
      provider: 'generic',
      event: 'my.event',
      to,
      secret,
      data: { a: 1 },
      set: { b: [2] },
      eventId: 'id-1',
      headers: [['X-Mine', '1']],
    });
    await send({ provider: 'generic', event: 'my.event', to, secret, data: 'no JSON' });
    await send({ provider: 'generic', event: 'my.event', to, secret, data: Buffer.of(0, 255) });
    expect(seen.map(({ url: path }) => path)).toEqual(['/mine', '/mine', '/mine']);
    expect(seen.map((request) => Buffer.from(request.body).toString('latin1'))).toEqual([
      '{"a":1,"b":[2]}',
      'no JSON',
      '\u0000\u00ff',
    ]);
    expect(seen[0]?.headers).toContainEqual(['X-Mine', '1']);
    expect(seen[0]?.headers).toContainEqual(['X-Event-Id', 'id-1']);
    for (const request of seen) {
      expect(await verify({ provider: 'generic', request, secrets: [secret] })).toMatchObject({
        status: 'verified',
      });
    }
  });

  it('tells in the delivery what went wrong', async () => {
    const to = `localhost:${await closedPort()}`;
    const { attempts } = await send({ provider: 'stripe', event: 'invoice.paid', to, secret });
    expect(attempts.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'failed', failure: 'refused' },
    ]);
  });

  it.each([
    [{ provider: 'strip' }, 'unknown-provider'],
    [{ event: 'invoice.payd' }, 'unknown-event'],
    [{ to: 'file:///x' }, 'bad-target'],
    [{ secret: '' }, 'unusable-secret'],
    [{ set: { '__proto__.x': 1 } }, 'bad-path'],
  ])('throws for %j: %s', async (parts, code) => {
    const input = { provider: 'stripe', event: 'invoice.paid', to: '3000', secret, ...parts };
    await expect(send(input)).rejects.toMatchObject({ name: 'HookcliError', code });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

it('has types', () => {
  expectTypeOf(verify).returns.resolves.toEqualTypeOf<Verdict>();
  expectTypeOf(sign).returns.toEqualTypeOf<RawRequest>();
  expectTypeOf(send).returns.resolves.toEqualTypeOf<Delivery>();
  expectTypeOf(identify).returns.toEqualTypeOf<string | undefined>();
  // @ts-expect-error A body is text or bytes, never an object that would be serialised anew.
  void (() => verify({ provider: 'stripe', request: { body: { id: 1 } }, secrets: [] }));
});

describe('the keys beside the secrets', () => {
  const request = { url: '/hooks', body: '{"id":"1"}' };
  const made = (id: string) => {
    const provider = providers.find((one) => one.id === id);
    const key = provider?.secret.generate(systemRandom) ?? '';
    return { key, publicPart: provider?.secret.publicPart?.(key) ?? '' };
  };

  it('verify what the private key signed', async () => {
    const { key, publicPart: publicKey } = made('discord');
    const signed = sign({ provider: 'discord', request, secret: key });
    const judge = (keys: object) => verify({ provider: 'discord', request: signed, ...keys });
    expect(await judge({ publicKey })).toMatchObject({ status: 'verified' });
    expect(await judge({ signingKey: key })).toMatchObject({ status: 'verified' });
    expect(await judge({ publicKey: made('discord').publicPart })).toMatchObject({
      reason: 'mismatch',
    });
    expect(await judge({})).toMatchObject({ status: 'unchecked' });
  });

  it('verify PayPal by the certificate', async () => {
    const { key, publicPart: certificate } = made('paypal');
    const secrets = ['7KV12345XX6789012'];
    const signed = sign({ provider: 'paypal', request, secret: `${secrets[0]}\n${key}` });
    const judge = (given: object) =>
      verify({ provider: 'paypal', request: signed, secrets, ...given });
    expect(await judge({ certificate })).toMatchObject({ status: 'verified' });
    expect(await judge({ certificate: made('paypal').publicPart })).toMatchObject({
      reason: 'mismatch',
    });
    expect(await judge({})).toMatchObject({ status: 'unchecked' });
  });

  it('take the second secret and the public URL', async () => {
    const publicUrl = 'https://hooks.example.com/monday';
    const signed = sign({ provider: 'monday', request, secret: 'second of two', publicUrl });
    const judge = (given: object) =>
      verify({
        provider: 'monday',
        request: signed,
        secrets: ['first of two'],
        secondarySecret: 'second of two',
        ...given,
      });
    expect(await judge({ publicUrl })).toMatchObject({ status: 'verified' });
    expect(await judge({ publicUrl: 'https://hooks.example.com' })).toMatchObject({
      reason: 'mismatch',
    });
    expect(await judge({ publicUrl, secondarySecret: 'third' })).toMatchObject({
      reason: 'mismatch',
    });
  });
});
