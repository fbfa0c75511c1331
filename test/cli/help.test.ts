import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli.ts';
import { Sandbox } from '../helpers/cli.ts';

const box = new Sandbox(afterAll);
// Into a pipe the help has a fixed width.
const help = async (...args: string[]) => {
  const { code, stdout, stderr } = await box.run(args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
};

const EVERYWHERE = ['--json', '--store', '--color', '--quiet', '--verbose'];
const SECRETS = ['--secret', '--secret-file', '--secret-env'];
const GENERIC = ['--signature-header', '--algorithm', '--encoding', '--prefix'];

/** What scripts and CI rely on. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  listen: [
    ...['-p, --port', '--host', '-f, --forward', '--route', '-e, --events', '--filter'],
    ...['--provider', '--reject', '--timeout', '--max-body', '--tolerance', '--durable'],
    ...[
      '--respond',
      '--respond-delay',
      '--no-dashboard',
      '--exit-after',
      '--within',
      '--public-url',
    ],
    ...['--keep', ...SECRETS, ...GENERIC],
  ],
  send: [
    ...['-t, --to', '--method', '--set', '--unset', '-d, --data', '-H, --header', '--id', '--at'],
    ...['-n, --count', '-c, --concurrency', '--spoil', '--expect', '--within', '--wait', '--form'],
    ...['--dry-run', '--curl', '--seed', '--handshake', '--public-url'],
    ...['--rate', '--duplicate', '--shuffle', '--keep', ...SECRETS, ...GENERIC],
  ],
  replay: [
    ...['--query', '-t, --to', '--resign', '--set', '--unset', '--new-id', '-c, --concurrency'],
    ...['--expect', '--within', '--dry-run', '--curl', '--public-url'],
    ...['--keep', ...SECRETS, ...GENERIC],
  ],
  verify: [
    ...['--provider', '--request', '--event', '--body', '-H, --header', '--method', '--at'],
    ...['--tolerance', '--cert', '--public-url', ...SECRETS, ...GENERIC],
  ],
  sign: [
    ...['--provider', '--body', '-H, --header', '--method', '--id', '--at', '--curl', '-t, --to'],
    ...['--public-url', ...SECRETS, ...GENERIC],
  ],
  list: ['-n, --limit', '--explain'],
  wait: ['--within', '--after', '-n, --count'],
  show: ['--body'],
  diff: [],
  export: [
    '--format',
    '-o, --output',
    '--redact',
    '-n, --limit',
    '--shell',
    '-t, --to',
    ...SECRETS,
  ],
  import: ['--provider', '--max-body', '--keep', ...SECRETS],
  pin: [],
  unpin: [],
  prune: ['--keep', '--older-than', '--query', '--dry-run'],
  secret: SECRETS,
  config: [],
  providers: [],
  fixtures: [],
  demo: [],
  doctor: ['--port', '--forward'],
  completion: ['bash'],
};

it('is there for the whole', async () => {
  await expect(await help('--help')).toMatchFileSnapshot('__snapshots__/help.txt');
  expect(await help('help')).toBe(await help('--help'));
  expect(await help()).toBe(await help('--help'));
});

it('is promised for every command', () => {
  expect(COMMANDS.map(({ name }) => name).sort()).toEqual(Object.keys(PROMISED).sort());
});

describe.each(Object.entries(PROMISED))('%s', (command, options) => {
  it('is explained', async () => {
    const text = await help(command, '--help');
    await expect(text).toMatchFileSnapshot(`__snapshots__/help-${command}.txt`);
    for (const option of [...options, ...EVERYWHERE]) expect(text).toContain(option);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(await help('help', command)).toBe(text);
    expect(await help(command, '-h')).toBe(text);
  });
});
