import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RawRequest } from '../../src/core/types.ts';
import { plainAnswer } from '../../src/receive/answer.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/receive/server.ts';
import { gate, isAnswered, statuses, talk } from '../helpers/servers.ts';

interface Started extends RunningServer {
  readonly requests: RawRequest[];
  readonly troubles: unknown[];
}

async function start(options: Partial<ServerOptions> = {}): Promise<Started> {
  const requests: RawRequest[] = [];
  const troubles: unknown[] = [];
  const { handle = async () => plainAnswer(200) } = options;
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    maxBodyBytes: 1_000,
    onTrouble: (error) => troubles.push(error),
    ...options,
    handle: (request) => {
      requests.push(request);
      return handle(request);
    },
  });
  onTestFinished(() => server.close());
  return { ...server, requests, troubles };
}

const GOOD = 'POST /good HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

/** That the server is still of use, and that nothing was taken for a request but this. */
async function expectOnlyGood({ port, requests }: Started) {
  expect(requests).toEqual([]);
  expect(statuses(await talk(port, [GOOD]))).toEqual([200]);
  expect(requests.map(({ url }) => url)).toEqual(['/good']);
}

describe('a body over the limit', () => {
  const tooLong = 'x'.repeat(1_001);

  it('is refused by its declared length, before it is asked for', async () => {
    const server = await start();
    const said = await talk(server.port, [
      'POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n',
    ]);
    expect(statuses(said)).toEqual([413]);
    expect(said).toMatch(/connection: close/i);
    await expectOnlyGood(server);
  });

  it('is refused so that a sender that writes on can read why', async () => {
    const server = await start();
    const pieces = Array.from({ length: 64 }, () => Buffer.alloc(64 * 1_024, 'x'));
    const said = await talk(server.port, [
      `POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: ${64 * 64 * 1_024}\r\n\r\n`,
      ...pieces,
    ]);
    expect(statuses(said)).toEqual([413]);
    expect(said).toContain('longer than 1000 bytes (--max-body)');
    await expectOnlyGood(server);
  });

  it('is refused when its chunks grow past it', async () => {
    const server = await start();
    const said = await talk(server.port, [
      'POST /big HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
      `1f4\r\n${'x'.repeat(500)}\r\n`,
      `1f5\r\n${'x'.repeat(501)}\r\n`,
      '0\r\n\r\n',
    ]);
    expect(statuses(said)).toEqual([413]);
    await expectOnlyGood(server);
  });

  it('takes nothing with it that follows on its connection', async () => {
    const server = await start();
    const said = await talk(server.port, [
      `POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n${tooLong}${GOOD}`,
      GOOD,
    ]);
    expect(statuses(said)).toEqual([413]);
    await expectOnlyGood(server);
  });

  it('may be exactly as long as the limit', async () => {
    const server = await start();
    const said = await talk(server.port, [
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n${'x'.repeat(1_000)}`,
    ]);
    expect(statuses(said)).toEqual([200]);
    expect(server.requests[0]?.body.length).toBe(1_000);
  });
});

it('asks for the body of a sender that waits to be asked', async () => {
  const server = await start();
  const socket = net.connect(server.port, '127.0.0.1').setEncoding('latin1');
  socket.write(
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
  );
  const [first] = await once(socket, 'data');
  expect(first).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('ok');
  const [second] = await once(socket, 'data');
  expect(statuses(second)).toEqual([200]);
  await once(socket, 'close');
});

it('bounds what all bodies in flight take together', async () => {
  const { opened, open } = gate();
  const half = 70 * 1_024 ** 2;
  const server = await start({
    maxBodyBytes: half,
    handle: async () => {
      await opened;
      return plainAnswer(200);
    },
  });
  const big = [
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${half}\r\nConnection: close\r\n\r\n`,
    Buffer.alloc(half),
  ];
  const first = talk(server.port, big);
  await expect.poll(() => server.requests.length).toBe(1);
  const second = await talk(server.port, big);
  expect(statuses(second)).toEqual([503]);
  expect(second).toMatch(/retry-after: 1\r\n/i);
  open();
  expect(statuses(await first)).toEqual([200]);
  expect(statuses(await talk(server.port, big))).toEqual([200]);
});

describe('what is not captured', () => {
  const head = (lines: string) => `${lines.replaceAll('\n', '\r\n')}\r\n\r\n`;

  it.each<[string, string, number]>([
    ['two hosts', 'POST / HTTP/1.1\nHost: a\nHost: b\nContent-Length: 0', 400],
    ['two hosts alike', 'POST / HTTP/1.1\nHost: a\nhost: a\nContent-Length: 0', 400],
    ['no host', 'POST / HTTP/1.1\nContent-Length: 0', 400],
    ['TRACE', 'TRACE / HTTP/1.1\nHost: a', 405],
    ['CONNECT', 'CONNECT elsewhere:443 HTTP/1.1\nHost: elsewhere:443', 405],
    ['an upgrade', 'GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket', 400],
    ['another expectation', 'POST / HTTP/1.1\nHost: a\nContent-Length: 0\nExpect: tea', 417],
    ['two lengths', 'POST / HTTP/1.1\nHost: a\nContent-Length: 2\nContent-Length: 5', 400],
    ['two lengths alike', 'POST / HTTP/1.1\nHost: a\nContent-Length: 2\nContent-Length: 2', 400],
    ['a list of lengths', 'POST / HTTP/1.1\nHost: a\nContent-Length: 2, 2', 400],
    [
      'length and chunks',
      'POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked',
      400,
    ],
    [
      'chunks and length',
      'POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 5',
      400,
    ],
    [
      'a coding behind chunked',
      'POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, identity',
      400,
    ],
    ['chunked misspelt', 'POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked', 400],
    ['a negative length', 'POST / HTTP/1.1\nHost: a\nContent-Length: -1', 400],
    ['a length in hex', 'POST / HTTP/1.1\nHost: a\nContent-Length: 0x10', 400],
    ['a space before the colon', 'POST / HTTP/1.1\nHost: a\nContent-Length : 5', 400],
    ['a folded header', 'POST / HTTP/1.1\nHost: a\nX: a\n b\nContent-Length : 0', 400],
    ['no HTTP', 'hello', 400],
  ])('%s', async (_, lines, status) => {
    const server = await start();
    const said = await talk(server.port, [`${head(lines)}${GOOD}`], { end: true });
    expect(statuses(said)).toEqual([status]);
    await expectOnlyGood(server);
  });

  it.each([
    ['no number', 'zz\r\nok\r\n0\r\n\r\n'],
    ['a sign', '+2\r\nok\r\n0\r\n\r\n'],
    ['too many bytes', '2\r\nokay\r\n0\r\n\r\n'],
    ['too large a number', 'fffffffffffffffff\r\nok\r\n0\r\n\r\n'],
    ['a bare line feed', '2\nok\n0\n\n'],
  ])('a chunk with %s', async (_, chunks) => {
    const server = await start();
    const headers = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    const said = await talk(server.port, [headers + chunks + GOOD], { end: true });
    expect(statuses(said).filter((status) => status < 400)).toEqual([]);
    await expectOnlyGood(server);
  });
});

it('captures what offers HTTP/2 but can do without', async () => {
  const server = await start();
  const said = await talk(server.port, [
    'POST /h2c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 2\r\n\r\nok',
  ]);
  expect(statuses(said)).toEqual([200]);
  expect(server.requests.map(({ url, body }) => [url, String(body)])).toEqual([['/h2c', 'ok']]);
});

it('sees Content-Length and every other header behind 2,100 tiny ones', async () => {
  const server = await start();
  const tiny = 'a:\r\n'.repeat(2_100);
  const said = await talk(server.port, [
    `POST /tiny HTTP/1.1\r\nHost: a\r\n${tiny}Content-Length: ${GOOD.length}\r\nX-Last: 1\r\nConnection: close\r\n\r\n${GOOD}`,
  ]);
  expect(statuses(said)).toEqual([200]);
  expect(server.requests).toHaveLength(1);
  expect(String(server.requests[0]?.body)).toBe(GOOD);
  expect(server.requests[0]?.headers).toHaveLength(2_104);
  expect(server.requests[0]?.headers).toContainEqual(['X-Last', '1']);
});

it('refuses headers without end', async () => {
  const server = await start();
  const said = await talk(server.port, [
    `POST / HTTP/1.1\r\nHost: a\r\n${'x: y\r\n'.repeat(20_000)}`,
  ]);
  expect(statuses(said)).toEqual([431]);
  await expectOnlyGood(server);
});

describe('a sender that takes its time', () => {
  const patience = { headersMs: 300, requestMs: 600, drainMs: 100 };

  it.each([
    ['headers', 'POST / HTTP/1.1\r\nHost: a\r\nX-'],
    ['body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nok'],
    ['chunks', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok'],
  ])('is told so: %s that do not come', async (_, start_) => {
    const server = await start({ patience });
    expect(statuses(await talk(server.port, [start_]))).toEqual([408]);
    await expectOnlyGood(server);
  });
});

it('reads a request that comes one byte at a time', async () => {
  const server = await start();
  const request = Buffer.from(
    'POST /slow?é HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nConnection: close\r\n\r\n{"é"}'.replace(
      '?é',
      '',
    ),
  );
  expect(
    statuses(
      await talk(
        server.port,
        [...request].map((byte) => Buffer.of(byte)),
      ),
    ),
  ).toEqual([200]);
  expect(server.requests[0]?.body.toString()).toBe('{"é"}');
});

it('answers ten requests in a row on one connection, in their order', async () => {
  const gates = Array.from({ length: 10 }, gate);
  const server = await start({
    handle: async ({ url }) => {
      await gates[Number(url.slice(1))]?.opened;
      return plainAnswer(200, url);
    },
  });
  const requests = gates.map((_, i) => {
    const close = i === 9 ? 'Connection: close\r\n' : '';
    return `POST /${i} HTTP/1.1\r\nHost: a\r\n${close}Content-Length: 2\r\n\r\nb${i}`;
  });
  const talking = talk(server.port, [requests.join('')]);
  await expect.poll(() => server.requests.length).toBe(10);
  // The last one is done first.
  for (const { open } of gates.toReversed()) open();
  const said = await talking;
  expect([...said.matchAll(/^\/(\d)$/gm)].map(([, i]) => Number(i))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  expect(server.requests.map(({ body }) => String(body))).toEqual(gates.map((_, i) => `b${i}`));
});

it.each([
  ['in its headers', 'POST / HTTP/1.1\r\nHost: a\r\nConte'],
  ['in its body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf'],
  ['in its chunks', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf'],
])('forgets a request whose sender leaves %s', async (_, half) => {
  const server = await start();
  for (const how of ['destroy', 'resetAndDestroy'] as const) {
    const socket = net.connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise<void>((resolve) => socket.write(half, () => resolve()));
    socket[how]();
    await once(socket, 'close');
  }
  await expectOnlyGood(server);
  expect(server.troubles).toEqual([]);
});

it('finishes with a request whose sender does not wait for the answer', async () => {
  const { opened, open } = gate();
  const server = await start({
    handle: async ({ url }) => {
      if (url === '/left') await opened;
      return plainAnswer(200);
    },
  });
  const socket = net.connect(server.port, '127.0.0.1');
  socket.write('POST /left HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok');
  await expect.poll(() => server.requests.length).toBe(1);
  socket.destroy();
  await once(socket, 'close');
  open();
  expect(statuses(await talk(server.port, [GOOD]))).toEqual([200]);
  expect(server.troubles).toEqual([]);
});

it('answers HEAD without a body', async () => {
  const server = await start({ handle: async () => plainAnswer(200, 'a body') });
  const said = await talk(server.port, [
    'HEAD /h HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ]);
  expect(statuses(said)).toEqual([200]);
  expect(said).toMatch(/\r\n\r\n$/);
  expect(server.requests[0]?.method).toBe('HEAD');
});

it.each([204, 304])('gives %i no body and no length', async (status) => {
  const server = await start({ handle: async () => ({ ...plainAnswer(status, 'x') }) });
  const said = await talk(server.port, [GOOD]);
  expect(statuses(said)).toEqual([status]);
  expect(said).not.toMatch(/content-length/i);
  expect(said).toMatch(/\r\n\r\n$/);
});

it('passes an answer back header by header', async () => {
  const server = await start({
    handle: async () => ({
      status: 299,
      headers: [
        ['Set-Cookie', 'a=1'],
        ['X-latin', 'caf\u00e9'],
        ['set-cookie', 'b=2'],
      ],
      body: Buffer.from([0, 255]),
    }),
  });
  const said = await talk(server.port, [GOOD]);
  expect(said).toContain(
    'Set-Cookie: a=1\r\nX-latin: caf\u00e9\r\nset-cookie: b=2\r\nContent-Length: 2\r\n',
  );
  expect(said.endsWith('\r\n\r\n\u0000\u00ff')).toBe(true);
});

it('answers 500 and tells, when the pipe throws, and goes on', async () => {
  const bug = new Error('bug');
  const server = await start({
    handle: async ({ url }) => {
      if (url === '/bug') throw bug;
      return plainAnswer(200);
    },
  });
  const said = await talk(server.port, [GOOD.replace('/good', '/bug')]);
  expect(statuses(said)).toEqual([500]);
  expect(said).not.toContain('bug\n');
  expect(server.troubles).toEqual([bug]);
  expect(statuses(await talk(server.port, [GOOD]))).toEqual([200]);
});

it('does not leave a sender waiting for an answer that cannot be written', async () => {
  const server = await start({
    handle: async () => ({ status: 200, headers: [['bad name', 'x']], body: Buffer.alloc(0) }),
  });
  expect(await talk(server.port, [GOOD])).toBe('');
  expect(server.troubles).toHaveLength(1);
});

describe('listening', () => {
  it('says which port is in use, and how to get another', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({
      name: 'HookcliError',
      code: 'port-in-use',
      exitCode: 4,
      message: expect.stringContaining(String(port)),
      hint: expect.stringContaining('--port 0'),
    });
  });

  it('says when an address is none of this machine', async () => {
    await expect(start({ host: '203.0.113.1' })).rejects.toMatchObject({
      code: 'cannot-listen',
      exitCode: 4,
      hint: expect.stringContaining('--host'),
    });
  });

  it.each(['127.0.0.1', '::1'])('can be reached at %s', async (host) => {
    const { port, requests } = await start();
    expect(statuses(await talk(port, [GOOD], { host }))).toEqual([200]);
    expect(requests).toHaveLength(1);
  });

  it('does without ::1 when another has the port there', async () => {
    const stranger = net.createServer((socket) => socket.destroy());
    stranger.listen({ port: 0, host: '::1', ipv6Only: true });
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    const { port } = stranger.address() as net.AddressInfo;
    const server = await start({ port });
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
    expect(statuses(await talk(port, [GOOD]))).toEqual([200]);
  });
});

describe('the end', () => {
  it('lets a request in flight finish, and takes no more', async () => {
    const { opened, open } = gate();
    const server = await start({
      handle: async () => {
        await opened;
        return plainAnswer(200, 'done');
      },
    });
    const keepsOpen = GOOD.replace('Connection: close\r\n', '');
    const talking = talk(server.port, [keepsOpen]);
    await expect.poll(() => server.requests.length).toBe(1);
    const closing = server.close();
    expect(await talk(server.port, [GOOD])).toBe('');
    open();
    const said = await talking;
    expect(statuses(said)).toEqual([200]);
    expect(said).toMatch(/connection: close/i);
    await closing;
  });

  it('does not wait for idle connections', async () => {
    const server = await start({ patience: { drainMs: 60_000 } });
    const idle = net.connect(server.port, '127.0.0.1');
    const used = net.connect(server.port, '127.0.0.1').setEncoding('latin1');
    await Promise.all([once(idle, 'connect'), once(used, 'connect')]);
    used.write(GOOD.replace('Connection: close\r\n', ''));
    let said = '';
    used.on('data', (text: string) => {
      said += text;
    });
    await expect.poll(() => isAnswered(said)).toBe(true);
    await Promise.all([server.close(), once(idle, 'close'), once(used, 'close')]);
  });

  it('cuts off what is still not done when the time is over', async () => {
    const server = await start({
      patience: { drainMs: 50 },
      handle: () => new Promise(() => {}),
    });
    const talking = talk(server.port, [GOOD]);
    await expect.poll(() => server.requests.length).toBe(1);
    await server.close();
    expect(await talking).toBe('');
  });
});
