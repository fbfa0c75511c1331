import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { sampleEvent, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

// Stores as each format was written; they are never written anew.
it.each([1])('a store of format %i is read, and written to', async (format) => {
  fs.cpSync(path.join(import.meta.dirname, `format-${format}`), folder.dir, { recursive: true });
  const troubles: string[] = [];
  const store = openStore(folder.dir, { onTrouble: (message) => troubles.push(message) });
  const added = sampleEvent({ at: new Date('2026-11-25T10:00:00Z') });
  await store.append(added);
  const [newest, large, binary, text, ...others] = [...store.newest()];
  await store.close();
  expect(others).toEqual([]);
  expect(newest?.id).toBe(added.id);
  expect(Buffer.from(large?.request.body ?? [])).toEqual(Buffer.alloc(65_600, 'large '));
  expect(Buffer.from(binary?.request.body ?? [])).toEqual(Buffer.from([0xff, 0x00, 0xfe]));
  expect(Buffer.from(text?.request.body ?? []).toString()).toBe(
    '{"note":"Zoë 🚲 \\"quoted\\"\\n"}',
  );
  expect(text?.deliveries).toHaveLength(1);
  expect(text?.deliveries[0]?.attempts.map(({ outcome }) => outcome.kind)).toEqual([
    'failed',
    'answered',
  ]);
  expect(troubles).toEqual([]);
});
