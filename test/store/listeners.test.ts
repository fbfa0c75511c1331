import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceListener, runningListener } from '../../src/store/listeners.ts';
import { temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

const url = 'http://127.0.0.1:4400';
const note = (pid: number | string) => path.join(folder.dir, 'listeners', `${pid}.json`);
const plant = (pid: number | string, content: string) => {
  fs.mkdirSync(path.dirname(note(pid)), { recursive: true });
  fs.writeFileSync(note(pid), content);
};
/** The number of a process that has ended. */
const gonePid = () => spawnSync(process.execPath, ['--version']).pid;

describe('the note of a running listener', () => {
  it('is found while it is there', async () => {
    expect(runningListener(folder.dir)).toBeUndefined();
    const remove = await announceListener(folder.dir, {
      url,
      pid: process.pid,
      provider: 'stripe',
    });
    expect(runningListener(folder.dir)).toEqual({
      url,
      pid: process.pid,
      provider: 'stripe',
      since: new Date(fs.statSync(note(process.pid)).mtimeMs),
    });
    remove();
    remove();
    expect(runningListener(folder.dir)).toBeUndefined();
    expect(fs.readdirSync(path.dirname(note(1)))).toEqual([]);
  });

  it('of a process that is gone is removed, and the living one is found', async () => {
    const pid = gonePid();
    await announceListener(folder.dir, { url: 'http://127.0.0.1:1', pid });
    await announceListener(folder.dir, { url, pid: process.pid });
    expect(runningListener(folder.dir)?.url).toBe(url);
    expect(fs.existsSync(note(pid))).toBe(false);
  });

  it('of several living ones the newest counts', async () => {
    await announceListener(folder.dir, { url, pid: process.ppid });
    await announceListener(folder.dir, { url: 'http://localhost:1', pid: process.pid });
    fs.utimesSync(note(process.ppid), new Date(), new Date(Date.now() + 60_000));
    expect(runningListener(folder.dir)).toMatchObject({ url, pid: process.ppid });
  });

  it.skipIf(process.platform !== 'linux')(
    'of a process whose number was given anew is stale',
    async () => {
      plant(process.pid, JSON.stringify({ url, pid: process.pid, started: '1' }));
      expect(runningListener(folder.dir)).toBeUndefined();
      expect(fs.existsSync(note(process.pid))).toBe(false);
    },
  );

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '{"url":',
    '{}',
    '{"url":7}',
    '{"url":"file:///etc/passwd"}',
    '{"url":"javascript:alert(1)"}',
    '{"url":"http://evil.test/"}',
    '{"url":"http://127.0.0.1.evil.test/"}',
    '{"url":"http://localhost@evil.test/"}',
    '{"url":"http://evil@localhost/"}',
    '{"url":"http://[::ffff:a9fe:a9fe]/"}',
    `{"url":"http://127.0.0.1/${'x'.repeat(5_000)}"}`,
  ])('with hostile content is passed over: %s', (content) => {
    plant(process.pid, content);
    expect(runningListener(folder.dir)).toBeUndefined();
  });

  it('may name another host only when that was allowed', () => {
    plant(process.pid, '{"url":"http://dev.test:4400"}');
    expect(runningListener(folder.dir)).toBeUndefined();
    expect(runningListener(folder.dir, ['dev.test'])?.url).toBe('http://dev.test:4400');
  });

  it('is no link, and other files are left alone', () => {
    plant('x', JSON.stringify({ url }));
    plant('0', JSON.stringify({ url }));
    plant('-1', JSON.stringify({ url }));
    fs.symlinkSync(note('x'), note(process.pid));
    expect(runningListener(folder.dir)).toBeUndefined();
    expect(fs.readdirSync(path.dirname(note('x')))).toHaveLength(4);
  });
});
