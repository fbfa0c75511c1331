import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LowWrites } from '../../src/store/append.ts';
import { openStore } from '../../src/store/store.ts';
import { sampleEvent, segmentPath, storedLines, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
beforeEach(() => {
  folder = temporaryStore();
});
afterEach(() => folder.remove());

const failing = (code: string) => Object.assign(new Error(code), { code });
const written = () => [...openStore(folder.dir).newest()].map(({ id }) => id).reverse();

/** Real writes, except where the plan says otherwise: a number of bytes to write, or an error. */
function planned(plan: (number | Error | 'all')[]): LowWrites {
  return {
    write: async (fd, bytes) => {
      const step = plan.shift() ?? 'all';
      if (step instanceof Error) throw step;
      return fs.writeSync(fd, bytes, 0, step === 'all' ? bytes.length : step);
    },
    datasync: async () => {},
  };
}

describe('a write that fails', () => {
  it.each([
    ['ENOSPC', 'store-full'],
    ['EDQUOT', 'store-full'],
    ['EIO', 'store-unwritable'],
    ['EROFS', 'store-unwritable'],
  ])('with %s rejects the batch as %s, and the next append works', async (word, code) => {
    const store = openStore(folder.dir, { writes: planned(['all', failing(word)]) });
    const [before, ...batch] = [1, 2, 3, 4].map(() => sampleEvent());
    await store.append(before as never);
    const results = await Promise.allSettled(batch.map((event) => store.append(event)));
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code, exitCode: 4 } });
      const { message } = (result as PromiseRejectedResult).reason as Error;
      expect(message).toContain(word);
      expect(message).toContain(folder.dir);
    }
    const after = sampleEvent();
    await store.append(after);
    expect(written()).toEqual([before?.id, after.id]);
    await store.close();
  });

  it('in the middle acknowledges exactly the records that reached the disk', async () => {
    const events = [1, 2, 3, 4].map(() => sampleEvent());
    const line = 400;
    for (const cut of [1, line - 150, line, 2 * line, 3 * line]) {
      const store = openStore(folder.dir, { writes: planned([cut, failing('ENOSPC')]) });
      const results = await Promise.allSettled(events.map((event) => store.append(event)));
      const kept = events.filter((_, i) => results[i]?.status === 'fulfilled');
      expect(written()).toEqual(kept.map(({ id }) => id));
      const after = sampleEvent();
      await store.append(after);
      expect(written()).toEqual([...kept, after].map(({ id }) => id));
      await store.close();
      fs.rmSync(folder.dir, { recursive: true });
    }
  });

  it('short of its end is carried on, with the torn record again in full', async () => {
    const store = openStore(folder.dir, { writes: planned([500, 30, 0, 'all']) });
    const events = [1, 2, 3].map(() => sampleEvent());
    const results = await Promise.allSettled(events.map((event) => store.append(event)));
    const kept = events.filter((_, i) => results[i]?.status === 'fulfilled');
    // A write of nothing ends it; before that the short ones were repaired.
    expect(kept.length).toBeLessThan(3);
    expect(written()).toEqual(kept.map(({ id }) => id));
    await store.close();

    const again = openStore(folder.dir, { writes: planned([500, 30, 'all']) });
    const more = [1, 2, 3].map(() => sampleEvent());
    await Promise.all(more.map((event) => again.append(event)));
    expect(written()).toEqual([...kept, ...more].map(({ id }) => id));
    await again.close();
  });

  it('leaves no body behind when its record could not be written', async () => {
    const store = openStore(folder.dir, { writes: planned([failing('ENOSPC')]) });
    const large = sampleEvent({ request: { body: Buffer.alloc(100_000, 'x') } });
    await expect(store.append(large)).rejects.toMatchObject({ code: 'store-full' });
    expect(fs.readdirSync(path.join(folder.dir, 'bodies'))).toEqual([]);
    await store.append(large);
    expect(openStore(folder.dir).find('last').request.body).toEqual(large.request.body);
    await store.close();
  });

  it('to a folder that cannot be made is told, and works once it can', async () => {
    const parent = path.dirname(folder.dir);
    const blocked = path.join(parent, 'blocked');
    const store = openStore(path.join(blocked, '.hookcli'));
    fs.writeFileSync(blocked, 'a file in the way');
    await expect(store.append(sampleEvent())).rejects.toMatchObject({ exitCode: 4 });
    fs.rmSync(blocked);
    await store.append(sampleEvent());
    expect([...store.newest()]).toHaveLength(1);
    await store.close();
  });
});

describe('a durable append', () => {
  it('waits for the disk, and fails when the disk does', async () => {
    const steps: string[] = [];
    const store = openStore(folder.dir, {
      durable: true,
      writes: {
        write: async (fd, bytes) => {
          steps.push('write');
          return fs.writeSync(fd, bytes);
        },
        datasync: async (fd) => {
          fs.fdatasyncSync(fd);
          steps.push('datasync');
          if (steps.length > 2) throw failing('EIO');
        },
      },
    });
    await store.append(sampleEvent()).then(() => steps.push('done'));
    expect(steps).toEqual(['write', 'datasync', 'done']);
    await expect(store.append(sampleEvent())).rejects.toMatchObject({ code: 'store-unwritable' });
    await store.close();
  });

  it('works on a real disk', async () => {
    const store = openStore(folder.dir, { durable: true });
    const large = sampleEvent({ request: { body: Buffer.alloc(100_000, 'x') } });
    await Promise.all([store.append(sampleEvent()), store.append(large)]);
    expect(written()).toHaveLength(2);
    await store.close();
  });
});

describe('the queue', () => {
  it('is bounded: more than 64 MB waiting is refused, and taken again later', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const store = openStore(folder.dir, {
      writes: {
        write: async (fd, bytes) => {
          await gate;
          return fs.writeSync(fd, bytes);
        },
        datasync: async () => {},
      },
    });
    const body = Buffer.alloc(25 * 1_048_576, 'x');
    const waiting = [1, 2].map(() => store.append(sampleEvent({ request: { body } })));
    const refused = store.append(sampleEvent({ request: { body } }));
    await expect(refused).rejects.toMatchObject({ code: 'store-busy', exitCode: 4 });
    go();
    await Promise.all(waiting);
    await store.append(sampleEvent({ request: { body } }));
    expect(storedLines(folder.dir)).toHaveLength(3);
    await store.close();
  });

  it('is written out by close', async () => {
    const store = openStore(folder.dir);
    const large = sampleEvent({ request: { body: Buffer.alloc(5_000_000, 'x') } });
    const events = [large, ...Array.from({ length: 100 }, () => sampleEvent())];
    const appended = Promise.all(events.map((event) => store.append(event)));
    await store.close();
    expect(fs.readFileSync(segmentPath(folder.dir), 'utf8').split('\n')).toHaveLength(102);
    await appended;
  });
});
