import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeEvents } from '../../src/store/remove-events.ts';
import { openStore } from '../../src/store/store.ts';
import { segmentPath, storedLines, temporaryStore } from './samples.ts';

let bundle: string;
let folder: ReturnType<typeof temporaryStore>;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  bundle = fs.mkdtempSync(path.join(os.tmpdir(), 'hookcli-writer-'));
  await build({
    entryPoints: [path.join(import.meta.dirname, 'writer.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: path.join(bundle, 'writer.mjs'),
    logLevel: 'error',
  });
});
afterAll(() => fs.rmSync(bundle, { recursive: true, force: true }));
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  folder.remove();
});

/** A writer at work, and the ids it was told are recorded. */
async function startWriter(order: { count?: number; keep?: object | 'all' } = {}) {
  const child = fork(path.join(bundle, 'writer.mjs'), { execArgv: [], stdio: 'inherit' });
  children.add(child);
  const acknowledged: string[] = [];
  await once(child, 'message');
  child.on('message', (id: string) => acknowledged.push(id));
  const exited = once(child, 'close');
  child.send({ dir: folder.dir, ...order });
  return { child, acknowledged, exited };
}

const readAll = () => {
  const troubles: string[] = [];
  const store = openStore(folder.dir, { onTrouble: (message) => troubles.push(message) });
  return { events: [...store.newest()], troubles };
};

describe('several processes on one store', () => {
  it('append while events are removed, and nothing else is lost', async () => {
    const writers = await Promise.all([1, 2, 3].map(() => startWriter({ count: 1_500 })));
    const removed = new Set<string>();
    let running = true;
    const done = Promise.all(writers.map(({ exited }) => exited)).then(() => {
      running = false;
    });
    let rounds = 0;
    do {
      const half = readAll().events.flatMap(({ id }, i) => (i % 2 === 0 ? [id] : []));
      for (const id of half) removed.add(id);
      await removeEvents(folder.dir, new Set(half));
      rounds++;
    } while (running || rounds < 3);
    await done;
    const { events, troubles } = readAll();
    const left = writers
      .flatMap(({ acknowledged }) => acknowledged)
      .filter((id) => !removed.has(id));
    expect(events.map(({ id }) => id).sort()).toEqual(left.sort());
    expect(troubles).toEqual([]);
  });

  it('append 500 events each at once, every line whole, while others read', async () => {
    const writers = await Promise.all([1, 2, 3, 4].map(() => startWriter({ count: 500 })));
    let running = true;
    const done = Promise.all(writers.map(({ exited }) => exited)).then(() => {
      running = false;
    });
    let seen = 0;
    while (running) {
      const { events } = readAll();
      expect(events.length).toBeGreaterThanOrEqual(seen);
      seen = events.length;
      await new Promise(setImmediate);
    }
    await done;
    const sent = writers.flatMap(({ acknowledged }) => acknowledged).sort();
    expect(new Set(sent).size).toBe(2_000);
    const { events, troubles } = readAll();
    expect(events.map(({ id }) => id).sort()).toEqual(sent);
    expect(troubles).toEqual([]);
    for (const { id, request } of events) expect(request.body.subarray(0, 30).toString()).toBe(id);
    for (const line of storedLines(folder.dir)) expect(JSON.parse(line).kind).toBe('event');
  }, 60_000);

  it('move to the next segment together and lose nothing', async () => {
    const keep = { bytes: 64 * 1_048_576, events: 800 };
    const writers = await Promise.all([1, 2, 3].map(() => startWriter({ count: 400, keep })));
    await Promise.all(writers.map(({ exited }) => exited));
    const { events, troubles } = readAll();
    expect(troubles).toEqual([]);
    // Each counts its own events, so a segment may hold as many times its share as there are writers.
    expect(events.length).toBeGreaterThanOrEqual(800);
    const files = fs.readdirSync(path.join(folder.dir, 'events'));
    expect(files.length).toBeGreaterThan(1);
    const ids = new Set(events.map(({ id }) => id));
    expect(ids.size).toBe(events.length);
    const large = events.filter(({ request }) => request.body.length > 65_536);
    expect(fs.readdirSync(path.join(folder.dir, 'bodies'))).toHaveLength(large.length);
  }, 60_000);

  it('killed at random moments have recorded all they acknowledged, once', async () => {
    const acknowledged: string[] = [];
    for (let cycle = 0; cycle < 20; cycle++) {
      const writer = await startWriter();
      const enough = 1 + Math.floor(Math.random() * 60);
      await new Promise<void>((resolve) => {
        writer.child.on('message', () => {
          if (writer.acknowledged.length < enough) return;
          writer.child.kill('SIGKILL');
          resolve();
        });
      });
      await writer.exited;
      acknowledged.push(...writer.acknowledged);
    }
    const counts = new Map<string, number>();
    for (const { id, request } of readAll().events) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      expect(request.body.subarray(0, 30).toString()).toBe(id);
    }
    expect(acknowledged.length).toBeGreaterThan(20);
    for (const id of acknowledged) expect(counts.get(id)).toBe(1);
    expect(fs.existsSync(segmentPath(folder.dir))).toBe(true);
  }, 60_000);
});
