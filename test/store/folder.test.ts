import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HookcliError } from '../../src/core/errors.ts';
import { announceListener } from '../../src/store/listeners.ts';
import { openStore } from '../../src/store/store.ts';
import { sampleEvent, segmentPath, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
let outside: string;
beforeEach(() => {
  folder = temporaryStore();
  outside = path.join(path.dirname(folder.dir), 'outside');
});
afterEach(() => folder.remove());

const isRoot = process.getuid?.() === 0;
const modeOf = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);
const inside = (...names: string[]) => path.join(folder.dir, ...names);

/** What opening, reading and appending make of a store; the first error counts. */
async function use(): Promise<HookcliError | undefined> {
  try {
    const store = openStore(folder.dir);
    for (const _ of store.newest());
    await store.append(sampleEvent({ request: { body: Buffer.alloc(70_000) } }));
    await store.close();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(HookcliError);
    return error as HookcliError;
  }
}

describe('the folder of a store', () => {
  it.each([0o000, 0o077, 0o022])('is for its owner alone under umask %o', async (mask) => {
    const before = process.umask(mask);
    try {
      expect(await use()).toBeUndefined();
      const remove = await announceListener(folder.dir, {
        url: 'http://127.0.0.1:4400',
        pid: process.pid,
      });
      const modes = fs
        .readdirSync(folder.dir, { recursive: true, withFileTypes: true })
        .map((entry) => [
          entry.isDirectory(),
          modeOf(path.join(entry.parentPath ?? entry.path, entry.name)),
        ]);
      remove();
      expect(modes.length).toBeGreaterThanOrEqual(8);
      for (const [isDirectory, mode] of modes) expect(mode).toBe(isDirectory ? '700' : '600');
      expect(modeOf(folder.dir)).toBe('700');
    } finally {
      process.umask(before);
    }
  });

  it('keeps itself out of version control and names its format', async () => {
    await use();
    expect(fs.readFileSync(inside('.gitignore'), 'utf8')).toBe('*\n');
    expect(JSON.parse(fs.readFileSync(inside('store.json'), 'utf8'))).toEqual({ format: 1 });
    expect(fs.readdirSync(folder.dir).sort()).toEqual([
      '.gitignore',
      'bodies',
      'events',
      'store.json',
    ]);
  });

  it.each([
    ['{"format":2}', /newer hookcli \(format 2/],
    ['{"format":"1"}', /does not say which format/],
    ['null', /does not say which format/],
    ['', /does not say which format/],
  ])('of a format it does not know is refused: %s', async (content, message) => {
    await use();
    fs.writeFileSync(inside('store.json'), content);
    const error = await use();
    expect(error).toMatchObject({ code: 'store-format', exitCode: 4 });
    expect(error?.message).toMatch(message);
  });

  const planted: [string, () => void][] = [
    ['a file for the store', () => fs.writeFileSync(folder.dir, '')],
    [
      'a file above the store',
      () => {
        fs.writeFileSync(path.join(outside, 'file'), '');
        folder.dir = path.join(outside, 'file', '.hookcli');
      },
    ],
    ['a link for events', () => fs.symlinkSync(outside, inside('events'))],
    ['a link for bodies', () => fs.symlinkSync(outside, inside('bodies'))],
    ['a file for events', () => fs.writeFileSync(inside('events'), '')],
    [
      'a link for a segment',
      () => {
        fs.mkdirSync(inside('events'));
        fs.symlinkSync(path.join(outside, 'target'), segmentPath(folder.dir));
      },
    ],
    [
      'a link to a device for a segment',
      () => {
        fs.mkdirSync(inside('events'));
        fs.symlinkSync('/dev/full', segmentPath(folder.dir));
      },
    ],
    ['a folder for a segment', () => fs.mkdirSync(segmentPath(folder.dir), { recursive: true })],
    [
      'a link for store.json',
      () => fs.symlinkSync(path.join(outside, 'target'), inside('store.json')),
    ],
  ];
  it.each(planted)('with %s is refused and nothing outside is touched', async (name, plant) => {
    fs.mkdirSync(outside);
    fs.writeFileSync(path.join(outside, 'target'), 'untouched');
    if (!name.endsWith('the store')) fs.mkdirSync(folder.dir);
    plant();
    const error = await use();
    expect(error).toMatchObject({ exitCode: 4 });
    expect(error?.code).toMatch(/^store-un(safe|readable|writable)$/);
    expect(error?.message).toContain(folder.dir);
    expect(fs.readFileSync(path.join(outside, 'target'), 'utf8')).toBe('untouched');
    expect(fs.readdirSync(outside).sort()).toEqual(
      name.includes('above') ? ['file', 'target'] : ['target'],
    );
  });

  it('does not follow a link planted for a body', async () => {
    await use();
    const event = sampleEvent({ request: { body: Buffer.alloc(70_000) } });
    fs.writeFileSync(outside, 'untouched');
    fs.symlinkSync(outside, inside('bodies', event.id));
    const store = openStore(folder.dir);
    await expect(store.append(event)).rejects.toMatchObject({ code: 'store-unsafe' });
    await store.close();
    expect(fs.readFileSync(outside, 'utf8')).toBe('untouched');
  });

  it.skipIf(!isRoot)('of another user that others may write to is refused', async () => {
    fs.mkdirSync(folder.dir);
    fs.chmodSync(folder.dir, 0o777);
    fs.chownSync(folder.dir, 12_345, 12_345);
    expect(await use()).toMatchObject({ code: 'store-unsafe', exitCode: 4 });
    fs.chmodSync(folder.dir, 0o755);
    expect(await use()).toBeUndefined();
  });

  it.skipIf(isRoot)('that may not be read is never taken for an empty one', async () => {
    await use();
    fs.chmodSync(inside('events'), 0);
    expect(await use()).toMatchObject({ code: 'store-unreadable', exitCode: 4 });
    fs.chmodSync(inside('events'), 0o700);
  });
});
