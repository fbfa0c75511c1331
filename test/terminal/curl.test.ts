import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairHeaders } from '../../src/core/headers.ts';
import type { Header, RawRequest } from '../../src/core/types.ts';
import { curlCommand } from '../../src/terminal/curl.ts';
import { safe } from '../../src/terminal/safe.ts';

const isThere = (command: string): boolean => {
  try {
    execFileSync(command, ['--help'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
};

const SHELLS = ['sh', 'dash', 'bash'].filter(isThere);
const hasCurl = process.platform !== 'win32' && isThere('curl');

const ask = (parts: Partial<RawRequest> = {}): RawRequest => ({
  method: 'POST',
  url: 'http://localhost:3000/hooks',
  headers: [
    ['Host', 'localhost:3000'],
    ['User-Agent', 'a'],
    ['Accept', '*/*'],
    ['Content-Type', 'application/json'],
  ],
  body: Buffer.from('{"id":1}'),
  ...parts,
});

describe('a request as a curl command', () => {
  it('is one readable line', () => {
    expect(curlCommand(ask())).toBe(
      "curl -X POST 'http://localhost:3000/hooks' -H 'User-Agent: a' -H 'Accept: */*'" +
        ` -H 'Content-Type: application/json' --data-raw '{"id":1}'`,
    );
  });

  it('takes away what curl would add on its own', () => {
    expect(curlCommand(ask({ headers: [] }))).toContain(
      "-H 'User-Agent:' -H 'Accept:' -H 'Content-Type:'",
    );
  });

  it('closes and opens the quotes around a quote', () => {
    expect(curlCommand(ask({ body: Buffer.from("it's") }))).toContain(`--data-raw 'it'\\''s'`);
  });

  it('writes bytes that are no text in octal', () => {
    const command = curlCommand(ask({ body: Buffer.from([0, 0xff, 0x41]) }));
    expect(command).toMatch(/^printf '\\000\\377\\101' \| curl .* --data-binary @-$/);
  });

  it('keeps another host, and sends an empty header empty', () => {
    const headers: Header[] = [
      ['Host', 'example.com'],
      ['X-Empty', ''],
    ];
    expect(curlCommand(ask({ headers }))).toContain("-H 'Host: example.com' -H 'X-Empty;'");
  });

  it('leaves out a name that would make curl read a file', () => {
    expect(curlCommand(ask({ headers: [['@/etc/passwd', 'x']] }))).not.toContain('passwd');
  });

  it('refuses what is no HTTP address', () => {
    for (const url of ['/hooks', 'file:///etc/passwd', '-o/tmp/x', 'http://', 'http://a b/']) {
      expect(() => curlCommand(ask({ url })), url).toThrow(
        expect.objectContaining({ code: 'bad-url' }),
      );
    }
  });

  it('can be looked at without harm, whatever is in the request', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, text, (method, target, value, body) => {
        const command = curlCommand({
          method,
          url: `http://localhost/${target}`,
          headers: [['X-Value', value]],
          body: Buffer.from(body),
        });
        expect(safe(command, { lines: true })).toBe(command);
      }),
      { numRuns: 2_000 },
    );
  });
});

const EVIL = [
  "'; touch canary; '",
  '"; touch canary; "',
  '$(touch canary)',
  '`touch canary`',
  "\\'; touch canary #",
  '@canary',
  '@-',
  '--next -o canary',
  '%s%n\\101',
  '!!',
  '&& touch canary',
  '{a,b}[1-3]',
  '/../.././x',
  '#fragment',
  '\x1b[201~touch canary\r',
  '::set-env name=PATH::x',
];

const charCodes = (from: number, to: number, without = '') =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).filter(
    (letter) => !without.includes(letter),
  );
const evil = fc.constantFrom(...EVIL);
const oneOfChars = (letters: string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), maxLength });

