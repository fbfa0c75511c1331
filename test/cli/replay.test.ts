import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { capturedId } from '../../src/core/ids.ts';
import { openStore } from '../../src/store/store.ts';
import { Sandbox } from '../helpers/cli.ts';
import { type Handler, type SeenRequest, serveAnswers } from '../helpers/handlers.ts';
import { signed } from '../helpers/signed.ts';

const SECRET = 'whsec_of_the_replay_tests';
const box = new Sandbox(afterAll);
const env = { STRIPE_WEBHOOK_SECRET: SECRET };
let handler: Handler & { readonly seen: SeenRequest[] };

beforeAll(async () => {
  handler = await serveAnswers(({ url }, response) => {
    response.writeHead(url.includes('broken') ? 500 : 200).end();
  }, box.atEnd);
  // One event that was forwarded, with bytes that no serialiser would make.
  const listener = await box.listen([handler.url], { env });
  const { init } = signed('stripe', 'invoice.paid', { secret: SECRET, eventId: 'evt_1captured' });
  await fetch(`${listener.url}/my/hooks?a=%20b`, init);
  await fetch(`${listener.url}/unknown/sender`, { method: 'PUT', body: '{ "a":  1.0,\r\n}' });
  await listener.stop();
  captured = [...handler.seen];
  const { lines } = await box.json(['list']);
  [unknown, stripe] = lines.map(({ id }) => id);
});
beforeEach(() => {
  handler.seen.length = 0;
});

let captured: SeenRequest[] = [];
let stripe = '';
let unknown = '';
const replay = (...args: string[]) => box.json(['replay', ...args], { env });
const last = (): SeenRequest => handler.seen.at(-1) as SeenRequest;
const payload = () => JSON.parse(last().body.toString());

