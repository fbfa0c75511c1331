import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import type net from 'node:net';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LIMITS } from '../../src/core/limits.ts';
import type { Outcome } from '../../src/core/types.ts';
import { openPool, openSingle } from '../../src/deliver/attempt.ts';
import { deliver } from '../../src/deliver/deliver.ts';
import { parseTarget } from '../../src/deliver/target.ts';
import type { Transport } from '../../src/deliver/transport.ts';
import { post } from '../helpers/requests.ts';
import { closedPort, startRaw, startRecorder } from '../helpers/servers.ts';

const TRANSPORTS = [
  ['node', openSingle],
  ['undici', openPool],
] as const;

async function opened(open: () => Promise<Transport>): Promise<Transport> {
  const transport = await open();
  onTestFinished(() => transport.close());
  return transport;
}

/** Delivers once and gives the outcome of the one attempt there must be. */
async function outcomeOf(
  transport: Transport,
  to: string,
  { timeoutMs = 5_000, request = post('{"a":1}') } = {},
): Promise<Outcome> {
  const target = parseTarget(to);
  const endpoint = { origin: target.origin, path: target.path ?? '/hook' };
  const delivery = await deliver(request, endpoint, { transport, cause: 'send', timeoutMs });
  expect(delivery.attempts).toHaveLength(1);
  return delivery.attempts[0]?.outcome as Outcome;
}

/** `200 ok`, or the failure. */
const brief = (outcome: Outcome): string =>
  outcome.kind === 'failed'
    ? outcome.failure
    : `${outcome.status} ${Buffer.from(outcome.body).toString('latin1')}`.trim();

type Script = (socket: Socket) => void;

/** Waits for the whole request, then plays the script. */
const onceWhole = (script: Script) => (socket: Socket) => {
  let text = '';
  let played = false;
  socket.on('data', (chunk) => {
    text += chunk;
    if (played || !text.endsWith('{"a":1}')) return;
    played = true;
    script(socket);
  });
};

const say = (...lines: string[]) => lines.join('\r\n');
const says =
  (...lines: string[]): Script =>
  (socket) =>
    void socket.write(say(...lines), 'latin1');
const saysAndEnds =
  (...lines: string[]): Script =>
  (socket) =>
    void socket.end(say(...lines), 'latin1');
const OK = say('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok');
const bigHeader = (bytes: number) => `X-Big: ${'x'.repeat(bytes)}`;

interface Case {
  readonly script: Script;
  readonly becomes: string;
  /** Where undici cannot but differ, with the reason in the name of the case. */
  readonly inUndici?: string;
  readonly timeoutMs?: number;
}

