import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT, HookcliError } from '../../src/core/errors.ts';
import type { CapturedEvent, Happening, Header, RawRequest } from '../../src/core/types.ts';
import { openSingle } from '../../src/deliver/attempt.ts';
import { parseTarget } from '../../src/deliver/target.ts';
import { getProvider } from '../../src/providers/index.ts';
import { Duplicates } from '../../src/receive/duplicates.ts';
import { type ReceiveOptions, receive } from '../../src/receive/receive.ts';
import { endpointsFor, parseRoute } from '../../src/receive/routes.ts';
import { jsonSink } from '../../src/sinks/json.ts';
import { prettySink } from '../../src/sinks/pretty.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { createTheme } from '../../src/terminal/theme.ts';
import { identify } from '../../src/verify/identify.ts';
import { signRequest } from '../../src/verify/sign.ts';
import { closedPort, gate, isAnswered, startRecorder, statuses, talk } from '../helpers/servers.ts';
import { startPipe } from './pipe.ts';

const SECRET = 'whsec_of_this_test_only';

function stripeRequest(id = 'evt_1', secret = SECRET): RawRequest {
  return signRequest(
    {
      method: 'POST',
      url: '/webhook/stripe',
      headers: [['Content-Type', 'application/json']],
      body: Buffer.from(`{"id":"${id}","type":"invoice.paid"}`),
    },
    getProvider('stripe'),
    { secret, eventId: id, at: new Date() },
  );
}

async function start(
  options: Partial<ReceiveOptions> & { targets?: string[]; routes?: string[] } = {},
) {
  const transport = await openSingle();
  onTestFinished(() => transport.close());
  const happenings: Happening[] = [];
  const targets = (options.targets ?? []).map(parseTarget);
  const routes = (options.routes ?? []).map(parseRoute);
  const store = memoryStore();
  const all: ReceiveOptions = {
    store,
    identify,
    secretsOf: async () => ({ secrets: [SECRET], origin: '--secret' }),
    duplicates: new Duplicates(),
    wanted: () => true,
    endpointsFor: (event) => endpointsFor(event, routes, targets),
    transport,
    timeoutMs: 5_000,
    reject: false,
    emit: (happening) => happenings.push(happening),
    ...options,
  };
  return { store, happenings, receive: (request: RawRequest) => receive(request, all) };
}

const answering = (status: number, body = '', headers: readonly Header[] = []) =>
  startRecorder(onTestFinished, {
    answer: (_, response) => void response.writeHead(status, headers.flat()).end(body),
  });

const kinds = (happenings: readonly Happening[]) => happenings.map(({ kind }) => kind);
const full = () =>
  new HookcliError('store-full', 'No space is left.', {
    hint: 'Make some.',
    exitCode: EXIT.environment,
  });

describe('what cannot be recorded', () => {
  it('is answered 507, told of, and still forwarded', async () => {
    const handler = await answering(200);
    const { happenings, receive } = await start({
      targets: [handler.url],
      store: {
        append: () => Promise.reject(full()),
        appendDelivery: () => Promise.reject(full()),
      },
    });
    const answer = await receive(stripeRequest());
    expect(answer.status).toBe(507);
    expect(String(answer.body)).toContain('No space is left.');
    expect(handler.seen).toHaveLength(1);
    expect(happenings).toMatchObject([
      { kind: 'trouble', code: 'store-full', hint: 'Make some.' },
      { kind: 'event' },
      { kind: 'trouble', code: 'store-full' },
      { kind: 'delivery' },
    ]);
  });

  it('is no duplicate when its sender comes again', async () => {
    const store = memoryStore();
    let isFull = true;
    const { happenings, receive } = await start({
      store: {
        append: (event) => (isFull ? Promise.reject(full()) : store.append(event)),
        appendDelivery: (...given) => store.appendDelivery(...given),
      },
    });
    expect((await receive(stripeRequest())).status).toBe(507);
    isFull = false;
    expect((await receive(stripeRequest())).status).toBe(200);
    expect([...store.newest()].map(({ duplicateOf }) => duplicateOf)).toEqual([undefined]);
    expect(kinds(happenings)).toEqual(['trouble', 'event', 'event']);
  });

  it('because of a bug is no secret of ours', async () => {
    const bug = new TypeError('bug');
    const { receive } = await start({
      store: { append: () => Promise.reject(bug), appendDelivery: async () => {} },
    });
    await expect(receive(stripeRequest())).rejects.toBe(bug);
  });

  it('never gets a 2xx from a server either', async () => {
    const pipe = await startPipe(onTestFinished, {
      store: { append: () => Promise.reject(full()), appendDelivery: async () => {} },
    });
    const said = await talk(
      pipe.port,
      ['POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx'],
      {
        until: isAnswered,
      },
    );
    expect(statuses(said)).toEqual([507]);
    expect(pipe.happenings).toMatchObject([
      { kind: 'trouble', code: 'store-full' },
      { kind: 'event' },
    ]);
  });
});

