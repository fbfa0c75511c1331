import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Sandbox } from '../helpers/cli.ts';
import { type Handler, type SeenRequest, serveAnswers } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
let handler: Handler & { readonly seen: SeenRequest[] };
let answerStatus = 200;

beforeAll(async () => {
  handler = await serveAnswers((_request, response) => {
    response.writeHead(answerStatus).end('ok');
  }, box.atEnd);
});
beforeEach(() => {
  handler.seen.length = 0;
  answerStatus = 200;
});

const STRIPE = ['send', 'stripe', 'invoice.paid'];
const send = (...args: string[]) => box.json([...args, '--to', handler.url]);
/** The last request that the handler saw. */
const last = (): SeenRequest => handler.seen.at(-1) as SeenRequest;
const payload = () => JSON.parse(last().body.toString());

describe('the request', () => {
  it('goes to the path that the target has, else to the webhook path', async () => {
    await box.run([...STRIPE, '--to', `127.0.0.1:${handler.port}/hooks/mine?a=1`]);
    expect(last().url).toBe('/hooks/mine?a=1');
    await box.run([...STRIPE, '--to', String(handler.port)]);
    expect(last()).toMatchObject({ url: '/webhook/stripe', method: 'POST' });
    expect(last().headers.host).toBe(`localhost:${handler.port}`);
  });

  it('has the given method', async () => {
    expect((await send(...STRIPE, '--method', 'put')).code).toBe(0);
    expect(last().method).toBe('PUT');
  });

  it('has the given fields, as JSON or as text', async () => {
    const { code } = await send(
      ...STRIPE,
      ...['--set', 'data.object.amount_due=500', '--set', 'data.object.note=plain text'],
      ...['--set', 'data.object.list=[1,{"a":null}]', '--set', 'data.object.list[1].a="5"'],
      ...['--unset', 'data.object.currency', '--unset', 'pending_webhooks'],
    );
    expect(code).toBe(0);
    const { data, ...event } = payload();
    expect(data.object).toMatchObject({
      amount_due: 500,
      note: 'plain text',
      list: [1, { a: '5' }],
    });
    expect(data.object).not.toHaveProperty('currency');
    expect(event).not.toHaveProperty('pending_webhooks');
  });

  const OWN = '{ "id": "evt_own",\n "type": "my.own",  "n": 1.0 }';

  it.each([
    ['inline', OWN, {}],
    ['in a file', '@own.json', {}],
    ['on standard input', '-', { stdin: OWN }],
  ])('has the given data %s, byte for byte', async (_where, data, options) => {
    box.write('own.json', OWN);
    const args = ['send', 'stripe', 'my.own', '--data', data, '--to', handler.url];
    const { code, lines } = await box.json(args, options);
    expect(code).toBe(0);
    expect(last().body.toString()).toBe(OWN);
    expect(lines[0]).toMatchObject({ type: 'my.own', eventId: 'evt_own' });
  });

  it('may have a body that is no JSON when its type says so', async () => {
    const bytes = Buffer.from([0, 255, 254, 10, 128]);
    const { code } = await box.json(
      [
        ...['send', 'generic', 'my.bytes', '--data', '-', '--to', handler.url],
        ...['--header', 'Content-Type: application/octet-stream'],
      ],
      { stdin: bytes },
    );
    expect(code).toBe(0);
    expect(last().body).toEqual(bytes);
    const { lines } = await box.json(['show', 'last']);
    expect(lines[0].bodyBase64).toBe(bytes.toString('base64'));
    expect((await box.run(['show', 'last', '--body'])).bytes).toEqual(bytes);
  });

  it('has the given headers, or lacks them', async () => {
    const more = ['--header', 'X-Tenant: acme', '-H', 'user-agent: mine', '-H', 'Accept:'];
    await send(...STRIPE, ...more);
    const { headers, rawHeaders } = last();
    expect(headers).toMatchObject({ 'x-tenant': 'acme', 'user-agent': 'mine' });
    expect(headers).not.toHaveProperty('accept');
    expect(rawHeaders).toContain('X-Tenant');
  });

  it('has the given id', async () => {
    expect((await send(...STRIPE, '--id', 'evt_mine')).lines[0].eventId).toBe('evt_mine');
    expect(payload().id).toBe('evt_mine');
    await send('send', 'github', 'push', '--id', '5e54c2a0-7cd2-4f0e-9f5e-7d8f0f1c2b3a');
    expect(last().headers['x-github-delivery']).toBe('5e54c2a0-7cd2-4f0e-9f5e-7d8f0f1c2b3a');
  });

  it('is dated as said', async () => {
    await send(...STRIPE, '--at', '2026-01-31T12:00:00Z');
    expect(payload().created).toBe(1_769_860_800);
    expect(last().headers['stripe-signature']).toMatch(/^t=1769860800,v1=[0-9a-f]{64}$/);
    await send(...STRIPE, '--at', '-1h');
    const age = Date.now() / 1_000 - payload().created;
    expect(age).toBeGreaterThanOrEqual(3_599);
    expect(age).toBeLessThan(3_660);
  });

  it('is a form where the provider can', async () => {
    await send('send', 'github', 'push', '--form');
    expect(last().headers['content-type']).toBe('application/x-www-form-urlencoded');
    const form = new URLSearchParams(last().body.toString());
    expect([...form.keys()]).toEqual(['payload']);
    expect(JSON.parse(form.get('payload') as string)).toHaveProperty('repository');
  });

  it('is signed as a generic sender is told to', async () => {
    const { createHmac } = await import('node:crypto');
    await send(
      ...['send', 'generic', 'example.event', '--secret', 's3cret'],
      ...['--signature-header', 'X-Mine', '--algorithm', 'sha512', '--encoding', 'base64'],
      ...['--prefix', 'v0='],
    );
    const expected = createHmac('sha512', 's3cret').update(last().body).digest('base64');
    expect(last().headers['x-mine']).toBe(`v0=${expected}`);
  });
});

