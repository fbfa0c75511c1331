import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookcliError } from '../../src/core/errors.ts';
import { LIMITS } from '../../src/core/limits.ts';
import type { CapturedEvent, RecordedEvent } from '../../src/core/types.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import {
  answered,
  anyEvent,
  refused,
  sampleDelivery,
  sampleEvent,
  storedLines,
  temporaryStore,
} from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

/** Plain values to compare: the body is read, whatever it is held in. */
const plain = (event: CapturedEvent | RecordedEvent) => ({
  deliveries: [],
  ...event,
  request: { ...event.request, body: Buffer.from(event.request.body).toString('hex') },
});

function thrown(act: () => unknown): HookcliError {
  try {
    act();
  } catch (error) {
    return error as HookcliError;
  }
  throw new Error('nothing was thrown');
}

describe('a store in a folder', () => {
  it('gives back 2,000 events of every kind byte for byte, each line plain JSON', async () => {
    const events = fc.sample(anyEvent, { numRuns: 2_000, seed: 20_260_301 });
    const store = openStore(folder.dir);
    await Promise.all(events.map((event) => store.append(event)));
    const read = [...openStore(folder.dir, { onTrouble: expect.unreachable }).newest()];
    // A large body is on its way for longer, so its record may come behind younger ones.
    const byId = new Map(read.map((event) => [event.id, event]));
    expect(read).toHaveLength(events.length);
    for (const event of events)
      expect(plain(byId.get(event.id) as CapturedEvent)).toEqual(plain(event));
    expect(events.some((event) => event.request.body.length > LIMITS.inlineBodyBytes)).toBe(true);

    const lines = storedLines(folder.dir).map((line) => JSON.parse(line));
    const sent = new Map(events.map((event) => [event.id, event]));
    for (const { id, body, bodyBase64, bodyFile, headers } of lines) {
      const { request } = sent.get(id) as CapturedEvent;
      expect(headers).toEqual(request.headers);
      if (bodyFile !== undefined) expect(bodyFile).toBe(id);
      else
        expect(Buffer.from(body ?? bodyBase64, body === undefined ? 'base64' : 'utf8')).toEqual(
          Buffer.from(request.body),
        );
    }
    await store.close();
  });

  it('joins deliveries to their events, in the order they were made', async () => {
    const store = openStore(folder.dir);
    const [first, second] = [sampleEvent(), sampleEvent()];
    await store.append(first);
    await store.appendDelivery(first.id, sampleDelivery(refused, answered(500)));
    await store.append(second);
    await store.appendDelivery(first.id, { ...sampleDelivery(), cause: 'replay' });
    expect([...store.newest()].map(({ deliveries }) => deliveries)).toEqual([
      [],
      [sampleDelivery(refused, answered(500)), { ...sampleDelivery(), cause: 'replay' }],
    ]);
    await store.close();
  });

  it('cuts a long answer between two characters and says how long it was', async () => {
    const store = openStore(folder.dir);
    const event = sampleEvent();
    await store.append(event);
    const body = Buffer.from('é'.repeat(LIMITS.recordedAnswerBytes));
    const outcome = { kind: 'answered', status: 200, headers: [], body } as const;
    await store.appendDelivery(event.id, sampleDelivery(answered(200, { outcome })));
    const [, line] = storedLines(folder.dir);
    const [attempt] = JSON.parse(line as string).attempts;
    expect(attempt).toMatchObject({ bodyTruncated: true, bodyBytes: body.length });
    expect(attempt.body).toBe('é'.repeat(LIMITS.recordedAnswerBytes / 2));
    await store.close();
  });

  it('writes everything appended in one turn with one write', async () => {
    const sizes: number[] = [];
    const store = openStore(folder.dir, {
      writes: {
        write: async (fd, bytes) => {
          sizes.push(bytes.length);
          return fs.writeSync(fd, bytes);
        },
        datasync: async () => {},
      },
    });
    await Promise.all([1, 2, 3, 4].map(() => store.append(sampleEvent())));
    expect(sizes).toHaveLength(1);
    expect(storedLines(folder.dir)).toHaveLength(4);
    await store.close();
  });

  it('makes nothing by being opened and read', () => {
    const store = openStore(folder.dir);
    expect([...store.newest()]).toEqual([]);
    expect(thrown(() => store.find('last')).hint).toMatch(/empty/);
    expect(fs.existsSync(folder.dir)).toBe(false);
  });

  it('refuses an id that could be a path', async () => {
    const store = openStore(folder.dir);
    await expect(store.append(sampleEvent({ id: '../../evil' }))).rejects.toThrow(/not the id/);
    await expect(store.appendDelivery('evt_/../x', sampleDelivery())).rejects.toThrow(/not the id/);
    expect(fs.existsSync(folder.dir)).toBe(false);
  });

  it('says that a large body is lost, and still shows its event', async () => {
    const store = openStore(folder.dir);
    const event = sampleEvent({ request: { body: Buffer.alloc(LIMITS.inlineBodyBytes + 1, 'a') } });
    await store.append(event);
    const file = path.join(folder.dir, 'bodies', event.id);
    fs.writeFileSync(file, Buffer.alloc(LIMITS.inlineBodyBytes + 1, 'b'));
    expect(thrown(() => store.find('last').request.body).message).toMatch(/damaged/);
    fs.rmSync(file);
    expect(store.find('last').type).toBe('invoice.paid');
    expect(thrown(() => store.find('last').request.body).code).toBe('body-lost');
    await store.close();
  });

  it('starts anew when its folder is deleted under it', async () => {
    const store = openStore(folder.dir);
    await store.append(sampleEvent());
    fs.rmSync(folder.dir, { recursive: true });
    const after = sampleEvent();
    await store.append(after);
    const large = sampleEvent({ request: { body: Buffer.alloc(70_000) } });
    fs.rmSync(path.join(folder.dir, 'bodies'), { recursive: true });
    await store.append(large);
    expect([...store.newest()].map(plain)).toEqual([large, after].map(plain));
    expect(fs.readFileSync(path.join(folder.dir, '.gitignore'), 'utf8')).toBe('*\n');
    await store.close();
  });
});