describe('the answer', () => {
  it('waits until the event is recorded and forwarded', async () => {
    const [recording, forwarding] = [gate(), gate()];
    const order: string[] = [];
    const handler = await startRecorder(onTestFinished, {
      answer: async (_, response) => {
        order.push('forwarded');
        await forwarding.opened;
        response.end();
      },
    });
    const { receive } = await start({
      targets: [handler.url],
      store: {
        async append() {
          order.push('append began');
          await recording.opened;
          order.push('appended');
        },
        async appendDelivery() {
          order.push('delivery appended');
        },
      },
    });
    const answer = receive(stripeRequest()).then(() => order.push('answered'));
    // Both have begun though neither is done.
    await expect.poll(() => order).toEqual(['append began', 'forwarded']);
    forwarding.open();
    recording.open();
    await answer;
    expect(order).toEqual([
      'append began',
      'forwarded',
      'appended',
      'delivery appended',
      'answered',
    ]);
  });

  it('is the handler’s own, without what belongs to one hop', async () => {
    const handler = await answering(418, '\u00ff\u0000', [
      ['Set-Cookie', 'a'],
      ['X-Latin', 'caf\u00e9'],
      ['Set-Cookie', 'b'],
      ['Keep-Alive', 'timeout=9'],
      ['Connection', 'X-Hop'],
      ['X-Hop', '1'],
    ]);
    const { receive } = await start({ targets: [handler.url] });
    const answer = await receive(stripeRequest());
    expect(answer.status).toBe(418);
    expect(answer.headers.filter(([name]) => name !== 'Date')).toEqual([
      ['Set-Cookie', 'a'],
      ['X-Latin', 'caf\u00e9'],
      ['Set-Cookie', 'b'],
    ]);
    expect(String(answer.body)).toBe('\u00ff\u0000');
  });

  it('is that of the first of two targets, which both get the event', async () => {
    const [first, second] = [await answering(201, 'first'), await answering(500, 'second')];
    const { receive, store } = await start({ targets: [first.url, second.url] });
    const answer = await receive(stripeRequest());
    expect([answer.status, String(answer.body)]).toEqual([201, 'first']);
    expect([first.seen.length, second.seen.length]).toEqual([1, 1]);
    expect(
      store
        .find('last')
        .deliveries.map(({ endpoint }) => endpoint)
        .sort(),
    ).toEqual([`${first.url}/webhook/stripe`, `${second.url}/webhook/stripe`].sort());
  });

  it('says 502 when nobody listens, 504 when nobody answers', async () => {
    const refused = await start({ targets: [`127.0.0.1:${await closedPort()}`] });
    expect(await refused.receive(stripeRequest())).toMatchObject({ status: 502 });
    const silent = await startRecorder(onTestFinished, { answer: () => {} });
    const late = await start({ targets: [silent.url], timeoutMs: 50 });
    const answer = await late.receive(stripeRequest());
    expect(answer.status).toBe(504);
    expect(String(answer.body)).toContain('timeout');
  });

  it('is 200 without a target, 401 for a rejected one when asked', async () => {
    const handler = await answering(200);
    expect((await (await start()).receive(stripeRequest())).status).toBe(200);
    const strict = await start({ targets: [handler.url], reject: true });
    const answer = await strict.receive(stripeRequest('evt_2', 'whsec_of_somebody_else'));
    expect(answer.status).toBe(401);
    expect(String(answer.body)).toMatch(/^Signature rejected: /);
    expect(String(answer.body)).not.toContain(SECRET);
    expect(handler.seen).toEqual([]);
    expect(kinds(strict.happenings)).toEqual(['event']);
    expect((await strict.receive(stripeRequest('evt_3'))).status).toBe(200);
    expect(handler.seen).toHaveLength(1);
  });
});

describe('a verdict', () => {
  it('is rejected with where the secret came from, and forwards by default', async () => {
    const handler = await answering(200);
    const { receive, store } = await start({ targets: [handler.url] });
    await receive(stripeRequest('evt_1', 'whsec_of_somebody_else'));
    const { verdict } = store.find('last');
    expect(verdict).toMatchObject({ status: 'rejected', reason: 'mismatch' });
    expect(JSON.stringify(verdict)).toContain('--secret');
    expect(JSON.stringify(verdict)).not.toContain(SECRET);
    expect(handler.seen).toHaveLength(1);
  });

  it('is unchecked for an unknown sender', async () => {
    const { receive, store } = await start();
    await receive({ method: 'PUT', url: '/%zz', headers: [], body: Buffer.of(0, 255) });
    expect(store.find('last')).toMatchObject({
      provider: 'unknown',
      verdict: { status: 'unchecked', reason: 'unknown-provider' },
      request: { method: 'PUT', url: '/%zz' },
    });
  });

  it('does not lose an event to a secret that cannot be used', async () => {
    const { receive, store, happenings } = await start({
      secretsOf: async () => ({ secrets: [''], origin: '.env' }),
    });
    expect((await receive(stripeRequest())).status).toBe(200);
    expect(store.find('last').verdict).toMatchObject({ status: 'unchecked', reason: 'no-secret' });
    expect(happenings).toMatchObject([
      { kind: 'trouble', code: 'unusable-secret' },
      { kind: 'event' },
    ]);
  });
});

