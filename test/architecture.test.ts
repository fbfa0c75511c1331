import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Source {
  /** Below `src`, such as `core/ids.ts`. */
  readonly path: string;
  readonly text: string;
}

// From the ground up. A file imports from its own room and from rooms on lower floors; rooms on one
// floor do not know each other. On the roof stand the files of no room: the library (`index.ts`) and
// the command line (the others), which do not know each other either.
const FLOORS: readonly (readonly string[])[] = [
  ['core'],
  ['schemes'],
  ['handshakes'],
  ['providers'],
  ['verify', 'store', 'settings', 'fixtures', 'queues'],
  ['deliver'],
  ['receive', 'formats'],
  ['check', 'dashboard'],
  ['terminal', 'sinks'],
  ['commands'],
];
const ROOF = FLOORS.length;
/** From where the edge begins: only there is anything printed. */
const EDGE = FLOORS.findIndex((rooms) => rooms.includes('terminal'));
/** From where clock, randomness and environment may be asked; below they are arguments. */
const WORLD = FLOORS.findIndex((rooms) => rooms.includes('deliver'));

/** Sinks turn what happens into text with the words of the terminal. */
const NEIGHBOURS = new Set(['sinks -> terminal']);

/** The one address of each package we depend on. */
const ADDRESSES: Readonly<Record<string, RegExp>> = {
  commander: /^(?:(?:cli|program)\.ts$|cli\/)/,
  undici: /^deliver\/undici-transport\.ts$/,
  ws: /^dashboard\//,
  chalk: /^terminal\//,
  'cli-table3': /^terminal\//,
  conf: /^settings\//,
};

const PRINTING = /\bconsole\b|\bprocess\.(?:stdout|stderr|exit)\b/g;
const ASKING = /\bDate\.now\b|\bnew Date\(\)|\bprocess\.env\b|\bMath\.random\b/g;

/** Who may ask the world below the floor where that begins, and why. */
const ASKING_ALLOWED: Readonly<Record<string, string>> = {};

/** What breaks the rules of the house, a sentence each. */
function breaches(sources: readonly Source[]): string[] {
  const known = new Set(sources.map(({ path }) => path));
  return [
    ...sources.flatMap((source) => [
      ...importsOf(source).flatMap((target) => wrongImport(source.path, target, known)),
      ...wrongWords(source),
    ]),
    ...cycles(sources),
  ];
}

const COMMENT_OR_TEXT =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

const isComment = (token: string) => token.startsWith('//') || token.startsWith('/*');

/** The code without its comments and plain texts; templates stay, since code may be in their holes. */
const codeOf = (text: string) =>
  text.replace(COMMENT_OR_TEXT, (token) => (token.startsWith('`') ? token : ' '));

/** What a file imports or exports from elsewhere, types included. Files are named below `src`. */
function importsOf({ path, text }: Source): string[] {
  const code = text.replace(COMMENT_OR_TEXT, (token) => (isComment(token) ? ' ' : token));
  const found = code.matchAll(/(?<!\.)\b(?:from|import|import\s*\()\s*['"]([^'"\n]+)['"]/g);
  return [...found].map(([, name = '']) =>
    name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
  );
}

function roomOf(path: string): string {
  if (path === 'index.ts') return 'library';
  return path.includes('/') ? (path.split('/', 1)[0] as string) : 'cli';
}

function floorOf(path: string): number {
  const room = roomOf(path);
  if (room === 'library' || room === 'cli') return ROOF;
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function wrongImport(path: string, target: string, known: ReadonlySet<string>): string[] {
  const tell = (why: string) => [`${path} imports ${target}: ${why}`];
  if (floorOf(path) === -1) return tell('it is in no known room');
  if (target.startsWith('node:')) return [];
  if (!known.has(target)) {
    if (target.startsWith('..') || target.endsWith('.ts')) return tell('there is no such file');
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] as string;
    const address = Object.hasOwn(ADDRESSES, name) ? ADDRESSES[name] : undefined;
    if (address === undefined) return tell('the package has no address');
    return address.test(path) ? [] : tell('the package lives elsewhere');
  }
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from === to || floorOf(target) < floorOf(path)) return [];
  if (floorOf(target) > floorOf(path)) return tell('it is on a higher floor');
  return NEIGHBOURS.has(`${from} -> ${to}`)
    ? []
    : tell('rooms on one floor do not know each other');
}

function wrongWords({ path, text }: Source): string[] {
  const code = codeOf(text);
  const floor = floorOf(path);
  const said = (words: RegExp) => [...code.matchAll(words)].map(([word]) => word);
  return [
    ...(floor < EDGE ? said(PRINTING) : []).map((word) => `${path} prints: ${word}`),
    ...(floor < WORLD && !Object.hasOwn(ASKING_ALLOWED, path) ? said(ASKING) : []).map(
      (word) => `${path} asks the world: ${word}`,
    ),
  ];
}

