// Builds dist/: the command line as CommonJS, one bundle for each command, since that starts two to
// ten times faster than ESM or one large bundle; the library as ESM; the declarations by tsc.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  logLevel: 'warning',
  legalComments: 'none',
  charset: 'ascii',
};

/** Dynamic imports become files of their own, loaded with require when they are reached. */
const lazyChunks = (outDirectory) => ({
  name: 'lazy-chunks',
  setup(plugin) {
    plugin.onResolve({ filter: /./ }, ({ kind, path: specifier }) => {
      if (kind !== 'dynamic-import' || specifier.startsWith('node:')) return undefined;
      const name = path.basename(specifier, '.ts');
      if (!chunks.has(name))
        throw new Error(`No chunk "${name}" is built; list it in scripts/build.mjs.`);
      const from = outDirectory === 'dist' ? './chunks/' : './';
      return { path: `${from}${name}.cjs`, external: true };
    });
  },
});

/**
 * Classes of libraries that a command may or may not come to use: the library is required when the
 * first one is made.
 */
const lazyClasses = (outDirectory) => ({
  name: 'lazy-classes',
  setup(plugin) {
    const from = outDirectory === 'dist' ? './chunks/' : './';
    const lazily = (file, member) =>
      `class { constructor(options) { return new (require('${from}${file}.cjs')${member})(options); } }`;
    const classes = {
      chalk: `export const Chalk = ${lazily('chalk', '.Chalk')};`,
      'cli-table3': `export default ${lazily('cli-table3', '')};`,
    };
    plugin.onResolve({ filter: /^(chalk|cli-table3)$/ }, ({ path: name }) => ({
      path: name,
      namespace: 'class',
    }));
    plugin.onResolve({ filter: /\.cjs$/ }, ({ path: file }) => ({ path: file, external: true }));
    plugin.onLoad({ filter: /./, namespace: 'class' }, ({ path: name }) => ({
      contents: classes[name],
    }));
  },
});

/** commander asks for child_process at its start, for a feature we do not use; it loads when touched. */
const lazyChildProcess = {
  name: 'lazy-child-process',
  setup(plugin) {
    plugin.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'child_process', namespace: 'lazy' } : undefined,
    );
    plugin.onLoad({ filter: /./, namespace: 'lazy' }, () => ({
      contents:
        "module.exports = { get spawn() { return process.getBuiltinModule('node:child_process').spawn; } };",
    }));
  },
};

const commands = readdirSync('src/commands')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/commands/${file}`);
const cli = readFileSync('src/cli.ts', 'utf8');
const entries = [
  ...commands.filter((file) => cli.includes(`./commands/${path.basename(file)}`)),
  'src/deliver/node-transport.ts',
  'src/deliver/undici-transport.ts',
  'src/terminal/error-text.ts',
  'src/verify/explain.ts',
];
const { resolve } = createRequire(import.meta.url);
const libraries = ['chalk', 'cli-table3', 'conf'];
const chunks = new Set([...entries.map((file) => path.basename(file, '.ts')), ...libraries]);

// Our source is of "type": "module", so esbuild reads the default of a CommonJS file as Node does:
// it is all that the file exports, whatever its __esModule says.
const DEFAULT_IS_ALL =
  'var __all=module.exports;if(__all.__esModule&&__all.default)module.exports=Object.assign(__all.default,__all);';

const commonJs = {
  ...common,
  format: 'cjs',
  minify: true,
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__fileUrl' },
  inject: ['scripts/file-url.js'],
};

await Promise.all([
  build({
    ...commonJs,
    entryPoints: { cli: 'src/program.ts' },
    outdir: 'dist',
    plugins: [lazyChunks('dist'), lazyClasses('dist'), lazyChildProcess],
  }),
  build({
    ...commonJs,
    entryPoints: entries.map((file) => ({ in: file, out: path.basename(file, '.ts') })),
    outdir: 'dist/chunks',
    plugins: [lazyChunks('dist/chunks'), lazyClasses('dist/chunks')],
  }),
  build({
    ...commonJs,
    entryPoints: libraries.map((name) => ({ in: path.relative(root, resolve(name)), out: name })),
    outdir: 'dist/chunks',
    footer: { js: DEFAULT_IS_ALL },
  }),
  build({
    ...common,
    format: 'esm',
    splitting: true,
    packages: 'external',
    entryPoints: ['src/index.ts'],
    outdir: 'dist',
    chunkNames: 'library/[name]-[hash]',
  }),
]);

const bundles = readdirSync('dist', { recursive: true })
  .filter((name) => name.endsWith('.cjs'))
  .map((name) => path.join('dist', name));

// Of every module that is imported esbuild makes a copy, member by member, which takes a send 1.5 ms for
// Node's own. What inherits from the module reads the same; the default is all of it, as in Node.
const COPY =
  /=\((\w+),(\w+),(\w+)\)=>\(\3=\1!=null\?[\w$]+\([\w$]+\(\1\)\):\{\},[\w$]+\(\2\|\|!\1\|\|!\1\.__esModule\?[\w$]+\(\3,"default",\{value:\1,enumerable:!0\}\):\3,\1\)\)/;
const INHERIT = '=($1)=>Object.create($1,{default:{value:$1}})';

for (const file of bundles) {
  const text = readFileSync(file, 'utf8');
  // bin/compile-cache.js reads the bundles as one byte a character; esbuild leaves regular expressions
  // as they are written.
  if (/[^\0-\x7f]/.test(text)) {
    throw new Error(`${file} is not ASCII: write other characters as \\u in regular expressions.`);
  }
  const isOurs = !libraries.includes(path.basename(file, '.cjs'));
  if (isOurs) writeFileSync(file, text.replace(COPY, INHERIT));
}
if (!readFileSync('dist/cli.cjs', 'utf8').includes('=>Object.create(')) {
  throw new Error('esbuild copies imported modules by other words now; see COPY.');
}

const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