describe('the target', () => {
  it('is where the event was last delivered, also when it is named by the id of its provider', async () => {
    const { code, lines } = await replay('evt_1captured');
    expect(code).toBe(0);
    expect(lines[0].endpoint).toBe(`${handler.url}/my/hooks?a=%20b`);
    expect(last().url).toBe('/my/hooks?a=%20b');
  });

  it('is what --to says, with the path of the event or its own', async () => {
    const other = await serveAnswers((_request, response) => response.end(), onTestFinished);
    await replay(stripe, '--to', other.url);
    await replay(stripe, '--to', `${other.url}/own`);
    expect(other.seen.map(({ url }) => url)).toEqual(['/my/hooks?a=%20b', '/own']);
    // What was delivered there last is the target from now on.
    expect((await replay(stripe)).lines[0].endpoint).toBe(`${other.url}/own`);
    await replay(stripe, '--to', handler.url);
  });

  it('is the running listener for what was never delivered', async () => {
    const fresh = new Sandbox(onTestFinished);
    const first = await fresh.listen();
    await fetch(`${first.url}/my/path`, { method: 'POST', body: 'a' });
    await first.stop();
    const listener = await fresh.listen(['--json', '--forward', handler.url]);
    const { code, lines } = await fresh.json(['replay', 'last']);
    expect(code).toBe(0);
    expect(lines[0].endpoint).toBe(`${listener.url}/my/path`);
    expect(last().body.toString()).toBe('a');
    // It is recorded once, by the listener.
    expect((await fresh.json(['list'])).lines).toHaveLength(2);
  });

  it('is never on another machine unless the user types it', async () => {
    const fresh = new Sandbox(onTestFinished);
    const to = 'http://hookcli.invalid/hooks';
    expect((await fresh.run(['send', 'generic', 'example.event', '--to', to])).code).toBe(3);
    const { code, stdout, stderr } = await fresh.run(['replay', 'last']);
    expect(stderr).toContain(`--to ${to}`);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('the request', () => {
  it('is the exact bytes, with the same headers', async () => {
    await replay(stripe);
    expect(last().body).toEqual(captured[0]?.body);
    expect(last().headers['stripe-signature']).toBe(captured[0]?.headers['stripe-signature']);
    await replay(unknown);
    expect(last()).toMatchObject({ method: 'PUT', url: '/unknown/sender' });
    expect(last().body.toString()).toBe('{ "a":  1.0,\r\n}');
  });

  it('is signed again with --resign, and its bytes stay', async () => {
    await replay(stripe, '--resign');
    expect(last().body).toEqual(captured[0]?.body);
    expect(last().headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    const { lines } = await box.json(['show', stripe], { env });
    expect(lines[0].deliveries.at(-1)).toMatchObject({ cause: 'replay', status: 200 });
  });

  it('is another event with --new-id', async () => {
    const { lines } = await replay(stripe, '--new-id');
    expect(payload().id).toMatch(/^evt_1[A-Za-z0-9]{23}$/);
    expect(payload().id).not.toBe('evt_1captured');
    expect(lines[0].eventId).toBe(payload().id);
  });

  it('is changed and signed again with --set and --unset', async () => {
    const args = ['--set', 'data.object.note=changed', '--unset', 'livemode'];
    const { code, stderr } = await replay(stripe, ...args);
    expect(code).toBe(0);
    expect(payload().data.object.note).toBe('changed');
    expect(payload()).not.toHaveProperty('livemode');
    expect(payload().id).toBe('evt_1captured');
    // What was sent can be read again, with a verdict of its own.
    const id = /recorded as (evt_\w+)/.exec(stderr)?.[1] as string;
    const { lines } = await box.json(['show', id]);
    expect(lines[0]).toMatchObject({ source: 'sent', verdict: { status: 'verified' } });
    expect(lines[0].body).toBe(last().body.toString());
  });

  it('cannot be signed for a sender nobody knows', async () => {
    const { code, stderr } = await replay(unknown, '--resign', '--to', handler.url);
    expect(stderr).toMatch(/unknown provider.*\n.*exact bytes/);
    expect(code).toBe(2);
    expect(handler.seen).toHaveLength(0);
  });

  it('is only printed with --dry-run', async () => {
    const { code, lines } = await replay(stripe, '--dry-run', '--to', `${handler.url}/x`);
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ kind: 'request', schema: 1, url: `${handler.url}/x` });
    expect(lines[0].body).toBe(captured[0]?.body.toString());
    expect(handler.seen).toHaveLength(0);
  });

  it('comes with a hint when its signature is stale', async () => {
    const fresh = new Sandbox(onTestFinished);
    const store = openStore(fresh.store);
    const at = new Date(Date.now() - 3_600_000);
    const { init, eventId } = signed('stripe', 'invoice.paid', { secret: SECRET, at });
    await store.append({
      id: capturedId(at),
      at,
      source: 'received',
      provider: 'stripe',
      type: 'invoice.paid',
      eventId,
      verdict: { status: 'verified', scheme: 'stripe' },
      request: { ...init, url: '/stripe' },
    });
    await store.close();
    const again = (...args: string[]) =>
      fresh.run(['replay', 'last', '--to', handler.url, ...args], { env });
    const exact = await again();
    expect(exact.stderr).toMatch(/signature is \d+ min old.*after 5 min.*--resign/);
    expect(exact.code).toBe(0);
    expect((await again('--resign')).stderr).toBe('');
  });
});

describe('several', () => {
  it('are replayed as a query finds them, oldest first', async () => {
    const fresh = new Sandbox(onTestFinished);
    const send = (path: string, id: string) =>
      fresh.run(['send', 'stripe', 'invoice.paid', '--to', handler.url + path, '--id', id]);
    await send('/broken', 'evt_1first');
    await send('/fine', 'evt_1second');
    await send('/broken', 'evt_1third');
    handler.seen.length = 0;
    const { code, lines } = await fresh.json([
      ...['replay', '--query', 'status:5xx since:1h', '--to', `${handler.url}/fine`],
    ]);
    expect(code).toBe(0);
    const ids = handler.seen.map(({ body }) => JSON.parse(body.toString()).id);
    expect(ids).toEqual(['evt_1first', 'evt_1third']);
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', sent: 2, ok: 2 });
    expect((await fresh.run(['replay', '--query', 'status:5xx'])).code).toBe(5);
  });

  it('are replayed as they are named, also at once', async () => {
    const { lines: all } = await box.json(['list', '-n', '99', 'source:received']);
    const ids = all.map(({ id }) => id);
    const { code, lines } = await replay(...ids, '--to', handler.url, '--concurrency', '4');
    expect(code).toBe(0);
    expect(lines.filter(({ kind }) => kind === 'delivery')).toHaveLength(ids.length);
  });

  it('may be named beside a query, none of them twice', async () => {
    const args = [unknown, '--query', 'source:received', '--to', handler.url];
    expect((await replay(...args)).code).toBe(0);
    expect(handler.seen.map(({ method }) => method)).toEqual(['PUT', 'POST']);
  });

  it('are all found before the first goes out', async () => {
    const { code, lines } = await replay(stripe, 'evt_1nothing', '--to', handler.url);
    expect([code, lines]).toEqual([2, []]);
    expect(handler.seen).toHaveLength(0);
  });
});

it('is judged as a send is', async () => {
  const to = ['--to', `${handler.url}/broken`];
  expect((await replay(stripe, ...to)).code).toBe(1);
  expect((await replay(stripe, ...to, '--expect', '500')).code).toBe(0);
  const { code, lines } = await replay(stripe, '--to', handler.url);
  expect(code).toBe(0);
  expect(Object.keys(lines[0])).toEqual([
    ...['kind', 'schema', 'provider', 'type', 'eventId', 'cause', 'endpoint', 'status'],
    ...['ms', 'attempts', 'expected', 'ok'],
  ]);
});
