import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Listening, Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';
import { type SignedOptions, signed } from '../helpers/signed.ts';

const SECRETS: Readonly<Record<string, string>> = {
  stripe: 'whsec_of_the_listener_tests',
  github: 'a secret of the listener tests',
  generic: 'another secret of the listener tests',
};
const GIVEN = Object.entries(SECRETS).flatMap(([id, secret]) => ['--secret', `${id}=${secret}`]);

type Posted = Partial<SignedOptions> & { readonly to?: string };

/** Delivers a signed fixture to a listener. */
async function post(listener: Listening, provider: string, event: string, options: Posted = {}) {
  const { to = `/webhook/${provider}`, ...others } = options;
  const secret = SECRETS[provider] as string;
  const { eventId, init } = signed(provider, event, { secret, ...others });
  const response = await fetch(listener.url + to, init);
  return {
    eventId,
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  };
}

const ofEvent = (eventId: string) => (line: { kind: string; eventId?: string }) =>
  line.kind === 'event' && line.eventId === eventId;

/** Everything that stands in a store, as one text. */
const storedText = (box: Sandbox): string =>
  fs
    .readdirSync(path.join(box.store, 'events'))
    .map((name) => fs.readFileSync(path.join(box.store, 'events', name), 'utf8'))
    .join('');