const CASES: Record<string, Case> = {
  'a plain answer': { script: says(OK), becomes: '200 ok' },
  'an answer in single bytes': {
    script: (socket) => {
      const bytes = [...Buffer.from(OK)];
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) return;
        socket.write(Buffer.of(byte));
        setImmediate(next);
      };
      next();
    },
    becomes: '200 ok',
  },
  'a connection closed without an answer': {
    script: (socket) => void socket.end(),
    becomes: 'reset',
  },
  'a reset without an answer': {
    script: (socket) => void socket.resetAndDestroy(),
    becomes: 'reset',
  },
  'a connection closed in the headers': {
    script: saysAndEnds('HTTP/1.1 200 OK', 'Content-Le'),
    becomes: 'reset',
  },
  'a reset in the headers': {
    script: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Le', () => socket.resetAndDestroy());
    },
    becomes: 'reset',
  },
  'half a body by its length': {
    script: saysAndEnds('HTTP/1.1 200 OK', 'Content-Length: 100', '', 'half'),
    becomes: 'incomplete',
  },
  'half a body by its length on a connection to be closed': {
    script: saysAndEnds('HTTP/1.1 200 OK', 'Connection: close', 'Content-Length: 100', '', 'half'),
    becomes: 'incomplete',
  },
  'half a body in chunks': {
    script: saysAndEnds('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '5', 'hal'),
    becomes: 'incomplete',
  },
  'chunks without the last on a connection to be closed': {
    script: saysAndEnds(
      'HTTP/1.1 200 OK',
      'Connection: close',
      'Transfer-Encoding: chunked',
      '',
      '4',
      'half',
      '',
    ),
    becomes: 'incomplete',
  },
  'a body up to the end of the connection': {
    script: saysAndEnds('HTTP/1.1 200 OK', '', 'until the end'),
    becomes: '200 until the end',
  },
  'no answer at all': { script: () => {}, becomes: 'timeout', timeoutMs: 100 },
  'headers that hang': {
    script: says('HTTP/1.1 200 OK', 'X: y', ''),
    becomes: 'timeout',
    timeoutMs: 100,
  },
  'a body that hangs': {
    script: says('HTTP/1.1 200 OK', 'Content-Length: 10', '', 'half'),
    becomes: 'timeout',
    timeoutMs: 100,
  },
  'early hints before the answer': {
    script: says('HTTP/1.1 103 Early Hints', 'Link: </a>', '', OK),
    becomes: '200 ok',
  },
  'two interim answers': {
    script: says('HTTP/1.1 102 Processing', '', 'HTTP/1.1 103 Early Hints', '', OK),
    becomes: '200 ok',
  },
  'an uncalled-for 100 Continue, which undici takes for the end of sense': {
    script: says('HTTP/1.1 100 Continue', '', OK),
    becomes: '200 ok',
    inUndici: 'malformed',
  },
  'an interim answer and nothing more': {
    script: saysAndEnds('HTTP/1.1 103 Early Hints', '', ''),
    becomes: 'reset',
  },
  'a body behind 204': {
    script: says('HTTP/1.1 204 No Content', '', 'body'),
    becomes: '204',
  },
  'a length and a body behind 304': {
    script: says('HTTP/1.1 304 Not Modified', 'Content-Length: 4', '', 'body'),
    becomes: '304',
    // undici counts the bytes that may not be there and misses them.
    inUndici: 'incomplete',
  },
  'garbage behind a whole answer': {
    script: says(OK, 'garbage'),
    becomes: '200 ok',
  },
  'no reason phrase': {
    script: says('HTTP/1.1 200', 'Content-Length: 2', '', 'ok'),
    becomes: '200 ok',
  },
  'status 999': { script: says('HTTP/1.1 999 ?', 'Content-Length: 0', '', ''), becomes: '999' },
  'status 99': { script: says('HTTP/1.1 99 ?', 'Content-Length: 0', '', ''), becomes: 'malformed' },
  'HTTP/1.0': { script: saysAndEnds('HTTP/1.0 200 OK', '', 'old'), becomes: '200 old' },
  'HTTP/9.9': { script: says('HTTP/9.9 200 OK', '', ''), becomes: 'malformed' },
  'no HTTP': { script: saysAndEnds('hello, who is there?', ''), becomes: 'malformed' },
  'a header of 64 KiB': {
    script: says('HTTP/1.1 200 OK', bigHeader(64 * 1_024), 'Content-Length: 2', '', 'ok'),
    becomes: '200 ok',
  },
  'headers without end': {
    script: says('HTTP/1.1 200 OK', bigHeader(2 * LIMITS.answerHeadersBytes), '', ''),
    becomes: 'too-large',
  },
  'chunks that are none': {
    script: says('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'zz', 'ok', '0', '', ''),
    becomes: 'malformed',
  },
  'trailers behind the chunks': {
    script: says(
      'HTTP/1.1 200 OK',
      'Transfer-Encoding: chunked',
      'Trailer: X-Sum',
      '',
      '2;x=y',
      'ok',
      '0',
      'X-Sum: 1',
      '',
      '',
    ),
    becomes: '200 ok',
  },
  'another protocol': {
    script: says('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: foo', '', ''),
    becomes: 'malformed',
  },
  'a redirect': {
    script: says('HTTP/1.1 307 Go', 'Location: /elsewhere', 'Content-Length: 0', '', ''),
    becomes: '307',
  },
  'a body that claims to be compressed': {
    script: says('HTTP/1.1 200 OK', 'Content-Encoding: gzip', 'Content-Length: 2', '', 'no'),
    becomes: '200 no',
  },
  'a body without end': {
    script: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const megabyte = Buffer.alloc(1_024 ** 2, 'x');
      const chunk = Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]);
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    },
    becomes: 'too-large',
    timeoutMs: 20_000,
  },
};