describe('many', () => {
  it('have ids and times of their own', async () => {
    const { code, lines } = await send(...STRIPE, '--count', '5', '--concurrency', '3');
    expect(code).toBe(0);
    expect(new Set(handler.seen.map(({ body }) => JSON.parse(body.toString()).id)).size).toBe(5);
    expect(lines).toHaveLength(6);
    expect(lines[5]).toMatchObject({ kind: 'summary', sent: 5, ok: 5, answers: { 200: 5 } });
  });

  it('are never more at once than allowed', async () => {
    let open = 0;
    let most = 0;
    let release: (() => void)[] = [];
    // Answers two together, so that a sender of one at a time would wait for ever.
    const slow = await serveAnswers((_request, response) => {
      most = Math.max(most, ++open);
      release.push(() => {
        open--;
        response.end();
      });
      if (release.length < 2) return;
      for (const answer of release) answer();
      release = [];
    }, onTestFinished);
    const { code } = await box.json([...STRIPE, '--to', slow.url, '-n', '6', '-c', '2']);
    expect(code).toBe(0);
    expect(most).toBe(2);
  });

  it('fail together when one does', async () => {
    const flaky = await serveAnswers((_request, response) => {
      response.writeHead(flaky.seen.length === 2 ? 503 : 200).end();
    }, onTestFinished);
    const { code, lines } = await box.json([...STRIPE, '--to', flaky.url, '-n', '3']);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ sent: 3, ok: 2, answers: { 200: 2, 503: 1 } });
  });
});

describe('the seed', () => {
  const body = async (...args: string[]) => {
    const { lines } = await box.json(['send', 'github', 'push', '--dry-run', ...args]);
    return lines[0].body;
  };

  it('gives the same body each time, and another for another', async () => {
    const [one, again, other, none, nor] = await Promise.all([
      body('--seed', '7'),
      body('--seed', '7'),
      body('--seed', '8'),
      body(),
      body(),
    ]);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
    expect(nor).not.toBe(none);
  });
});