describe('an answer of its own', () => {
  it('is given instead of the handler’s, which gets the event all the same', async () => {
    const box = new Sandbox(onTestFinished);
    const handler = await serveAnswers((_request, response) => response.end('fine'), box.atEnd);
    const listener = await box.listen([handler.url, '--respond', '503', '--json', ...GIVEN]);
    const { status, text, eventId } = await post(listener, 'stripe', 'invoice.paid');
    expect(status).toBe(503);
    expect(text).toContain('--respond');
    expect(handler.seen).toHaveLength(1);
    expect(await listener.happening(ofEvent(eventId))).toMatchObject({
      verdict: { status: 'verified' },
    });
  });

  it('may come late', async () => {
    const box = new Sandbox(onTestFinished);
    const listener = await box.listen(['--respond-delay', '300ms', ...GIVEN]);
    const start = performance.now();
    expect((await post(listener, 'stripe', 'invoice.paid')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(295);
  });

  it('must be a status', async () => {
    const box = new Sandbox(onTestFinished);
    const { code, stderr } = await box.run(['listen', '--respond', '99', '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toContain('--respond');
  });
});

describe('ready', () => {
  it('is a line for people once it listens', async () => {
    const box = new Sandbox(onTestFinished);
    const { lines, url, stderr } = await box.listen(['localhost:1/hooks', '--route', 'github=2']);
    expect(lines).toEqual([`Ready! ${url} -> http://localhost:2, http://localhost:1/hooks`]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(stderr).toBe('');
    // Somebody answers; that nothing runs behind it is said, too.
    expect((await fetch(url)).status).toBe(502);
  });

  it('is a JSON line that names the schema', async () => {
    const { json, url } = await new Sandbox(onTestFinished).listen(['3000', '--json']);
    expect(json).toEqual([
      { kind: 'listening', schema: 1, url, forward: ['http://localhost:3000'] },
    ]);
  });

  it('warns when other machines can reach it', async () => {
    const listener = await new Sandbox(onTestFinished).listen(['--host', '0.0.0.0']);
    expect(listener.stderr).toMatch(/warning: .*other machines/);
  });
});

describe('who sends', () => {
  const box = new Sandbox(afterAll);
  let listener: Listening;
  beforeAll(async () => {
    listener = await box.listen(['--json', ...GIVEN]);
  });

  it.each([
    ['stripe', 'invoice.paid', '/webhook/stripe'],
    ['stripe', 'invoice.paid', '/webhooks/stripe'],
    ['stripe', 'invoice.paid', '/stripe/some/where?a=1'],
    ['stripe', 'invoice.paid', '/my/own/path'],
    ['github', 'push', '/github/events'],
    ['github', 'push', '/'],
    ['generic', 'example.event', '/webhook/generic'],
    ['generic', 'example.event', '/hooks'],
  ])('%s with %s at %s', async (provider, event, to) => {
    const { eventId, status } = await post(listener, provider, event, { to });
    expect(status).toBe(200);
    expect(await listener.happening(ofEvent(eventId))).toMatchObject({
      provider,
      type: event,
      source: 'received',
      verdict: { status: 'verified' },
      method: 'POST',
      url: to,
    });
  });

  it('is unknown when neither path nor headers tell', async () => {
    await fetch(`${listener.url}/my/unknown`, { method: 'PUT', body: 'a=1' });
    const event = await listener.happening(({ url }) => url === '/my/unknown');
    expect(event).toMatchObject({
      provider: 'unknown',
      method: 'PUT',
      body: 'a=1',
      verdict: { status: 'unchecked', reason: 'unknown-provider' },
    });
  });

  it('is what --provider says when nothing else tells', async () => {
    const other = await new Sandbox(onTestFinished).listen(['--json', '--provider', 'stripe']);
    await fetch(`${other.url}/any`, { method: 'POST', body: '{}' });
    const event = await other.happening(({ kind }) => kind === 'event');
    expect(event).toMatchObject({ provider: 'stripe', verdict: { reason: 'missing' } });
  });

  it('may send with any method', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'HEAD', 'PROPFIND']) {
      expect((await fetch(`${listener.url}/any/${method}`, { method })).status).toBe(200);
      const event = await listener.happening(({ url }) => url === `/any/${method}`);
      expect(event.method).toBe(method);
    }
  });
});

describe('its log', () => {
  const box = new Sandbox(afterAll);
  let listener: Listening;
  beforeAll(async () => {
    const handler = await serveAnswers(({ url }, response) => {
      response.writeHead(url.includes('broken') ? 500 : 200).end('what the handler said');
    }, box.atEnd);
    listener = await box.listen([handler.url, ...GIVEN]);
  });

  it('has two lines for an event', async () => {
    const from = listener.lines.length;
    await post(listener, 'stripe', 'invoice.paid');
    const answer = await listener.line(/<-- /, from);
    const arrival = await listener.line(/--> /, from);
    expect(arrival).toMatch(
      /^\d\d:\d\d:\d\d {2}--> stripe {2}invoice\.paid {2}evt_[0-9A-Z]{26} {2}✓ verified$/,
    );
    expect(answer).toMatch(
      /^\d\d:\d\d:\d\d {2}<-- 200 {2}POST http:\/\/127\.0\.0\.1:\d+\/webhook\/stripe {2}evt_\w+ {2}[\d.]+ ms$/,
    );
  });

  it.each([
    ['signature', 'mismatch'],
    ['body', 'mismatch'],
    ['secret', 'mismatch'],
    ['timestamp', 'stale'],
    ['missing', 'missing'],
    ['empty', 'malformed|missing'],
    ['truncated', 'mismatch|malformed'],
  ] as const)('says why a %s is rejected', async (spoil, reason) => {
    const from = listener.lines.length;
    const { status } = await post(listener, 'stripe', 'charge.refunded', { spoil });
    expect(status).toBe(200);
    const line = await listener.line(/--> stripe/, from);
    expect(line).toMatch(new RegExp(`✗ rejected \\((${reason})\\)$`));
    const why = listener.lines[listener.lines.indexOf(line, from) + 1];
    expect(why).toMatch(/^ {10}\S/);
  });

  it("has the start of a handler's error", async () => {
    const from = listener.lines.length;
    const { status, text } = await post(listener, 'stripe', 'invoice.paid', {
      to: '/stripe/broken',
    });
    expect([status, text]).toEqual([500, 'what the handler said']);
    const line = await listener.line(/<-- 500/, from);
    await listener.line(/^ {10}what the handler said$/, listener.lines.indexOf(line));
  });

  it('marks what came before as a duplicate, also after a restart', async () => {
    const eventId = 'evt_1duplicate';
    await post(listener, 'stripe', 'invoice.paid', { eventId });
    await post(listener, 'stripe', 'invoice.paid', { eventId });
    const line = await listener.line(/duplicate of evt_[0-9A-Z]{26}$/);
    const first = /evt_[0-9A-Z]{26}$/.exec(line)?.[0];
    const other = await box.listen(['--json', ...GIVEN]);
    await post(other, 'stripe', 'invoice.paid', { eventId });
    expect((await other.happening(ofEvent(eventId))).duplicateOf).toBe(first);
    const { lines } = await box.json(['list', 'dup:true']);
    expect(lines.map(({ duplicateOf }) => duplicateOf)).toEqual([first, first]);
    await other.stop();
  });
});

describe('its JSON lines', () => {
  it('have the fields of the contract', async () => {
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const listener = await new Sandbox(onTestFinished).listen([handler.url, '--json', ...GIVEN]);
    const { eventId } = await post(listener, 'stripe', 'invoice.paid');
    const delivery = await listener.happening(({ kind }) => kind === 'delivery');
    const event = await listener.happening(ofEvent(eventId));
    expect(Object.keys(event)).toEqual([
      ...['kind', 'id', 'at', 'provider', 'type', 'eventId', 'source', 'state', 'verdict'],
      ...['method', 'url', 'headers', 'body', 'deliveries'],
    ]);
    expect(Object.keys(delivery)).toEqual([
      ...['kind', 'id', 'provider', 'type', 'eventId', 'cause', 'endpoint', 'status'],
      ...['ms', 'attempts'],
    ]);
    expect(delivery).toMatchObject({ id: event.id, cause: 'forward', attempts: 1 });
  });

  it('tell of a store that fails, and the sender is told to come again', async () => {
    const box = new Sandbox(onTestFinished);
    const listener = await box.listen(['--json', ...GIVEN]);
    fs.rmSync(box.store, { recursive: true });
    fs.writeFileSync(box.store, 'in the way');
    expect((await post(listener, 'stripe', 'invoice.paid')).status).toBe(507);
    const trouble = await listener.happening(({ kind }) => kind === 'trouble');
    expect(trouble.code).toMatch(/^store-/);
    expect(trouble.message).toContain(box.store);
  });
});

it('shows nothing that could steer a terminal', async () => {
  const listener = await new Sandbox(onTestFinished).listen();
  const type = '\u001b]0;owned\u0007\u202eevil\u009b31m\nReady! http://evil';
  const body = JSON.stringify({ type, id: type });
  await fetch(`${listener.url}/stripe`, { method: 'POST', body });
  const line = await listener.line(/--> stripe/);
  expect(line).toContain(String.raw`\x1b]0;owned\x07\u202eevil\x9b31m\x0aReady!`);
  expect(listener.lines.filter((one) => one.startsWith('Ready!'))).toHaveLength(1);
});

describe('the way to the handler', () => {
  const box = new Sandbox(afterAll);

  it('is recorded before it is answered', async () => {
    const listener = await box.listen([...GIVEN]);
    const { eventId } = await post(listener, 'stripe', 'invoice.paid', {
      eventId: 'evt_1recorded',
    });
    expect(storedText(box)).toContain(eventId);
    await listener.stop();
  });

  it('carries the request as it came and brings the answer back as it was', async () => {
    const handler = await serveAnswers((_request, response) => {
      response.writeHead(
        202,
        [
          ['X-Handler', 'mine'],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
          ['Content-Type', 'application/problem+json'],
        ].flat(),
      );
      response.end(Buffer.from([0, 255, 1]));
    }, onTestFinished);
    const listener = await box.listen([handler.url]);
    const body = '{ "spaces":  "kept",\r\n"é": 1.0 }';
    const response = await fetch(`${listener.url}/my/%2Fpath?x=%20`, {
      method: 'PUT',
      body,
      headers: { 'X-Mine': 'yes' },
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('x-handler')).toBe('mine');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255, 1]));
    expect(handler.seen).toHaveLength(1);
    expect(handler.seen[0]).toMatchObject({
      method: 'PUT',
      url: '/my/%2Fpath?x=%20',
      headers: { 'x-mine': 'yes', host: `127.0.0.1:${handler.port}` },
    });
    expect(handler.seen[0]?.body.toString()).toBe(body);
    await listener.stop();
  });

  it('is the first route that fits, else every target', async () => {
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const to = (name: string) => `${handler.url}/${name}`;
    const listener = await box.listen([
      ...GIVEN,
      ...['--route', `stripe:invoice.*=${to('invoices')}`, '--route', `stripe=${to('stripe')}`],
      ...['--route', `unknown=${to('unknown')}`],
      ...['--forward', to('rest'), '--forward', to('also')],
    ]);
    const places = async (send: () => Promise<unknown>) => {
      const from = handler.seen.length;
      await send();
      return handler.seen
        .slice(from)
        .map(({ url }) => url)
        .sort();
    };
    expect(await places(() => post(listener, 'stripe', 'invoice.paid'))).toEqual(['/invoices']);
    expect(await places(() => post(listener, 'stripe', 'charge.refunded'))).toEqual(['/stripe']);
    expect(await places(() => post(listener, 'github', 'push'))).toEqual(['/also', '/rest']);
    expect(await places(() => fetch(listener.url))).toEqual(['/unknown']);
    await listener.stop();
  });

  it('is for the chosen events only; the others are recorded', async () => {
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const listener = await box.listen([
      ...GIVEN,
      handler.url,
      '--json',
      ...[
        '--events',
        'invoice.*, push',
        '--events',
        'ping',
        '--filter',
        'verdict:verified -type:ping',
      ],
    ]);
    const results = [
      await post(listener, 'stripe', 'charge.refunded'),
      await post(listener, 'github', 'ping'),
      await post(listener, 'stripe', 'invoice.paid', { spoil: 'signature' }),
      await post(listener, 'github', 'push'),
      await post(listener, 'stripe', 'invoice.paid'),
    ];
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const wanted = results.slice(3).map(({ eventId }) => eventId);
    await listener.happening(({ kind, eventId }) => kind === 'delivery' && eventId === wanted[1]);
    const shown = listener.json.filter(({ kind }) => kind === 'event');
    expect(shown.map(({ eventId }) => eventId)).toEqual(wanted);
    expect(handler.seen).toHaveLength(2);
    const stored = storedText(box);
    for (const { eventId } of results) expect(stored).toContain(eventId);
    await listener.stop();
  });

  it('is closed to a rejected signature with --reject', async () => {
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const listener = await box.listen([handler.url, '--reject', ...GIVEN]);
    const { status, text, eventId } = await post(listener, 'stripe', 'invoice.paid', {
      spoil: 'signature',
    });
    expect(status).toBe(401);
    expect(text).toContain('Signature rejected');
    expect(handler.seen).toHaveLength(0);
    expect(storedText(box)).toContain(eventId);
    expect((await post(listener, 'stripe', 'invoice.paid')).status).toBe(200);
    expect(handler.seen).toHaveLength(1);
    await listener.stop();
  });

  it('ends in 504 when it takes too long, and in 502 when nobody is there', async () => {
    const handler = await serveAnswers(() => {}, onTestFinished);
    const slow = await box.listen([handler.url, '--timeout', '200ms', ...GIVEN]);
    expect((await post(slow, 'stripe', 'invoice.paid')).status).toBe(504);
    await slow.line(/<-- timeout/);
    await slow.stop();
    const listener = await box.listen(['127.0.0.1:1', ...GIVEN]);
    const { status, text } = await post(listener, 'stripe', 'invoice.paid');
    expect(status).toBe(502);
    expect(text).toContain('refused');
    await listener.line(/is your server running on port 1\?/);
    await listener.stop();
  });

  it('is too narrow for a body above --max-body', async () => {
    const listener = await box.listen(['--max-body', '1kb']);
    const send = (bytes: number) =>
      fetch(listener.url, { method: 'POST', body: Buffer.alloc(bytes, 'x') });
    expect((await send(1_024)).status).toBe(200);
    const refused = await send(1_025);
    expect(refused.status).toBe(413);
    expect(await refused.text()).toContain('--max-body');
    await listener.stop();
  });

  it('reaches a handler that listens on ::1 alone', async () => {
    const http = await import('node:http');
    const server = http.createServer((_request, response) => response.end('from ::1'));
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '::1' }, resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port } = server.address() as { port: number };
    const listener = await box.listen([String(port)]);
    expect(await (await fetch(listener.url)).text()).toBe('from ::1');
    const sent = ['send', 'generic', 'example.event', '--to', String(port), '--wait', '5s'];
    expect((await box.run(sent)).code).toBe(0);
    expect((await box.run(['doctor', String(port), '--port', '0'])).stdout).toContain(
      `answers on [::1]:${port}`,
    );
    await listener.stop();
    server.closeAllConnections();
  });
});