function cycles(sources: readonly Source[]): string[] {
  const edges = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      found.push(`a circle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
    } else if (!done.has(path)) {
      for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    }
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

describe('the house', () => {
  const folder = fileURLToPath(new URL('../src/', import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'));
  const sources = paths.map((path) => ({ path, text: readFileSync(folder + path, 'utf8') }));

  it('is read whole', () => {
    expect(paths).toContain('core/types.ts');
    expect(importsOf(sources.find(({ path }) => path === 'verify/sign.ts') as Source)).toContain(
      'core/types.ts',
    );
  });

  it('is built as it should be', () => {
    expect(breaches(sources)).toEqual([]);
  });

  it('has no exception that nobody needs', () => {
    const named = [...Object.keys(ASKING_ALLOWED)];
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });
});

describe('a breach is found', () => {
  const house: readonly Source[] = [
    { path: 'core/types.ts', text: 'export type A = 1;' },
    { path: 'schemes/a.ts', text: '' },
    { path: 'store/a.ts', text: '' },
    { path: 'terminal/a.ts', text: '' },
    { path: 'sinks/a.ts', text: '' },
    { path: 'cli.ts', text: '' },
    { path: 'index.ts', text: '' },
  ];
  const planted = (path: string, text: string) =>
    breaches([...house.filter((source) => source.path !== path), { path, text }]);

  it.each([
    ['core/a.ts', "import { x } from '../schemes/a.ts';", 'higher floor'],
    ['core/a.ts', "import type { x } from '../schemes/a.ts';", 'higher floor'],
    ['core/a.ts', "export * from '../schemes/a.ts';", 'higher floor'],
    ['core/a.ts', "export type { x } from '../schemes/a.ts';", 'higher floor'],
    ['core/a.ts', "import '../schemes/a.ts';", 'higher floor'],
    ['core/a.ts', "const a = await import('../schemes/a.ts');", 'higher floor'],
    ['core/a.ts', "let a: import('../schemes/a.ts').A;", 'higher floor'],
    ['core/a.ts', "import {\n  x,\n} from '../schemes/a.ts';", 'higher floor'],
    ['commands/a.ts', "import { x } from '../cli.ts';", 'higher floor'],
    ['verify/a.ts', "import { x } from '../store/a.ts';", 'one floor'],
    ['terminal/b.ts', "import { x } from '../sinks/a.ts';", 'one floor'],
    ['index.ts', "import { x } from './cli.ts';", 'one floor'],
    ['cli/a.ts', "import { x } from '../index.ts';", 'one floor'],
    ['index.ts', "import { Command } from 'commander';", 'elsewhere'],
    ['helpers/a.ts', "import { x } from '../core/types.ts';", 'no known room'],
    ['store/b.ts', "import { x } from './gone.ts';", 'no such file'],
    ['store/b.ts', "import { x } from '../../test/a.ts';", 'no such file'],
    ['store/b.ts', "import { x } from 'lodash';", 'no address'],
    ['store/b.ts', "import { x } from 'constructor';", 'no address'],
    ['commands/a.ts', "import { Command } from 'commander';", 'elsewhere'],
    ['deliver/attempt.ts', "import { request } from 'undici';", 'elsewhere'],
    ['receive/a.ts', "import { WebSocketServer } from 'ws';", 'elsewhere'],
    ['commands/a.ts', "import chalk from 'chalk';", 'elsewhere'],
    ['sinks/b.ts', "import Table from 'cli-table3';", 'elsewhere'],
    ['commands/a.ts', "import Conf from 'conf';", 'elsewhere'],
    ['core/a.ts', "import { b } from './a.ts';", 'a circle: core/a.ts -> core/a.ts'],
    ['check/a.ts', 'console.log(1);', 'prints: console'],
    ['receive/a.ts', 'process.stdout.write(text);', 'prints: process.stdout'],
    ['receive/a.ts', 'text = `$' + '{process.stderr.write(x)}`;', 'prints: process.stderr'],
    ['dashboard/a.ts', 'process.exit(1);', 'prints: process.exit'],
    ['store/b.ts', 'const at = Date.now();', 'asks the world: Date.now'],
    ['verify/a.ts', 'const at = new Date();', 'asks the world: new Date()'],
    ['settings/a.ts', 'const { env } = process.env;', 'asks the world: process.env'],
    ['core/a.ts', 'Math.random()', 'asks the world: Math.random'],
  ])('%s: %s', (path, text, expected) => {
    expect(planted(path, text)).toEqual([expect.stringContaining(expected)]);
  });

  it('in a circle over several files', () => {
    const found = breaches([
      { path: 'core/a.ts', text: "import type { b } from './b.ts';" },
      { path: 'core/b.ts', text: "import { c } from './c.ts';" },
      { path: 'core/c.ts', text: "import { a } from './a.ts';" },
    ]);
    expect(found).toEqual(['a circle: core/a.ts -> core/b.ts -> core/c.ts -> core/a.ts']);
  });

  it.each([
    ['schemes/b.ts', "import type { A } from '../core/types.ts';"],
    ['schemes/b.ts', "import { a } from './a.ts'; import fs from 'node:fs';"],
    ['sinks/b.ts', "import { x } from '../terminal/a.ts'; process.stdout.write(x);"],
    ['cli.ts', "import { Command } from 'commander'; import './terminal/a.ts';"],
    ['program.ts', "import { ROWS } from './cli.ts'; process.exit(1);"],
    ['terminal/b.ts', "import chalk from 'chalk';"],
    ['deliver/undici-transport.ts', "import { Pool } from 'undici'; const at = Date.now();"],
    ['settings/a.ts', "import Conf from 'conf';"],
    ['core/a.ts', "// import { x } from '../schemes/a.ts'; console.log(Date.now())"],
    ['core/a.ts', "/* process.exit(1) */ const hint = 'see process.env and console';"],
    ['core/a.ts', 'const at = new Date(ms);'],
    ['core/a.ts', "const bytes = Buffer.from('ff', 'hex'); const from = { import: 'x' };"],
  ])('and nothing else: %s: %s', (path, text) => {
    expect(planted(path, text)).toEqual([]);
  });
});