describe('the judgement', () => {
  it.each([
    [204, [], 0],
    [302, [], 1],
    [302, ['--expect', '302'], 0],
    [200, ['--expect', '202'], 1],
    [400, ['--spoil', 'signature'], 0],
    [200, ['--spoil', 'signature'], 1],
    [500, ['--spoil', 'signature'], 1],
    [200, ['--spoil', 'signature', '--expect', '2xx'], 0],
  ])('of %d with %s is %d', async (status, args, code) => {
    answerStatus = status;
    expect((await send(...STRIPE, ...args)).code).toBe(code);
  });

  it('is harsh on who answers after --within', async () => {
    const slow = await serveAnswers((_request, response) => {
      setTimeout(() => response.end(), 5_000).unref();
    }, onTestFinished);
    const { code, lines } = await box.json([...STRIPE, '--to', slow.url, '--within', '150ms']);
    expect(lines[0]).toMatchObject({ failure: 'timeout', ok: false });
    expect(code).toBe(1);
  });

  it('waits for a port with --wait', async () => {
    const http = await import('node:http');
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => response.end());
    });
    const listen = (port: number) =>
      new Promise<number>((resolve) => {
        server.listen(port, '127.0.0.1', () =>
          resolve((server.address() as { port: number }).port),
        );
      });
    const port = await listen(0);
    await new Promise((resolve) => server.close(resolve));
    const sent = box.json([...STRIPE, '--to', `127.0.0.1:${port}`, '--wait', '10s']);
    await listen(port);
    expect((await sent).code).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('--dry-run', () => {
  it('prints exactly what would be sent, and sends nothing', async () => {
    const args = [...STRIPE, '--seed', '1', '--at', '2026-01-31T12:00:00Z'];
    const { lines, code } = await send(...args, '--dry-run');
    expect(code).toBe(0);
    expect(handler.seen).toHaveLength(0);
    expect(lines).toHaveLength(1);
    const { kind, schema, method, url, headers, body, ...rest } = lines[0];
    expect(rest).toEqual({});
    expect([kind, schema, method, url]).toEqual([
      'request',
      1,
      'POST',
      `${handler.url}/webhook/stripe`,
    ]);
    await send(...args);
    expect(last().body.toString()).toBe(body);
    const sent = last().rawHeaders.filter(
      (_, i) => i % 2 === 0 && !/connection/i.test(last().rawHeaders[i] as string),
    );
    expect(headers.map(([name]: [string]) => name)).toEqual(sent);
    const names = headers.map(([name]: [string]) => name.toLowerCase());
    for (const [i, name] of names.entries()) expect(last().headers[name]).toBe(headers[i][1]);
  });

  it('goes to the listener of the default port when none runs and nothing else is said', async () => {
    const { lines } = await box.json([...STRIPE, '--dry-run', '-n', '2']);
    expect(lines.map(({ url }) => url)).toEqual(
      Array(2).fill('http://127.0.0.1:4400/webhook/stripe'),
    );
    // The schema is named once, on the first line.
    expect(lines.map(({ schema }) => schema)).toEqual([1, undefined]);
  });

  it('prints it as HTTP and as a curl command that does the same', async () => {
    const args = ['send', 'github', 'push', '--to', handler.url, '--dry-run', '--set', "a=it's"];
    const http = await box.run(args);
    expect(http.stdout).toMatch(/^POST \/webhook\/github HTTP\/1\.1\nHost: /);
    const curl = await box.run([...args, '--curl']);
    expect(curl.stdout).toMatch(/^curl /);
    const ran = await box.shell(curl.stdout);
    expect(ran).toMatchObject({ code: 0, stdout: 'ok' });
    expect(payload().a).toBe("it's");
    expect(last().headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/);
  });
});

describe('the record', () => {
  it('of what is sent elsewhere is made by the sender', async () => {
    const before = (await box.json(['list', '-n', '999'])).lines.length;
    const { lines: sent } = await send(...STRIPE);
    const { lines } = await box.json(['list', '-n', '999']);
    expect(lines).toHaveLength(before + 1);
    expect(lines[0]).toMatchObject({
      source: 'sent',
      provider: 'stripe',
      type: 'invoice.paid',
      eventId: sent[0].eventId,
      state: 'delivered',
      verdict: { status: 'verified' },
      deliveries: [{ cause: 'send', endpoint: `${handler.url}/webhook/stripe`, status: 200 }],
    });
  });

  it('of what goes through the own listener is made once, by the listener', async () => {
    const other = new Sandbox(onTestFinished);
    const listener = await other.listen(['--forward', handler.url]);
    const { lines: sent, code } = await other.json(STRIPE);
    expect(code).toBe(0);
    expect(sent[0].endpoint).toBe(`${listener.url}/webhook/stripe`);
    const { port } = new URL(listener.url);
    await other.json([...STRIPE, '--to', `localhost:${port}`]);
    const { lines } = await other.json(['list']);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatchObject({ source: 'received', state: 'delivered' });
  });

  it('has the fields of the contract', async () => {
    const { lines } = await send(...STRIPE);
    expect(Object.keys(lines[0])).toEqual([
      ...['kind', 'schema', 'provider', 'type', 'eventId', 'cause', 'endpoint', 'status'],
      ...['ms', 'attempts', 'expected', 'ok'],
    ]);
    expect(lines[1].kind).toBe('summary');
    const { lines: shown } = await box.json(['show', 'last']);
    expect(Object.keys(shown[0])).toEqual([
      ...['kind', 'schema', 'id', 'at', 'provider', 'type', 'eventId', 'source', 'state'],
      ...['verdict', 'method', 'url', 'headers', 'body', 'deliveries'],
    ]);
    const { lines: listed } = await box.json(['list', '-n', '1']);
    expect(Object.keys(listed[0])).not.toContain('headers');
    expect(Object.keys(listed[0])).not.toContain('body');
  });
});
