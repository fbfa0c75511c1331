import fs from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { held, heldEvents } from '../../src/store/held.ts';
import { openStore } from '../../src/store/store.ts';
import { sampleEvent, segmentPath, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

it('is nothing where there is no store', () => {
  expect(held(folder.dir)).toEqual({ bytes: 0 });
  expect(heldEvents(folder.dir)).toBe(0);
});

it('is what lies in segments and beside them, since the first event that is whole', async () => {
  const store = openStore(folder.dir, { keep: { events: 16 } });
  for (let n = 0; n < 10; n++) {
    const body = Buffer.alloc(n === 5 ? 100_000 : 10, 'x');
    await store.append(sampleEvent({ at: new Date(1_770_000_000_000 + n), request: { body } }));
  }
  await store.close();
  expect(heldEvents(folder.dir)).toBe(10);
  const { bytes, since } = held(folder.dir);
  expect(bytes).toBeGreaterThan(100_000);
  expect(since).toEqual(new Date(1_770_000_000_000));
  const first = segmentPath(folder.dir);
  fs.writeFileSync(first, `torn${fs.readFileSync(first, 'utf8').slice(4)}`);
  expect(held(folder.dir).since).toEqual(new Date(1_770_000_000_001));
});
