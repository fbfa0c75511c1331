import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from '../../src/cli.ts';
import { listFixtures } from '../../src/fixtures/read.ts';
import { providers } from '../../src/providers/index.ts';
import { Sandbox } from '../helpers/cli.ts';
import { serveAnswers } from '../helpers/handlers.ts';

const fresh = () => new Sandbox(onTestFinished);

describe('completion', () => {
  const box = new Sandbox(afterAll);

  /** What bash offers for a command line that ends where the cursor is. */
  async function offers(...words: string[]): Promise<string[]> {
    const { stdout } = await box.run(['completion', 'bash']);
    const typed = ['hookcli', ...words].map((word) => `'${word}'`).join(' ');
    const script = `${stdout}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _hookcli; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { code, stdout: offered, stderr } = await box.shell(script);
    expect([code, stderr]).toEqual([0, '']);
    return offered.split('\n').filter((word) => word !== '');
  }

  it('is a script that bash can read', async () => {
    const { stdout, code } = await box.run(['completion', 'bash']);
    expect(code).toBe(0);
    const file = box.write('completion.bash', stdout);
    expect(await box.shell(`bash -n '${file}'`)).toMatchObject({ code: 0, stderr: '' });
    expect((await box.shell(`. '${file}'; complete -p hookcli`)).stdout).toContain('_hookcli');
  });

  it('knows commands, options, providers, events, stories and actions', async () => {
    expect(await offers('se')).toEqual(['send', 'secret']);
    expect(await offers('')).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
    expect(await offers('send', 'st')).toEqual(['stripe', 'standard-webhooks']);
    const events = listFixtures('github').map(({ event }) => event);
    expect(await offers('send', 'github', 'pu')).toEqual([
      ...events.filter((event) => event.startsWith('pu')),
      'pull_request.lifecycle',
    ]);
    expect(await offers('send', 'stripe', 'invoice.paid', '--spo')).toEqual(['--spoil']);
    expect(await offers('listen', '--ro')).toEqual(['--route']);
    expect(await offers('config', 'un')).toEqual(['unset']);
    expect(await offers('completion', 'z')).toEqual(['zsh']);
    expect(await offers('help', 'li')).toEqual(['listen', 'list']);
    expect(await offers('replay', 'la')).toEqual(['last', 'last~1']);
  });

  it('is there for zsh and fish', async () => {
    const zsh = await box.run(['completion', 'zsh']);
    expect(zsh.stdout).toMatch(/^#compdef hookcli\n/);
    const fish = await box.run(['completion', 'fish']);
    for (const { name } of COMMANDS) expect(fish.stdout).toContain(name);
    expect(fish.stdout).toMatch(/complete -c hookcli .*-l spoil/);
  });
});

describe('providers', () => {
  it('are lines of JSON', async () => {
    const { code, lines } = await fresh().json(['providers']);
    expect(code).toBe(0);
    expect(lines.map(({ id }) => id)).toEqual(providers.map(({ id }) => id));
    expect(lines[1]).toEqual({
      kind: 'provider',
      id: 'github',
      title: 'GitHub',
      schemes: ['github', 'github-sha1'],
      deadlineMs: 10_000,
      retries: 'none',
      docs: 'https://docs.github.com/en/webhooks',
      events: listFixtures('github').length,
    });
  });

  it('are a table, or a page of one', async () => {
    const box = fresh();
    const { stdout } = await box.run(['providers']);
    for (const { id, title } of providers)
      expect(stdout).toMatch(new RegExp(`^${id} +${title}`, 'm'));
    const page = await box.run(['providers', 'stripe']);
    expect(page.stdout).toContain('hookcli send stripe');
    expect(page.stdout).toContain('STRIPE_WEBHOOK_SECRET');
  });
});

describe('fixtures', () => {
  it('are lines of JSON', async () => {
    const { code, lines } = await fresh().json(['fixtures']);
    expect(code).toBe(0);
    const fixtures = lines.filter(({ kind }) => kind === 'fixture');
    const stories = lines.filter(({ kind }) => kind === 'story');
    expect(fixtures.map(({ provider, event }) => ({ provider, event }))).toEqual(listFixtures());
    for (const { title, contentType, when } of fixtures) {
      expect(contentType).toMatch(/^application\/(?:json|x-www-form-urlencoded)$/);
      expect(title).not.toBe('');
      expect(when).not.toBe('');
    }
    expect(new Set(stories.map(({ provider }) => provider)).size).toBeGreaterThanOrEqual(6);
    expect(stories.length).toBeGreaterThanOrEqual(10);
    const { lines: github } = await fresh().json(['fixtures', 'github']);
    expect(new Set(github.map(({ provider }) => provider))).toEqual(new Set(['github']));
  });

  it('print the body of one', async () => {
    const { stdout } = await fresh().run(['fixtures', 'stripe', 'invoice.paid']);
    expect(JSON.parse(stdout)).toMatchObject({ object: 'event', type: 'invoice.paid' });
    expect(stdout).not.toContain('{{');
  });
});

describe('config', () => {
  it('keeps, shows, lists and forgets', async () => {
    const box = fresh();
    const file = path.join(box.config, 'settings.json');
    expect((await box.run(['config', 'path'])).stdout).toBe(`${file}\n`);
    const empty = await box.run(['config', 'list']);
    expect(empty).toMatchObject({ code: 0, stdout: '' });
    expect(empty.stderr).toContain('Nothing is set');

    expect((await box.run(['config', 'set', 'port', '5000'])).code).toBe(0);
    expect((await box.run(['config', 'set', 'reject', 'true'])).code).toBe(0);
    expect((await box.run(['config', 'set', 'secrets.github', 'hush-hush'])).code).toBe(0);
    expect((await box.run(['config', 'get', 'port'])).stdout).toBe('5000\n');
    const list = await box.run(['config', 'list']);
    expect(list.stdout).toMatch(/port +5000 /);
    expect(list.stdout).toMatch(/secrets\.github +\(set\)/);
    expect(list.stdout).not.toContain('hush-hush');
    expect((await box.run(['config', 'get', 'secrets.github'])).stdout).toBe('(set)\n');
    expect((await box.run(['secret', 'github'])).stdout).toBe('hush-hush\n');

    expect((await box.run(['config', 'unset', 'port'])).code).toBe(0);
    expect((await box.run(['config', 'unset', 'secrets.github'])).code).toBe(0);
    expect((await box.run(['config', 'get', 'port'])).code).toBe(5);
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({
      options: { reject: true },
      secrets: {},
    });
  });

  it('forgets a generated secret, so that another is made', async () => {
    const box = fresh();
    const { stdout: first } = await box.run(['secret', 'stripe']);
    expect((await box.run(['secret', 'stripe'])).stdout).toBe(first);
    expect((await box.run(['config', 'set', 'generated.stripe', 'x'])).code).toBe(2);
    expect((await box.run(['config', 'unset', 'generated.stripe'])).code).toBe(0);
    const { stdout: second } = await box.run(['secret', 'stripe']);
    expect(second).toMatch(/^whsec_/);
    expect(second).not.toBe(first);
  });

  it('refuses a secret that could not work', async () => {
    const { code, stderr } = await fresh().run(['config', 'set', 'secrets.stripe', '']);
    expect(stderr).toMatch(/Stripe secret is empty/);
    expect(code).toBe(2);
  });
});

describe('doctor', () => {
  it('finds all well', async () => {
    const box = fresh();
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const { code, lines } = await box.json(['doctor', handler.url, '--port', '0']);
    expect(lines.map(({ name }) => name)).toEqual([
      ...['node', 'store', 'port', ...providers.map(() => 'secret'), 'target'],
    ]);
    expect(lines.every(({ ok }) => ok)).toBe(true);
    expect(code).toBe(0);
    expect(fs.readdirSync(box.project)).toEqual([]);
  });

  it('finds the listener that runs', async () => {
    const box = fresh();
    const listener = await box.listen();
    const { stdout, code } = await box.run(['doctor']);
    expect(stdout).toContain(`hookcli listens on ${listener.url}`);
    expect(code).toBe(0);
  });

  it.each([
    ['a port in use', (taken: number) => ['--port', String(taken)], {}, 'port', 4],
    ['a target that is down', () => ['127.0.0.1:1', '--port', '0'], {}, 'target', 3],
    ['a store that is none', () => ['--store', '/dev/null', '--port', '0'], {}, 'store', 4],
    [
      'a secret that cannot work',
      () => ['--port', '0'],
      { STANDARD_WEBHOOKS_SECRET: 'whsec_no base64!' },
      'secret',
      2,
    ],
  ])('finds %s', async (_what, args, env, name, code) => {
    const taken = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const result = await fresh().json(['doctor', ...args(taken.port)], { env });
    expect(result.lines.filter(({ ok }) => !ok)).toMatchObject([
      { kind: 'check', name, hint: expect.any(String) },
    ]);
    expect(result.code).toBe(code);
  });
});

describe('colour', () => {
  const box = new Sandbox(afterAll);

  it.each([
    [[], {}, false],
    [['--color', 'on'], {}, true],
    [['--color', 'on'], { NO_COLOR: '1' }, true],
    [[], { FORCE_COLOR: '1' }, true],
    [[], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [['--color', 'off'], { FORCE_COLOR: '1' }, false],
    [['--color', 'on', '--json'], {}, false],
  ])('with %j and %j in a pipe: %s', async (args, env, coloured) => {
    const { stdout, code } = await box.run(['providers', ...args], { env });
    expect(code).toBe(0);
    expect(stdout.includes('\x1b[')).toBe(coloured);
  });
});

describe('the store', () => {
  it('is the one that is named', async () => {
    const box = fresh();
    const handler = await serveAnswers((_request, response) => response.end(), onTestFinished);
    const send = ['send', 'generic', 'example.event', '--to', handler.url];
    await box.run(send, { env: { HOOKCLI_STORE: 'by-name' } });
    await box.run([...send, '--store', 'by-option'], { env: { HOOKCLI_STORE: 'by-name' } });
    for (const name of ['by-name', 'by-option']) {
      const folder = path.join(box.project, name);
      expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
      expect((await box.json(['list', '--store', folder])).lines).toHaveLength(1);
    }
    const list = await box.run(['list']);
    expect(list).toMatchObject({ code: 0, stdout: '' });
    expect(list.stderr).toContain('No events in');
    expect(fs.existsSync(box.store)).toBe(false);
  });
});

describe('demo', () => {
  it('shows it all and leaves nothing behind', async () => {
    const box = fresh();
    const tmp = path.join(box.root, 'tmp');
    fs.mkdirSync(tmp);
    const { code, stdout, stderr } = await box.run(['demo'], { env: { TMPDIR: tmp } });
    expect(stderr).toBe('');
    expect(stdout.match(/✓ verified/g)).toHaveLength(4);
    expect(stdout.match(/✗ rejected \(mismatch\)/g)).toHaveLength(1);
    expect(stdout).toMatch(/<-- 400 /);
    expect(stdout).toMatch(/duplicate of evt_/);
    expect(code).toBe(0);
    for (const folder of [tmp, box.home, box.config, box.project]) {
      expect(fs.readdirSync(folder)).toEqual([]);
    }
    expect(os.tmpdir()).not.toBe(tmp);
  });

  it('is nothing but JSON lines with --json', async () => {
    const { code, lines } = await fresh().json(['demo']);
    expect(code).toBe(0);
    expect(lines.filter(({ kind }) => kind === 'event')).toHaveLength(5);
    expect(lines.filter(({ kind }) => kind === 'delivery')).toHaveLength(5);
  });
});
