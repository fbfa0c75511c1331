import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeEvents } from '../../src/store/remove-events.ts';
import { openStore } from '../../src/store/store.ts';
import { answered, sampleDelivery, sampleEvent, segmentPath, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

const read = () => [...openStore(folder.dir).newest()];

/** A store of five events in several segments, each delivered once; the last one has a large body. */
async function filled(keep: 'all' | { events: number } = { events: 8 }) {
  const store = openStore(folder.dir, { keep });
  const events = [0, 1, 2, 3, 4].map((n) =>
    sampleEvent({
      at: new Date(1_770_000_000_000 + n),
      eventId: `evt_${n}`,
      ...(n === 4 ? { request: { body: Buffer.alloc(100_000, 'x') } } : {}),
    }),
  );
  for (const event of events) {
    await store.append(event);
    await store.appendDelivery(event.id, sampleDelivery(answered(200)));
  }
  await store.close();
  return events.map(({ id }) => id);
}

describe('events that are removed', () => {
  it.each([['all', 'all'] as const, ['several segments', { events: 8 }] as const])(
    'are gone with their deliveries and bodies, and no others (%s)',
    async (_name, keep) => {
      const [first, second, , , large] = (await filled(keep)) as [
        string,
        string,
        string,
        string,
        string,
      ];
      const freed = await removeEvents(folder.dir, new Set([second, large]));
      expect(freed).toBeGreaterThan(100_000);
      const left = read();
      expect(left.map(({ eventId }) => eventId)).toEqual(['evt_3', 'evt_2', 'evt_0']);
      for (const { deliveries } of left) expect(deliveries).toHaveLength(1);
      expect(fs.existsSync(path.join(folder.dir, 'bodies', large))).toBe(false);
      expect(() => openStore(folder.dir).find(second)).toThrow('no event');
      expect(openStore(folder.dir).find(first).id).toBe(first);
    },
  );

  it('make room for new ones in a store that goes on', async () => {
    const ids = await filled('all');
    const store = openStore(folder.dir);
    await store.append(sampleEvent({ eventId: 'evt_before' }));
    await removeEvents(folder.dir, new Set(ids));
    await store.append(sampleEvent({ eventId: 'evt_after' }));
    await store.close();
    expect(read().map(({ eventId }) => eventId)).toEqual(['evt_after', 'evt_before']);
  });

  it('leave what is damaged where it is', async () => {
    const [first, second] = await filled('all');
    const file = segmentPath(folder.dir);
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    fs.writeFileSync(file, [lines[0], '{"kind":"event","id":"torn', ...lines.slice(1)].join('\n'));
    await removeEvents(folder.dir, new Set([second as string]));
    expect(fs.readFileSync(file, 'utf8')).toContain('{"kind":"event","id":"torn');
    expect(read().map(({ id }) => id)).toContain(first);
  });

  it('are none in a store that is not there', async () => {
    expect(await removeEvents(folder.dir, new Set(['evt_x']))).toBe(0);
    expect(fs.existsSync(folder.dir)).toBe(false);
  });
});