describe('an event that comes again', () => {
  it('is marked with the first, which is not', async () => {
    const { receive, store } = await start();
    for (const id of ['evt_a', 'evt_b', 'evt_a', 'evt_a']) await receive(stripeRequest(id));
    const [fourth, third, second, first] = [...store.newest()];
    expect([first, second].map((event) => event?.duplicateOf)).toEqual([undefined, undefined]);
    expect([third, fourth].map((event) => event?.duplicateOf)).toEqual([first?.id, first?.id]);
  });

  it('is not marked by a forged one, nor is a forged one marked', async () => {
    const { receive, store } = await start();
    await receive(stripeRequest('evt_a', 'whsec_of_somebody_else'));
    await receive(stripeRequest('evt_a'));
    await receive(stripeRequest('evt_a', 'whsec_of_somebody_else'));
    await receive(stripeRequest('evt_a'));
    const [genuineAgain, forgedAgain, genuine, forged] = [...store.newest()];
    expect([forged, genuine, forgedAgain].map((event) => event?.duplicateOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(genuineAgain?.duplicateOf).toBe(genuine?.id);
  });

  it('is recognised across a restart, and told apart by provider', () => {
    const event = (id: string, parts: Partial<CapturedEvent> = {}): CapturedEvent => ({
      id,
      at: new Date(),
      source: 'received',
      provider: 'stripe',
      eventId: 'one',
      verdict: { status: 'verified', scheme: 'stripe' },
      request: { method: 'POST', url: '/', headers: [], body: Buffer.alloc(0) },
      ...parts,
    });
    // Newest first, as a store gives them.
    const duplicates = new Duplicates([event('evt_2', { duplicateOf: 'evt_1' }), event('evt_1')]);
    expect(duplicates.firstOf(event('evt_3'))).toBe('evt_1');
    expect(duplicates.firstOf(event('evt_4', { provider: 'github' }))).toBeUndefined();
    expect(duplicates.firstOf(event('evt_5', { source: 'sent' }))).toBeUndefined();
    duplicates.forget(event('evt_6'));
    expect(duplicates.firstOf(event('evt_7'))).toBe('evt_1');
  });
});

describe('routes', () => {
  it('lead by provider and type, the first that fits', async () => {
    const [invoices, rest, others] = [
      await answering(201),
      await answering(202),
      await answering(203),
    ];
    const { receive } = await start({
      targets: [others.url],
      routes: [
        `stripe:invoice.*=${invoices.url}/fixed?x=1`,
        `stripe=${rest.url}`,
        `stripe=${others.url}`,
      ],
    });
    expect((await receive(stripeRequest())).status).toBe(201);
    expect(invoices.seen.map(({ url }) => url)).toEqual(['/fixed?x=1']);
    const charge = { ...stripeRequest(), body: Buffer.from('{"type":"charge.failed"}') };
    expect((await receive({ ...charge, url: '/webhook/stripe?y=2' })).status).toBe(202);
    expect(rest.seen.map(({ url }) => url)).toEqual(['/webhook/stripe?y=2']);
    expect((await receive({ ...charge, url: '/webhook/github' })).status).toBe(203);
  });

  it.each([
    ['stripe', 'bad-route'],
    ['=3000', 'bad-route'],
    [':x=3000', 'bad-route'],
    ['strpe=3000', 'unknown-provider'],
    ['stripe=file:///etc', 'bad-target'],
  ])('%s is refused: %s', (text, code) => {
    expect(() => parseRoute(text)).toThrow(expect.objectContaining({ code }));
  });
});

it.each([
  ['JSON lines', (write: () => void) => jsonSink({ write })],
  [
    'lines for people',
    (write: () => void) =>
      prettySink({ write, theme: createTheme({ color: false }), deadlineOf: () => undefined }),
  ],
])('goes on when its reader has gone: %s', async (_, sinkTo) => {
  const handler = await answering(202);
  const emit = sinkTo(() => {
    throw new Error('EPIPE');
  });
  const { receive, store } = await start({ targets: [handler.url], emit });
  expect((await receive(stripeRequest())).status).toBe(202);
  expect(store.find('last').deliveries).toHaveLength(1);
});

it('records, but neither shows nor forwards, what is not wanted', async () => {
  const handler = await answering(500);
  const { receive, store, happenings } = await start({
    targets: [handler.url],
    wanted: () => false,
  });
  expect((await receive(stripeRequest())).status).toBe(200);
  expect([...store.newest()]).toHaveLength(1);
  expect(happenings).toEqual([]);
  expect(handler.seen).toEqual([]);
});
