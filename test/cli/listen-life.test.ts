import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectError, type Listening, Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';
import { signed } from '../helpers/signed.ts';

const fresh = () => new Sandbox(onTestFinished);
const SECRET = 'whsec_of_the_life_tests';

const post = (listener: Listening, secret = SECRET, spoil?: 'signature') => {
  const options = spoil === undefined ? { secret } : { secret, spoil };
  return fetch(`${listener.url}/stripe`, signed('stripe', 'invoice.paid', options).init);
};

const listenersOf = (box: Sandbox): string[] => {
  const folder = path.join(box.store, 'listeners');
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
};

/** Resolves when nothing accepts connections there any more. */
async function closed(url: string): Promise<void> {
  const { port, hostname } = new URL(url);
  const accepts = () =>
    new Promise<boolean>((resolve) => {
      const socket = net.connect(Number(port), hostname);
      socket.once('connect', () => socket.destroy());
      socket.once('close', (hadError) => resolve(!hadError));
      socket.once('error', () => {});
    });
  while (await accepts());
}

describe('it ends', () => {
  it('after so many verified events', async () => {
    const box = fresh();
    const listener = await box.listen(['--exit-after', '2', '--within', '30s', '--secret', SECRET]);
    expect((await post(listener)).status).toBe(200);
    expect((await post(listener, SECRET, 'signature')).status).toBe(200);
    expect((await fetch(listener.url)).status).toBe(200);
    expect((await post(listener)).status).toBe(200);
    expect(await listener.ended()).toMatchObject({ code: 0, stderr: '' });
    expect((await box.json(['list'])).lines).toHaveLength(4);
    expect(listenersOf(box)).toEqual([]);
  });

  it('after the first that matches', async () => {
    const args = ['--exit-after', '1', '--secret', SECRET, '--events', 'invoice.*'];
    const listener = await fresh().listen(args);
    const other = signed('stripe', 'charge.refunded', { secret: SECRET });
    expect((await fetch(`${listener.url}/stripe`, other.init)).status).toBe(200);
    expect((await post(listener)).status).toBe(200);
    expect((await listener.ended()).code).toBe(0);
    expect(listener.lines.filter((line) => line.includes('-->'))).toHaveLength(1);
  });

  it('when nothing came in time', async () => {
    const listener = await fresh().listen(['--exit-after', '1', '--within', '200ms']);
    const { code, stderr } = await listener.ended();
    expect(stderr).toContain('Gave up after 200ms');
    expect(code).toBe(3);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('at %s, when what is in flight is answered', async (signal, code) => {
    const box = fresh();
    let answer = () => {};
    let reached = () => {};
    const inFlight = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const handler = await serveAnswers((_request, response) => {
      answer = () => response.writeHead(201).end('late, but here');
      reached();
    }, onTestFinished);
    const listener = await box.listen([handler.url, '--secret', SECRET]);
    expect(listenersOf(box)).toEqual([`${listener.pid}.json`]);
    const answered = post(listener);
    await inFlight;
    const stopped = listener.stop(signal);
    await closed(listener.url);
    answer();
    const response = await answered;
    expect([response.status, await response.text()]).toEqual([201, 'late, but here']);
    expect((await stopped).code).toBe(code);
    const { lines } = await box.json(['list']);
    expect(lines).toMatchObject([{ state: 'delivered', deliveries: [{ status: 201 }] }]);
    expect(listenersOf(box)).toEqual([]);
  });

  it('at once at the second signal', async () => {
    let reached = () => {};
    const inFlight = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const handler = await serveAnswers(() => reached(), onTestFinished);
    const listener = await fresh().listen([handler.url]);
    const lost = fetch(listener.url).catch(() => 'lost');
    await inFlight;
    const stopped = listener.stop('SIGINT');
    await closed(listener.url);
    void listener.stop('SIGINT');
    expect((await stopped).code).toBe(130);
    expect(await lost).toBe('lost');
  });
});

describe('the command behind --', () => {
  const node = (script: string, ...args: string[]) => [
    '--',
    process.execPath,
    '-e',
    script,
    ...args,
  ];

  it('gets the address and the secrets, and ends the listener with its exit code', async () => {
    const box = fresh();
    const script =
      'const { env } = process; console.log(env.HOOKCLI_URL, env.STRIPE_WEBHOOK_SECRET, env.GITHUB_WEBHOOK_SECRET); process.exitCode = 7';
    const listener = await box.listen(['--secret', `github=${SECRET}`, ...node(script)]);
    const { code, stdout, stderr } = await listener.ended();
    const { stdout: stripe } = await box.run(['secret', 'stripe']);
    expect(stderr).toBe(`${listener.url} ${stripe.trim()} ${SECRET}\n`);
    expect(stdout).toBe(listener.lines[0]);
    expect(code).toBe(7);
    expect(listenersOf(box)).toEqual([]);
  });

  it('is ended with all that it started', async () => {
    const lives: net.Socket[] = [];
    let both = () => {};
    const alive = new Promise<void>((resolve) => {
      both = resolve;
    });
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      if (lives.push(socket) === 2) both();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const child = `require('net').connect(${port}, '127.0.0.1')`;
    const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); ${child}`;
    const listener = await fresh().listen(node(script));
    await alive;
    const ends = lives.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    expect((await listener.stop('SIGTERM')).code).toBe(143);
    await Promise.all(ends);
  });

  it('must be there', async () => {
    const box = fresh();
    const args = ['listen', '--port', '0', '--', 'no-such-command-here'];
    const { code, stderr } = await box.run(args);
    expectError(
      { stdout: '', stderr },
      { says: /Cannot start "no-such-command-here"/, hint: /"--"/ },
    );
    expect(code).toBe(2);
    expect(listenersOf(box)).toEqual([]);
  });
});

describe('settings', () => {
  const freePort = async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return String(port);
  };

  it('come from the environment, too', async () => {
    const port = await freePort();
    const env = { HOOKCLI_PORT: port, HOOKCLI_FORWARD: '3001,3002', HOOKCLI_JSON: 'true' };
    const { url, json } = await fresh().listen([], { env });
    expect(new URL(url).port).toBe(port);
    expect(json[0].forward).toEqual(['http://localhost:3001', 'http://localhost:3002']);
  });

  it('count in their order: command line, environment, project, user', async () => {
    const box = fresh();
    const forward = async (args: string[] = [], env: Record<string, string> = {}) => {
      const listener = await box.listen(['--json', ...args], { env });
      await listener.stop();
      return new URL(listener.json[0].forward[0]).port;
    };
    expect((await box.run(['config', 'set', 'forward', '3004'])).code).toBe(0);
    expect(await forward()).toBe('3004');
    box.write('hookcli.config.json', { forward: '3003' });
    expect(await forward()).toBe('3003');
    box.write('hookcli.config.json', { forward: '3003', listen: { forward: ['3013'] } });
    expect(await forward()).toBe('3013');
    const env = { HOOKCLI_FORWARD: '3002' };
    expect(await forward([], env)).toBe('3002');
    expect(await forward(['--forward', '3001'], env)).toBe('3001');

    const { lines } = await box.json(['config', 'list'], { env });
    expect(lines).toEqual([
      { kind: 'setting', schema: 1, name: 'forward', value: '3002', source: 'HOOKCLI_FORWARD' },
    ]);
  });

  it('are found upwards, as the store is', async () => {
    const box = fresh();
    box.write('hookcli.config.json', { forward: '3003' });
    const cwd = path.dirname(box.write('deep/down/file', ''));
    await (await box.listen()).stop();
    expect(fs.existsSync(box.store)).toBe(true);
    const listener = await box.listen(['--json'], { cwd });
    expect(listener.json[0].forward).toEqual(['http://localhost:3003']);
    expect(listenersOf(box)).toHaveLength(1);
    expect(fs.existsSync(path.join(cwd, '.hookcli'))).toBe(false);
  });
});

describe('the secret', () => {
  /** Whether a listener of this box holds an event signed with this secret to be genuine. */
  async function verdict(box: Sandbox, secret: string, options = {}, args: string[] = []) {
    const listener = await box.listen(['--json', ...args], options);
    await post(listener, secret);
    const { verdict } = await listener.happening(({ kind }) => kind === 'event');
    await listener.stop();
    return verdict.status;
  }

  it('is looked for in its order', async () => {
    const box = fresh();
    const inEnv = { STRIPE_WEBHOOK_SECRET: 'whsec_usual' };
    const ours = { ...inEnv, HOOKCLI_STRIPE_SECRET: 'whsec_ours' };
    expect((await box.run(['config', 'set', 'secrets.stripe', 'whsec_settings'])).code).toBe(0);
    expect(await verdict(box, 'whsec_settings')).toBe('verified');
    box.write('.env', 'OTHER=1\nSTRIPE_WEBHOOK_SECRET="whsec_dotenv"\n');
    expect(await verdict(box, 'whsec_dotenv')).toBe('verified');
    expect(await verdict(box, 'whsec_settings')).toBe('rejected');
    expect(await verdict(box, 'whsec_usual', { env: inEnv })).toBe('verified');
    expect(await verdict(box, 'whsec_ours', { env: ours })).toBe('verified');
    const given = ['--secret', 'stripe=whsec_given'];
    expect(await verdict(box, 'whsec_given', { env: ours }, given)).toBe('verified');
    expect(await verdict(box, 'whsec_ours', { env: ours }, given)).toBe('rejected');
  });

  it('may be several during a rotation, from a file and a variable, too', async () => {
    const box = fresh();
    box.write('secret.txt', 'whsec_from_file\n');
    const listener = await box.listen(
      [
        ...['--json', '--secret', 'whsec_one=with=signs', '--secret', 'stripe=whsec_two'],
        ...['--secret-file', 'stripe=secret.txt', '--secret-env', 'MINE'],
      ],
      { env: { MINE: 'whsec_from_env' } },
    );
    const secrets = ['whsec_one=with=signs', 'whsec_two', 'whsec_from_file', 'whsec_from_env'];
    for (const secret of secrets) await post(listener, secret);
    await post(listener, 'whsec_other');
    await listener.happening(({ verdict }) => verdict?.status === 'rejected');
    const events = listener.json.filter(({ kind }) => kind === 'event');
    expect(events.map(({ verdict }) => verdict.status)).toEqual([
      ...secrets.map(() => 'verified'),
      'rejected',
    ]);
    // It is named, and never shown.
    expect(JSON.stringify(events)).not.toContain('whsec_');
  });

  it('is warned of when it is short, and never shown', async () => {
    const box = fresh();
    const env = { HOOKCLI_SECRET: 'hush-hush' };
    const listener = await box.listen([], { env });
    expect(listener.stderr).toBe(
      'warning: the secret from --secret has only 9 characters; one that short can be guessed.\n',
    );
    const { stdout } = await box.run(['config', 'list'], { env });
    expect(stdout).toMatch(/^secret +\(set\) +HOOKCLI_SECRET$/m);
  });

  it('is made once, also by processes that start at the same moment', async () => {
    const box = fresh();
    const [listener, ...made] = await Promise.all([
      box.listen(['--json']),
      ...Array.from({ length: 4 }, () => box.run(['secret', 'stripe'])),
      box.run(['send', 'stripe', 'invoice.paid', '--dry-run', '--json']),
    ]);
    const secrets = new Set(made.slice(0, 4).map(({ stdout }) => stdout.trim()));
    expect(secrets.size).toBe(1);
    const [secret = ''] = secrets;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9]{32}$/);
    const { headers, body } = JSON.parse(made[4]?.stdout as string);
    await fetch(`${listener.url}/stripe`, { method: 'POST', headers, body });
    const event = await listener.happening(({ kind }) => kind === 'event');
    expect(event.verdict).toMatchObject({ status: 'verified' });
    const file = path.join(box.config, 'settings.json');
    expect(JSON.parse(fs.readFileSync(file, 'utf8')).generated.stripe).toBe(secret);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(box.config)).toEqual(['settings.json']);
  });
});