const visible = charCodes(0x21, 0x7e);
const headerValue = fc
  .array(fc.oneof(evil, oneOfChars([' ', '\t', ...visible, ...charCodes(0x80, 0xff)], 20)), {
    maxLength: 3,
  })
  .map((parts) =>
    parts
      .join('')
      .replace(/[\x00-\x08\x0a-\x1f\x7f]/g, '')
      .trim(),
  );
const headerName = fc.oneof(
  fc.constantFrom('Content-Type', 'Stripe-Signature', 'User-Agent', 'accept', 'Cookie'),
  oneOfChars(charCodes(0x21, 0x7e, '"(),/:;<=>?@[\\]{}'), 12).map((text) => `X-${text}`),
);
const target = fc
  .array(fc.oneof(evil, oneOfChars([...visible, '/', '.'], 15)), {
    maxLength: 3,
  })
  .map((parts) => `/${parts.join('').replace(/[^\x21-\x7e]/g, '')}`);
const body = fc
  .oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc
      .array(fc.oneof(evil, fc.string({ unit: 'grapheme' }), fc.constant('\n')), { maxLength: 4 })
      .map((parts) => Buffer.from(parts.join(''))),
    fc.json().map((text) => Buffer.from(text)),
  )
  .map((bytes) => Buffer.from(bytes));

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

describe.skipIf(!hasCurl)('the command, run by a shell', () => {
  let folder: string;
  let server: http.Server;
  let origin: string;
  let seen: Seen[] = [];

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-curl-'));
    server = http.createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen.push({
        method: request.method ?? '',
        target: request.url ?? '',
        headers: pairHeaders(request.rawHeaders),
        body: Buffer.concat(chunks),
      });
      response.setHeader('Content-Length', 2);
      response.end('ok');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function run(command: string, shell: string): Promise<Seen> {
    seen = [];
    const script = path.join(folder, 'script');
    fs.writeFileSync(script, command);
    const work = fs.mkdtempSync(path.join(folder, 'work-'));
    // No proxy and no .curlrc of whoever runs this test.
    const env = { PATH: process.env.PATH ?? '', HOME: work, LC_ALL: 'C.UTF-8' };
    const child = spawn(shell, [script], { cwd: work, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    expect(code, `${command}\n${said}`).toBe(0);
    expect(fs.readdirSync(work), command).toEqual([]);
    fs.rmdirSync(work);
    expect(seen.length, command).toBe(1);
    return seen[0] as Seen;
  }

  const OWN = /^(host|content-length)$/i;
  const others = (headers: readonly Header[]) => headers.filter(([name]) => !OWN.test(name));

  async function expectSame(request: RawRequest, shell: string): Promise<void> {
    const command = curlCommand(request);
    const arrived = await run(command, shell);
    expect(arrived.method).toBe(request.method);
    expect(arrived.target, command).toBe(request.url.slice(origin.length));
    expect(others(arrived.headers), command).toEqual(others(request.headers));
    expect(arrived.body.equals(request.body), command).toBe(true);
  }

  it('sends the same bytes and runs nothing else', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'M-SEARCH'),
          target,
          headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 5 }),
          body,
        }),
        fc.constantFrom(...SHELLS),
        async ({ target: path, ...request }, shell) => {
          await expectSame({ ...request, url: origin + path }, shell);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['one text longer than an argument may be', Buffer.from(`{"a":"${'é$(x)'.repeat(60_000)}"}`)],
    ['more than a megabyte of bytes', Buffer.alloc(1_100_000, 0xfe)],
    ['no bytes at all', Buffer.alloc(0)],
  ])('sends %s', async (_, bytes) => {
    for (const shell of SHELLS) {
      await expectSame({ method: 'POST', url: `${origin}/`, headers: [], body: bytes }, shell);
    }
  });

  it('asks for the head alone where the request did', async () => {
    const request = { method: 'HEAD', url: `${origin}/`, headers: [], body: Buffer.alloc(0) };
    await expectSame(request, 'sh');
  });
});