describe.each(TRANSPORTS)('%s', (name, open) => {
  it.each(Object.entries(CASES))(
    'settles %s',
    async (_, { script, becomes, inUndici, timeoutMs }) => {
      const transport = await opened(open);
      const server = await startRaw(onceWhole(script), onTestFinished);
      const expected = name === 'undici' ? (inUndici ?? becomes) : becomes;
      const options = timeoutMs === undefined ? {} : { timeoutMs };
      expect(brief(await outcomeOf(transport, `127.0.0.1:${server.port}`, options))).toBe(expected);
      expect(server.made.count).toBe(1);
      await transport.close();
      await server.idle();
    },
  );

  it('gives every header of the answer, in order', async () => {
    const transport = await opened(open);
    const script = says(
      'HTTP/1.1 200 OK',
      'Set-Cookie: a=1',
      'X-Latin: caf\u00e9',
      'set-cookie: b=2',
      'X-Empty:',
      ...Array.from({ length: 2_000 }, (_, i) => `x${i}: y`),
      'Content-Length: 0',
      '',
      '',
    );
    const server = await startRaw(onceWhole(script), onTestFinished);
    const outcome = await outcomeOf(transport, `127.0.0.1:${server.port}`);
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    expect(outcome.headers.slice(0, 4)).toEqual([
      ['Set-Cookie', 'a=1'],
      ['X-Latin', 'caf\u00e9'],
      ['set-cookie', 'b=2'],
      ['X-Empty', ''],
    ]);
    expect(outcome.headers).toHaveLength(2_005);
  });

  it('takes an answer that comes before the body was read, and leaves the rest unsent', async () => {
    const transport = await opened(open);
    const length = 20 * 1_024 ** 2;
    let arrived = 0;
    let reading: Socket | undefined;
    const server = await startRaw((socket) => {
      reading = socket;
      socket.on('data', (chunk) => {
        if (arrived === 0) socket.pause().write(OK.replace('200 OK', '413 No'));
        arrived += chunk.length;
      });
    }, onTestFinished);
    const outcome = await outcomeOf(transport, `127.0.0.1:${server.port}`, {
      request: post(Buffer.alloc(length)),
    });
    expect(brief(outcome)).toBe('413 ok');
    await transport.close();
    reading?.resume();
    await server.idle();
    expect(arrived).toBeLessThan(length);
  });

  it('says when nobody listens', async () => {
    const transport = await opened(open);
    const port = await closedPort();
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(brief(await outcomeOf(transport, `${host}:${port}`))).toBe('refused');
    }
  });

  it('says when a name has no address', async () => {
    const transport = await opened(open);
    expect(brief(await outcomeOf(transport, 'http://name.invalid:3000'))).toBe('unresolved');
  });

  it('says when there is no TLS behind https', async () => {
    const transport = await opened(open);
    const { port } = await startRecorder(onTestFinished);
    expect(brief(await outcomeOf(transport, `https://127.0.0.1:${port}`))).toBe('tls');
  });

  it('says when a certificate cannot be trusted', async () => {
    const transport = await opened(open);
    const port = await startTls();
    expect(brief(await outcomeOf(transport, `https://localhost:${port}`))).toBe('tls');
  });

  it.each([['127.0.0.1'], ['::1'], ['127.0.0.1', '::1']])(
    'finds by localhost a handler on %s %s',
    async (...hosts) => {
      const transport = await opened(open);
      const [host = '', other] = hosts;
      const first = await startRecorder(onTestFinished, { host });
      if (other !== undefined) {
        await startRecorder(onTestFinished, { host: other, port: first.port });
      }
      for (let i = 0; i < 3; i++) {
        expect(brief(await outcomeOf(transport, `localhost:${first.port}`))).toBe('200');
      }
    },
  );

  it.each([
    ['a name no header can have', { headers: [['no name', 'x']] as const }],
    ['a value no header can have', { headers: [['X', 'a\r\nb']] as const }],
    ['a character the wire does not have', { headers: [['X', '\u20ac']] as const }],
    ['a method that is none', { method: 'PO ST' }],
  ])('does not send %s', async (_, parts) => {
    const transport = await opened(open);
    const { port, seen } = await startRecorder(onTestFinished);
    const request = { ...post('{"a":1}'), ...parts };
    expect(brief(await outcomeOf(transport, `127.0.0.1:${port}`, { request }))).toBe('aborted');
    expect(seen).toEqual([]);
  });

  it('does not send a path no request can have', async () => {
    const transport = await opened(open);
    const { url, seen } = await startRecorder(onTestFinished);
    const delivery = await deliver(
      post('x'),
      { origin: url, path: '/a b' },
      { transport, cause: 'send', timeoutMs: 1_000 },
    );
    expect(delivery.attempts[0]?.outcome).toMatchObject({ failure: 'aborted' });
    expect(seen).toEqual([]);
  });

  it('delivers once what it sends, also where each answer ends its connection', async () => {
    const transport = await opened(open);
    const server = await startRaw(onceWhole(saysAndEnds(OK)), onTestFinished);
    for (let i = 0; i < 50; i++) {
      expect(brief(await outcomeOf(transport, `127.0.0.1:${server.port}`))).toBe('200 ok');
    }
    expect(server.made.count).toBe(50);
  });

  it('reports, and does not repeat, what a kept connection swallowed', async () => {
    const transport = await opened(open);
    let requests = 0;
    const server = await startRaw((socket) => {
      let ofConnection = 0;
      socket.on('data', () => {
        requests++;
        // The second request of a connection finds it gone.
        if (++ofConnection === 1) socket.write(OK);
        else socket.resetAndDestroy();
      });
    }, onTestFinished);
    const outcomes = [];
    for (let i = 0; i < 10; i++) {
      outcomes.push(brief(await outcomeOf(transport, `127.0.0.1:${server.port}`)));
    }
    expect(requests).toBe(10);
    expect(new Set(outcomes)).toEqual(
      new Set(name === 'undici' ? ['200 ok', 'reset'] : ['200 ok']),
    );
  });

  it('gives up what still runs when it is closed', async () => {
    const transport = await opened(open);
    const server = await startRaw((socket) => void socket.resume(), onTestFinished);
    const waiting = outcomeOf(transport, `127.0.0.1:${server.port}`, { timeoutMs: 0 });
    await expect.poll(() => server.open()).toBe(1);
    await transport.close();
    expect(brief(await waiting)).toBe('aborted');
    await server.idle();
  });

  it('carries a hundred at a time, each to its own answer', async () => {
    const transport = await opened(open);
    const { port, seen } = await startRecorder(onTestFinished, {
      answer: (request, response) => void response.end(request.url),
    });
    const bodies = Array.from({ length: 100 }, (_, i) => `/n${i}`);
    const outcomes = await Promise.all(
      bodies.map((body) =>
        outcomeOf(transport, `127.0.0.1:${port}${body}`, { request: post(body) }),
      ),
    );
    expect(outcomes.map(brief)).toEqual(bodies.map((body) => `200 ${body}`));
    expect(seen.map(({ url, body }) => [url, String(body)])).toEqual(
      seen.map(({ url }) => [url, url]),
    );
  });
});

