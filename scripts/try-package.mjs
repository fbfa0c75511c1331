// Packs what would be published, installs it into an empty folder and uses it there as a stranger
// would: the command line and the library.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hookcli-package-'));
const windows = process.platform === 'win32';
const npm = (args, cwd) =>
  execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: windows,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

try {
  const [packed] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', folder], root).replace(/^[^[]*/s, ''),
  );
  const names = packed.files.map(({ path: name }) => name);
  const strangers = names.filter(
    (name) =>
      !/^(bin|dist|fixtures)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(name),
  );
  if (strangers.length > 0) throw new Error(`Packed by mistake: ${strangers.join(', ')}`);
  for (const wanted of [
    'bin/hookcli.js',
    'dist/cli.cjs',
    'dist/index.js',
    'dist/types/index.d.ts',
    'fixtures/stripe/invoice.paid.json',
  ]) {
    if (!names.includes(wanted)) throw new Error(`Not packed: ${wanted}`);
  }
  console.log(
    `${names.length} files, ${Math.round(packed.size / 1024)} KB packed, ${Math.round(packed.unpackedSize / 1024)} KB unpacked`,
  );

  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(['install', '--no-audit', '--no-fund', path.join(folder, packed.filename)], folder);
  const env = { ...process.env, HOOKCLI_CONFIG_DIR: path.join(folder, 'config') };
  const hookcli = (...args) =>
    execFileSync(
      process.execPath,
      [path.join(folder, 'node_modules/hookcli/bin/hookcli.js'), ...args],
      { cwd: folder, env, encoding: 'utf8' },
    );
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (hookcli('--version').trim() !== version) throw new Error('--version differs');
  if (!hookcli('demo').includes('hookcli list')) throw new Error('demo failed');
  writeFileSync(
    path.join(folder, 'use.js'),
    `import { send, startReceiver } from 'hookcli';
const receiver = await startReceiver({ secrets: { stripe: 'whsec_of_a_stranger' } });
await send({ provider: 'stripe', event: 'invoice.paid', to: receiver.url, secret: 'whsec_of_a_stranger' });
const event = await receiver.next({ type: 'invoice.*' });
await receiver.close();
console.log(event.verdict.status);
`,
  );
  const said = execFileSync(process.execPath, ['use.js'], { cwd: folder, encoding: 'utf8' }).trim();
  if (said !== 'verified') throw new Error(`The library said: ${said}`);
  console.log('The packed tarball works from an empty folder.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