const kinds: [string, () => Store][] = [
  ['in a folder', () => openStore(folder.dir)],
  ['in memory', () => memoryStore()],
];

describe.each(kinds)('finding an event, %s', (_, open) => {
  async function filled() {
    const store = open();
    const events = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      sampleEvent({ eventId: n === 7 ? 'evt_provider_1' : `evt_provider_${n}` }),
    );
    for (const event of events) await store.append(event);
    await store.appendDelivery((events[3] as CapturedEvent).id, sampleDelivery());
    return { store, events, ids: events.map(({ id }) => id) };
  }

  it('takes an id, whole or begun, in any case, with or without evt_', async () => {
    const { store, ids } = await filled();
    const id = ids[3] as string;
    for (const name of [id, id.slice(4), id.toLowerCase(), ` ${id} `]) {
      expect(store.find(name).id).toBe(id);
    }
    expect(store.find(id).deliveries).toHaveLength(1);
    const other = sampleEvent({ id: 'evt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ' });
    await store.append(other);
    for (const name of ['7', 'evt_7z', '7ZZZ']) expect(store.find(name).id).toBe(other.id);
    await store.close();
  });

  it('takes last, last~n and the provider’s own id', async () => {
    const { store, ids } = await filled();
    expect(store.find('last').id).toBe(ids[6]);
    expect(store.find('LAST~2').id).toBe(ids[4]);
    expect(store.find('evt_provider_3').id).toBe(ids[2]);
    expect(store.find('evt_provider_1').id).toBe(ids[6]);
    expect([...store.newest()].map(({ id }) => id)).toEqual(ids.toReversed());
    await store.close();
  });

  it('says what it knows of an unknown or ambiguous name', async () => {
    const { store, ids } = await filled();
    for (const name of ['nonsense', 'evt_7777', '', '../../etc/passwd', 'evt_provider', 'last~x']) {
      const error = thrown(() => store.find(name));
      expect(error).toMatchObject({ code: 'unknown-event-id', exitCode: 2 });
      expect(error.message).toContain(`"${name}"`);
      expect(error.hint).toContain(ids[6]);
    }
    expect(thrown(() => store.find('last~7'))).toMatchObject({ code: 'unknown-event-id' });
    expect(thrown(() => store.find('last~7')).message).toContain('only 7');
    const ambiguous = thrown(() => store.find('0'));
    expect(ambiguous).toMatchObject({ code: 'ambiguous-event-id', exitCode: 2 });
    expect(ambiguous.hint?.match(/evt_/g)).toHaveLength(5);
    await store.close();
  });
});
