import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectError, jsonLines, Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';

const SEND = ['send', 'generic', 'example.event'];
const fresh = () => new Sandbox(onTestFinished);

/** Where nothing listens: the kernel gives so low a port to nobody who does not ask for it. */
const DEAD = '127.0.0.1:1';
/** A port on which somebody else listens. */
let takenPort = 0;

beforeAll(async () => {
  const taken = await open();
  takenPort = (taken.address() as AddressInfo).port;
  return () => new Promise((resolve) => taken.close(resolve));
});

const open = (): Promise<net.Server> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
  });

describe('the machine', () => {
  it('has the port in use', async () => {
    const result = await fresh().run(['listen', '--port', String(takenPort)]);
    expectError(result, { says: new RegExp(`Port ${takenPort} .*in use`), hint: /--port 0/ });
    expect(result.code).toBe(4);
  });

  it('has no such address to listen on', async () => {
    const result = await fresh().run(['listen', '--port', '0', '--host', '192.0.2.1']);
    expectError(result, { says: /Cannot listen on 192\.0\.2\.1/, hint: /--host/ });
    expect(result.code).toBe(4);
  });

  it.each([
    ['list', []],
    ['send', ['generic', 'example.event', '--to']],
    ['listen', ['--port', '0']],
    ['show', ['last']],
  ])('has a file where %s looks for the store', async (command, args) => {
    const box = fresh();
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const to = args.at(-1) === '--to' ? [handler.url] : [];
    const store = box.write('a-file', 'not a folder');
    for (const dir of [store, `${store}/below`]) {
      const result = await box.run([command, ...args, ...to, '--store', dir]);
      expectError(result, { says: /a-file/, hint: /--store/ });
      expect(result.code).toBe(4);
    }
    expect(fs.readFileSync(store, 'utf8')).toBe('not a folder');
  });

  it('has a store that cannot be made', async () => {
    const result = await fresh().run([...SEND, '--to', DEAD, '--store', '/dev/null/x']);
    expectError(result, { says: /\/dev\/null\/x/, hint: /--store/ });
    expect(result.code).toBe(4);
  });

  it.each(['list', 'listen'])('has a store of a newer format for %s', async (command) => {
    const box = fresh();
    box.write('.hookcli/store.json', { format: 99 });
    const result = await box.run(command === 'listen' ? [command, '--port', '0'] : [command]);
    expectError(result, { says: /newer hookcli \(format 99/, hint: /Update hookcli/ });
    expect(result.code).toBe(4);
  });

  it('has a settings folder that cannot be written', async () => {
    const box = fresh();
    const env = { HOOKCLI_CONFIG_DIR: '/dev/null/settings' };
    const result = await box.run(['secret', 'stripe'], { env });
    expectError(result, { says: /Cannot write user settings/, hint: /HOOKCLI_CONFIG_DIR/ });
    expect(result.code).toBe(4);
  });
});

it.each([
  ['HOOKCLI_PORT', { HOOKCLI_PORT: 'abc' }],
  ['hookcli.config.json', {}],
])('says that a bad value is from %s', async (source, env) => {
  const box = fresh();
  if (source === 'hookcli.config.json') box.write(source, { port: 'abc' });
  const result = await box.run(['listen'], { env });
  expectError(result, {
    says: new RegExp(`--port \\(from .*${source}\\): "abc"`),
    hint: /whole number/,
  });
  expect(result.code).toBe(2);
});

describe('hookcli.config.json', () => {
  it.each([
    ['is broken', '{"port": 44', /hookcli\.config\.json cannot be used/, /one JSON object/],
    ['holds a list', '[]', /holds a list/, /one JSON object/],
    ['holds a secret', '{"secret": "hush-hush"}', /holds "secret"/, /\.env/],
    ['holds secrets', '{"secrets": {"stripe": "hush-hush"}}', /holds "secrets"/, /\.env/],
    [
      'holds a secret of a command',
      '{"send": {"secret": "hush-hush"}}',
      /holds "send\.secret"/,
      /\.env/,
    ],
    ['has an unknown setting', '{"prt": 1}', /no setting "prt"/, /Did you mean "port"\?/],
    [
      'has an unknown setting of a command',
      '{"listen": {"prt": 1}}',
      /no setting "listen\.prt"/,
      /Did you mean "port"\?/,
    ],
    [
      'has a setting of the wrong kind',
      '{"reject": "yes"}',
      /reject in .*"yes"; .*true or false/,
      /config list/,
    ],
    [
      'has a list where one is wanted',
      '{"host": ["a"]}',
      /host in .*\["a"\]; .*text/,
      /config list/,
    ],
  ])('%s', async (_what, content, says, hint) => {
    const box = fresh();
    box.write('hookcli.config.json', content);
    const result = await box.run(['listen', '--port', '0']);
    expectError(result, { says, hint });
    expect(result.stderr).not.toContain('hush-hush');
    expect(result.code).toBe(2);
  });

  it('does not stand in the way of help and version', async () => {
    const box = fresh();
    box.write('hookcli.config.json', '{');
    for (const args of [['--version'], ['--help'], ['send', '--help']]) {
      expect(await box.run(args)).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

describe('the handler', () => {
  it('is down', async () => {
    const result = await fresh().run([...SEND, '--to', DEAD]);
    expect(result.stdout).toContain('is your server running on port 1?');
    expect(result.code).toBe(3);
  });

  it('is not up within --wait', async () => {
    const started = performance.now();
    const result = await fresh().run([...SEND, '--to', DEAD, '--wait', '200ms']);
    expectError(result, { says: /Nothing accepted connections/, hint: /running on port 1\?/ });
    expect(performance.now() - started).toBeGreaterThanOrEqual(200);
    expect(result.code).toBe(3);
  });

  it('answers 500', async () => {
    const handler = await serveAnswers((_request, response) => {
      response.writeHead(500).end('database is away');
    }, onTestFinished);
    const result = await fresh().run([...SEND, '--to', handler.url]);
    expect(result.stdout).toMatch(/<-- 500 .*\n.*database is away/);
    expect(result.stdout).toContain('expected 2xx');
    expect(result.code).toBe(1);
  });

  it('never answers', async () => {
    const handler = await serveAnswers(() => {}, onTestFinished);
    const result = await fresh().run([...SEND, '--to', handler.url, '--within', '300ms', '--json']);
    const [delivery] = jsonLines(result.stdout);
    expect(delivery).toMatchObject({ kind: 'delivery', failure: 'timeout', ok: false });
    expect(delivery.ms).toBeGreaterThanOrEqual(299);
    expect(delivery.ms).toBeLessThan(5_000);
    expect(result.code).toBe(1);
  });

  it('closes the connection instead of answering', async () => {
    const handler = await serveAnswers((_request, { socket }) => socket?.destroy(), onTestFinished);
    const { code, lines } = await fresh().json([...SEND, '--to', handler.url]);
    expect(lines[0]).toMatchObject({ failure: 'reset', ok: false });
    expect(code).toBe(1);
  });
});

describe('the store', () => {
  const box = new Sandbox(afterAll);
  let ids: string[];

  beforeAll(async () => {
    const handler = await serveAnswers((_request, response) => response.end(), box.atEnd);
    await box.run([...SEND, '--to', handler.url, '--count', '12']);
    const { lines } = await box.json(['list']);
    ids = lines.map(({ id }) => id);
    expect(ids).toHaveLength(12);
  });

  it.each([
    ['show', []],
    ['replay', ['--to', '3000']],
  ])('has two events that %s could mean', async (command, more) => {
    const result = await box.run([command, 'evt_0', ...more]);
    expectError(result, { says: /"evt_0" may be one of several/, hint: new RegExp(`${ids[0]}`) });
    expect(result.code).toBe(2);
  });

  it('has no event so long ago', async () => {
    const result = await box.run(['show', 'last~12']);
    expectError(result, { says: /"last~12".*only 12/, hint: /hookcli list/ });
    expect(result.code).toBe(2);
  });

  it('knows no target for an event that was never delivered', async () => {
    const other = fresh();
    const listener = await other.listen();
    await fetch(listener.url, { method: 'POST', body: 'a' });
    await listener.stop();
    const result = await other.run(['replay', 'last']);
    expectError(result, { says: /Where to deliver evt_/, hint: /--to localhost:3000/ });
    expect(result.code).toBe(2);
  });

  it('is cut short by head without a word', async () => {
    const script = 'set -o pipefail; hookcli list -n 12 --json | head -1';
    const { code, stdout, stderr } = await box.shell(script);
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    // Closed before anything is written.
    const closed = await box.shell('set -o pipefail; hookcli list | true');
    expect(closed).toMatchObject({ code: 0, stderr: '' });
  });
});

it('sends names that mean something to JavaScript as they are', async () => {
  const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":2},"a":1}';
  const box = fresh();
  const args = [...SEND, '--to', handler.url, '--data', body];
  expect((await box.run(args)).code).toBe(0);
  expect((await box.run([...args, '--set', 'a=2'])).code).toBe(0);
  expect((await box.run(['show', 'last~1', '--body'])).stdout).toBe(body);
  expect(handler.seen.map((request) => request.body.toString())).toEqual([
    body,
    body.replace('"a":1', '"a":2'),
  ]);
});

it('says of a setting without a value that it is not set', async () => {
  const result = await fresh().run(['config', 'get', 'port']);
  expect(result).toMatchObject({ code: 5, stdout: '', stderr: 'port is not set.\n' });
});