it('never sends what was given up while it waited for a connection', async () => {
  const transport = await opened(openPool);
  let arrived = 0;
  const server = await startRaw((socket) => {
    socket.on('data', (chunk) => {
      if (chunk.includes('POST ')) arrived++;
    });
  }, onTestFinished);
  const to = `127.0.0.1:${server.port}`;
  const withConnection = Array.from({ length: LIMITS.connections }, () =>
    outcomeOf(transport, to, { timeoutMs: 3_000 }),
  );
  const waiting = Array.from({ length: 20 }, () => outcomeOf(transport, to, { timeoutMs: 100 }));
  await expect.poll(() => arrived).toBe(LIMITS.connections);
  const outcomes = await Promise.all([...waiting, ...withConnection]);
  expect(new Set(outcomes.map(brief))).toEqual(new Set(['timeout']));
  // One that is asked for now gets a connection, behind all that were given up.
  const last = outcomeOf(transport, to, { timeoutMs: 1_000 });
  expect(brief(await last)).toBe('timeout');
  expect(arrived).toBe(LIMITS.connections + 1);
  await transport.close();
  await server.idle();
});

/** A TLS server with a certificate of its own making, trusted by nobody. */
async function startTls(): Promise<number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  const server = tls.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) });
  fs.rmSync(folder, { recursive: true });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}
