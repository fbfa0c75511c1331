import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BIN, expectError, Sandbox } from '../helpers/cli.ts';

const box = new Sandbox(afterAll);
const LIBRARY = pathToFileURL(path.resolve(path.dirname(BIN), '../dist/index.js')).href;

const ACME = {
  id: 'acme',
  title: 'Acme Inc.',
  header: 'X-Acme-Signature',
  prefix: 'v1=',
  timestamp: { header: 'X-Acme-Time' },
  event: { type: 'header:X-Acme-Event', id: 'json:uid' },
  secretEnv: 'ACME_SECRET',
};

const BETA = `
import { defineProvider, hmac, inJson } from '${LIBRARY}';

export default defineProvider({
  id: 'beta',
  title: 'Beta',
  docs: 'https://beta.example/docs',
  schemes: [hmac({ id: 'beta', header: 'X-Beta', algorithm: 'sha512' })],
  secret: { env: ['BETA_SECRET'], kind: 'any text', generate: () => 'beta'.repeat(8) },
  identify: { headers: { 'x-beta': true } },
  event: { type: [inJson('what')] },
  eventId: () => '1',
  headers: [['Content-Type', 'application/json']],
  retries: { kind: 'none' },
  bodyStyle: 'compact',
});
`;

beforeAll(() => {
  box.write('beta.mjs', BETA);
  box.write('hookcli.config.json', { providers: [ACME, './beta.mjs'] });
});

const env = { ACME_SECRET: 'an acme secret of ours' };
const SEND = ['send', 'acme', 'order.made', '--data', '{"uid":"u1"}'];

it('are listed first, in their order', async () => {
  const { lines } = await box.json(['providers']);
  expect(lines.slice(0, 3).map(({ id }) => id)).toEqual(['acme', 'beta', 'stripe']);
  const { stdout } = await box.run(['providers', 'acme']);
  expect(stdout).toContain('the timestamp, "." and the body, in X-Acme-Signature, X-Acme-Time');
  expect(stdout).toContain('ACME_SECRET');
  expect(stdout).toContain('hookcli send acme my.event --data @payload.json');
});

it('are loaded where compiled code is kept as well', async () => {
  const tmp = path.join(box.root, 'tmp');
  fs.mkdirSync(tmp);
  const kept = { TMPDIR: tmp, NODE_DISABLE_COMPILE_CACHE: '' };
  for (const _ of ['compiled', 'from what was kept']) {
    const { code, stdout } = await box.run(['providers', 'beta'], { env: kept });
    expect([code, stdout]).toEqual([0, expect.stringContaining('https://beta.example/docs')]);
  }
});

it('are sent, identified by path and headers, verified and told apart', async () => {
  const listening = await box.listen(['--json'], { env });
  expect((await box.run(SEND, { env })).code).toBe(0);
  expect((await box.run(['send', 'beta', 'b.made', '--data', '{"what":"b.made"}'])).code).toBe(0);
  await box.run([...SEND, '--to', `${listening.url}/elsewhere`], { env });
  await box.run([...SEND, '--secret', 'the secret of somebody else'], { env });
  await listening.happening((line) => line.verdict?.status === 'rejected');
  const events = listening.json.filter(({ kind }) => kind === 'event');
  expect(events).toMatchObject([
    { provider: 'acme', type: 'order.made', eventId: 'u1', verdict: { status: 'verified' } },
    { provider: 'beta', type: 'b.made', verdict: { status: 'verified', scheme: 'beta' } },
    { provider: 'acme', duplicateOf: events[0].id, verdict: { status: 'verified' } },
    { provider: 'acme', verdict: { status: 'rejected', reason: 'mismatch' } },
  ]);
  await listening.stop();
  const replay = await box.json(['replay', events[0].id, '--resign', '--dry-run', '--to', '3000'], {
    env,
  });
  expect(replay.lines[0].headers).toContainEqual(['X-Acme-Event', 'order.made']);
});

it('are signed and verified by hand', async () => {
  const { stdout } = await box.run(
    ['sign', '--provider', 'acme', '--body', '{"uid":"u1"}', '--json'],
    { env },
  );
  const verified = await box.json(['verify', '--request', '-'], { env, stdin: stdout });
  expect(verified.code).toBe(0);
  expect(verified.lines[0]).toMatchObject({ provider: 'acme', status: 'verified' });
});

it('have secrets as the others have', async () => {
  expect((await box.run(['secret', 'acme'], { env })).stdout).toBe(`${env.ACME_SECRET}\n`);
  expect((await box.run(['secret', 'beta'])).stdout).toBe(`${'beta'.repeat(8)}\n`);
  const given = ['--secret', 'acme=one of acme alone', '--json'];
  const { stdout } = await box.run(['secret', 'acme', ...given]);
  expect(JSON.parse(stdout)).toMatchObject({
    variable: 'ACME_SECRET',
    secret: 'one of acme alone',
  });
  expect((await box.run(['config', 'set', 'secrets.acme', 'kept for acme alone'])).code).toBe(0);
  expect((await box.run(['secret', 'acme'])).stdout).toBe('kept for acme alone\n');
});

it('have no payload of their own, which is said', async () => {
  const outcome = await box.run(['send', 'acme', 'order.made'], { env });
  expect(outcome.code).toBe(2);
  expectError(outcome, {
    says: /no acme fixture/,
    hint: /send acme order\.made --data @payload\.json/,
  });
});

it('are completed', async () => {
  expect((await box.run(['completion', 'bash'])).stdout).toMatch(/words="acme beta stripe /);
});

it('are not looked at by what knows no providers', async () => {
  const folder = new Sandbox(onTestFinished);
  folder.write('hookcli.config.json', { providers: ['./gone.js'] });
  expect((await folder.run(['list'])).code).toBe(0);
  const outcome = await folder.run(['providers']);
  expect(outcome.code).toBe(2);
  expectError(outcome, {
    says: /providers\[0\] in \S+: \S+gone\.js cannot be loaded/,
    hint: /defineProvider/,
  });
});

describe('a declaration that is wrong', () => {
  it.each<[string, unknown[], RegExp, RegExp]>([
    [
      'of a member',
      [{ ...ACME, algorithm: 'md5' }],
      /providers\[0\]\.algorithm in \S+ is "md5"/,
      /X-Acme/,
    ],
    [
      'of an id that is taken',
      [{ ...ACME, id: 'stripe' }],
      /provider "stripe" already/,
      /another id/,
    ],
    ['twice the same', [ACME, ACME], /provider "acme" already/, /another id/],
    ['with a secret', [{ ...ACME, secret: 'hush' }], /"providers\[0\]\.secret"/, /secretEnv/],
  ])('%s is refused', async (_, providers, says, hint) => {
    const folder = new Sandbox(onTestFinished);
    folder.write('hookcli.config.json', { providers });
    for (const args of [['providers'], ['send', 'stripe', 'invoice.paid', '--dry-run']]) {
      const outcome = await folder.run(args);
      expect(outcome.code).toBe(2);
      expectError(outcome, { says, hint });
      expect(outcome.stderr).not.toContain('hush');
    }
  });
});
