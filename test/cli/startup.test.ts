import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BIN, Sandbox } from '../helpers/cli.ts';
import { type Handler, serve } from '../helpers/handlers.ts';

const box = new Sandbox(afterAll);
const root = path.resolve(path.dirname(BIN), '..');
let handler: Handler;
let hook: string;

beforeAll(async () => {
  handler = await serve((request, response) => {
    request.resume().on('end', () => response.end());
  }, box.atEnd);
  hook = box.write(
    'hook.cjs',
    `process.on('exit', () => require('node:fs').writeFileSync(process.env.MODULES, JSON.stringify(Object.keys(require.cache))))`,
  );
});

/** The files a command line loads, below the package's own folder. */
async function modulesOf(...args: string[]): Promise<string[]> {
  const modules = path.join(box.root, 'modules.json');
  const { code, stderr } = await box.run(args, {
    node: ['--require', hook],
    env: { MODULES: modules },
  });
  expect([code, stderr]).toEqual([0, '']);
  const files: string[] = JSON.parse(fs.readFileSync(modules, 'utf8'));
  const own = files.filter((file) => file !== hook).map((file) => path.relative(root, file));
  // Stands in for what newer versions of Node do themselves.
  return own.filter((file) => file !== 'bin/compile-cache.js');
}

// A bundle names no packages any more; each of them is known by a text that only it has.
const MARKS = {
  undici: 'undici.globalDispatcher.1',
  ws: 'Sec-WebSocket-Extensions',
  conf: 'Please specify the `projectName` option',
};

const heavyIn = (files: readonly string[]): string[] => {
  const text = files.map((file) => fs.readFileSync(path.join(root, file), 'utf8')).join('\n');
  return Object.entries(MARKS)
    .filter(
      ([name, mark]) => files.some((file) => file.includes(`/${name}`)) || text.includes(mark),
    )
    .map(([name]) => name);
};

it('knows a heavy package when it sees one', () => {
  const chunks = fs
    .readdirSync(path.join(root, 'dist/chunks'))
    .map((name) => `dist/chunks/${name}`);
  expect(heavyIn(chunks)).toEqual(expect.arrayContaining(['undici', 'conf']));
});

it('says its version from package.json alone', async () => {
  expect(await modulesOf('--version')).toEqual(['bin/hookcli.js', 'package.json']);
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const flag of ['--version', '-V']) {
    expect((await box.run([flag])).stdout).toBe(`${version}\n`);
  }
});

it('helps with the table of commands alone', async () => {
  const files = ['bin/hookcli.js', 'package.json', 'dist/cli.cjs'];
  expect(await modulesOf('--help')).toEqual(files);
  expect(await modulesOf('send', '--help')).toEqual(files);
  expect(heavyIn(files)).toEqual([]);
});

it.each([
  ['list', []],
  ['list', ['--json']],
  ['send', ['generic', 'example.event', '--secret', 's3cret']],
])('loads nothing heavy for %s %j', async (command, args) => {
  const to = command === 'send' ? ['--to', handler.url] : [];
  // Quiet: an empty list says so on stderr.
  const files = await modulesOf(command, ...args, ...to, '--quiet');
  expect(files).toContain(`dist/chunks/${command}.cjs`);
  expect(files.filter((file) => file.includes('node_modules'))).toEqual([]);
  expect(heavyIn(files)).toEqual([]);
});

it.runIf(process.versions.node.startsWith('20.'))(
  'keeps compiled code where nobody else can put any',
  async () => {
    const tmp = path.join(box.root, 'tmp');
    const env = { TMPDIR: tmp, NODE_DISABLE_COMPILE_CACHE: '' };
    fs.mkdirSync(tmp);
    const first = await box.run(['providers'], { env });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [folder = ''] = fs.readdirSync(tmp).map((name) => path.join(tmp, name));
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    const kept = fs.readdirSync(folder).sort();
    expect(kept).not.toEqual([]);
    expect((await box.run(['providers'], { env })).stdout).toBe(first.stdout);
    expect(fs.readdirSync(folder).sort()).toEqual(kept);

    // What does not fit is not run.
    for (const name of kept) fs.writeFileSync(path.join(folder, name), 'nonsense');
    expect((await box.run(['providers'], { env })).stdout).toBe(first.stdout);
    // A folder that others may write to is not used.
    fs.rmSync(folder, { recursive: true });
    fs.mkdirSync(folder);
    fs.chmodSync(folder, 0o777);
    expect((await box.run(['providers'], { env })).stdout).toBe(first.stdout);
    expect(fs.readdirSync(folder)).toEqual([]);
  },
);
