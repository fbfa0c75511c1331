import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFixtures } from '../src/fixtures/read.ts';
import { providers } from '../src/providers/index.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');
const readme = read('README.md');

describe('the README', () => {
  it('shows the library by a test that is run', () => {
    const file = 'test/library/readme.test.ts';
    expect(readme).toContain(`<!-- ${file} -->\n\`\`\`ts\n${read(file)}\`\`\``);
  });

  it('lists every provider with its number of events', () => {
    const rows = [...readme.matchAll(/^\| `([a-z0-9-]+)` \| (\d+) \|/gm)].map(([, id, count]) => [
      id,
      Number(count),
    ]);
    expect(rows).toEqual(providers.map(({ id }) => [id, listFixtures(id).length]));
  });

  it('prints the two commands for a fresh machine', () => {
    expect(readme).toContain('npm ci && npx hookcli demo');
    expect(readme).toContain('npm ci && npm test');
  });

  it('tells every exit code of the command line', () => {
    for (const code of ['0', '1', '2', '3', '4', '5', '70'])
      expect(readme).toContain(`| ${code} |`);
  });
});
