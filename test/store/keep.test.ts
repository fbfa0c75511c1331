import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapturedEvent } from '../../src/core/types.ts';
import { parseKeep } from '../../src/store/keep.ts';
import { pin } from '../../src/store/pins.ts';
import { type Keep, openStore } from '../../src/store/store.ts';
import { sampleDelivery, sampleEvent, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

const segments = () => fs.readdirSync(path.join(folder.dir, 'events')).sort();
const bodies = () => fs.readdirSync(path.join(folder.dir, 'bodies')).sort();
const newest = () => [...openStore(folder.dir).newest()];

async function fill(keep: Keep, events: CapturedEvent[], perProcess = events.length) {
  for (let from = 0; from < events.length; from += perProcess) {
    const store = openStore(folder.dir, { keep });
    for (const event of events.slice(from, from + perProcess)) {
      await store.append(event);
      await store.appendDelivery(event.id, sampleDelivery());
    }
    await store.close();
  }
}

const manyEvents = (count: number, bytes = 20) =>
  Array.from({ length: count }, () => sampleEvent({ request: { body: Buffer.alloc(bytes, 'x') } }));

function totalBytes(): number {
  const entries = fs.readdirSync(folder.dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^\d{8}\.jsonl$|^evt_/.test(entry.name))
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

describe('a bound', () => {
  it.each([1_000, 1])(
    'of events keeps the newest of them, %i appended a process',
    async (perProcess) => {
      const events = manyEvents(300);
      await fill({ events: 80 }, events, perProcess);
      const kept = newest().map(({ id }) => id);
      expect(kept.length).toBeGreaterThanOrEqual(80);
      expect(kept.length).toBeLessThanOrEqual(80 + 2 * 10);
      expect(kept).toEqual(
        events
          .slice(-kept.length)
          .map(({ id }) => id)
          .reverse(),
      );
      expect(newest().every(({ deliveries }) => deliveries.length === 1)).toBe(true);
    },
  );

  it('of bytes holds, bodies in files of their own included', async () => {
    const large = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 100_000 : 100));
    const events = large.map((bytes) => manyEvents(1, bytes)[0] as CapturedEvent);
    for (const perProcess of [100, 1]) {
      await fill({ bytes: 1_000_000 }, events, perProcess);
      // Within the bound, and one segment that was being filled.
      expect(totalBytes()).toBeLessThanOrEqual(1_000_000 + 250_000);
      const kept = newest();
      expect(kept.length).toBeGreaterThan(8);
      expect(kept[0]?.id).toBe(events.at(-1)?.id);
      const inFiles = kept.filter(({ request }) => request.body.length === 100_000);
      expect(bodies()).toEqual(inFiles.map(({ id }) => id).sort());
      fs.rmSync(folder.dir, { recursive: true });
    }
  });

  it('keeps what is pinned, with its body and its deliveries, and nothing else that is old', async () => {
    const old = sampleEvent({ request: { body: Buffer.alloc(100_000, 'x') } });
    await fill('all', [...manyEvents(3), old, ...manyEvents(3)]);
    pin(folder.dir, old.id);
    const events = manyEvents(300);
    await fill({ events: 80 }, events);
    const kept = newest();
    expect(kept.length).toBeLessThanOrEqual(80 + 2 * 10 + 1);
    expect(kept.at(-1)).toMatchObject({ id: old.id, pinned: true });
    expect(kept.at(-1)?.deliveries).toHaveLength(1);
    expect(kept.at(-1)?.request.body).toHaveLength(100_000);
    expect(kept.filter(({ pinned }) => pinned)).toHaveLength(1);
    expect(bodies()).toEqual([old.id]);
  });

  it('of one event keeps at least that one', async () => {
    const events = manyEvents(20);
    await fill({ events: 1 }, events);
    expect(newest()[0]?.id).toBe(events.at(-1)?.id);
    expect(segments().length).toBeLessThanOrEqual(3);
  });

  it('of all keeps all', async () => {
    await fill('all', manyEvents(300));
    expect(newest()).toHaveLength(300);
    expect(segments()).toEqual(['00000001.jsonl']);
  });

  it('made smaller takes effect', async () => {
    await fill({ events: 400 }, manyEvents(300));
    expect(newest()).toHaveLength(300);
    await fill({ events: 40 }, manyEvents(20));
    expect(newest().length).toBeLessThan(300);
    expect(newest().length).toBeGreaterThanOrEqual(40);
  });
});

describe('--keep', () => {
  it.each<[string, Keep]>([
    ['500', { events: 500 }],
    [' 1 ', { events: 1 }],
    ['200mb', { bytes: 200 * 1_048_576 }],
    ['1.5 GB', { bytes: 1.5 * 1_073_741_824 }],
    ['all', 'all'],
    ['ALL', 'all'],
  ])('%s', (text, keep) => expect(parseKeep(text)).toEqual(keep));

  it.each(['', '0', '-5', '0kb', 'everything', '5 apples', '1e9', '99999999999999999999'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseKeep(text)).toThrow(
        expect.objectContaining({ code: 'bad-keep', exitCode: 2 }),
      );
    },
  );
});
