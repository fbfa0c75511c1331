import fs from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapturedEvent } from '../../src/core/types.ts';
import { openStore } from '../../src/store/store.ts';
import { answered, sampleDelivery, sampleEvent, segmentPath, temporaryStore } from './samples.ts';

let folder: ReturnType<typeof temporaryStore>;
let segment: string;
beforeEach(() => {
  folder = temporaryStore();
  segment = segmentPath(folder.dir);
});
afterEach(() => folder.remove());

/** Ids in the store, oldest first, and the warnings given on the way. */
function readAll(): { ids: string[]; troubles: string[] } {
  const troubles: string[] = [];
  const store = openStore(folder.dir, { onTrouble: (message) => troubles.push(message) });
  const ids = [...store.newest()].map(({ id }) => id).reverse();
  return { ids, troubles };
}

async function recorded(count: number, bodies = ['{"a":"b"}']): Promise<CapturedEvent[]> {
  const store = openStore(folder.dir);
  const events = Array.from({ length: count }, (_, i) =>
    sampleEvent({
      request: { headers: [], body: Buffer.from(bodies[i % bodies.length] as string) },
    }),
  );
  for (const event of events) await store.append(event);
  await store.close();
  return events;
}

/** Byte ranges of the lines of the segment, line feed included. */
function ranges(bytes: Buffer): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0x0a, from) + 1;
    found.push({ from, to });
    from = to;
  }
  return found;
}

describe('a damaged segment', () => {
  it('cut at any byte of its last three records gives every record before the cut', async () => {
    const events = await recorded(5, ['{"a":"b"}', '\u0000 \n é', '"crc":"00000000"}']);
    const whole = fs.readFileSync(segment);
    const lines = ranges(whole);
    const file = fs.openSync(segment, 'r+');
    try {
      for (let cut = whole.length; cut >= (lines[2]?.from as number); cut--) {
        fs.ftruncateSync(file, cut);
        const { ids, troubles } = readAll();
        // A record is whole without its line feed too.
        const intact = lines.filter(({ to }) => to - 1 <= cut).length;
        expect(ids).toEqual(events.slice(0, intact).map(({ id }) => id));
        const isClean = lines.some(({ from, to }) => cut === from || cut === to || cut === to - 1);
        expect(troubles).toHaveLength(isClean ? 0 : 1);
      }
    } finally {
      fs.closeSync(file);
    }
  }, 60_000);

  it('with any bit of its last three records flipped loses at most what was hit', async () => {
    const events = await recorded(4);
    const whole = fs.readFileSync(segment);
    const lines = ranges(whole);
    const from = lines[1]?.from as number;
    const file = fs.openSync(segment, 'r+');
    try {
      for (let at = from; at < whole.length; at++) {
        const bit = 1 << (at % 8);
        fs.writeSync(file, Buffer.from([(whole[at] as number) ^ bit]), 0, 1, at);
        const { ids, troubles } = readAll();
        fs.writeSync(file, whole, at, 1, at);
        const hit = lines.findIndex(({ to }) => at < to);
        // A line feed is no part of a record: without it both neighbours are still found.
        const isLineFeed = whole[at] === 0x0a;
        const expected = events.filter((_, i) => isLineFeed || i !== hit).map(({ id }) => id);
        expect(ids).toEqual(expected);
        expect(troubles).toHaveLength(1);
      }
    } finally {
      fs.closeSync(file);
    }
    expect(readAll()).toEqual({ ids: events.map(({ id }) => id), troubles: [] });
  }, 60_000);

  it.each([1, 4_096, 200_000])(
    'with %i NUL bytes at its end is read and goes on',
    async (count) => {
      const events = await recorded(3);
      fs.appendFileSync(segment, Buffer.alloc(count));
      expect(readAll().ids).toEqual(events.map(({ id }) => id));
      const more = await recorded(2);
      const { ids, troubles } = readAll();
      expect(ids).toEqual([...events, ...more].map(({ id }) => id));
      expect(troubles).toHaveLength(1);
      expect(troubles[0]).toContain(segment);
    },
  );

  it('finds a record glued behind a torn one, and deliveries too', async () => {
    const [first, torn, glued] = await recorded(3);
    const lines = fs.readFileSync(segment, 'utf8').split('\n');
    const half = (lines[1] as string).slice(0, 90);
    fs.writeFileSync(segment, `${lines[0]}\n${half}${lines[2]}\n`);
    expect(readAll().ids).toEqual([first?.id, glued?.id]);
    const store = openStore(folder.dir);
    await store.appendDelivery(glued?.id as string, sampleDelivery());
    await store.close();
    const delivery = fs.readFileSync(segment, 'utf8').trimEnd().split('\n').at(-1);
    fs.writeFileSync(segment, `${lines[0]}${lines[2]}${half}${delivery}`);
    expect(readAll().ids).toEqual([first?.id, glued?.id]);
    expect(openStore(folder.dir).find(glued?.id as string).deliveries).toEqual([sampleDelivery()]);
    expect(readAll().ids).not.toContain(torn?.id);
  });

  it('with a torn tail takes the next record on a line of its own', async () => {
    const events = await recorded(3);
    const whole = fs.readFileSync(segment);
    fs.truncateSync(segment, whole.length - 40);
    const more = await recorded(1);
    expect(readAll().ids).toEqual([...events.slice(0, 2), ...more].map(({ id }) => id));
    const lines = fs.readFileSync(segment, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) as string).id).toBe(more[0]?.id);
  });

  it('notices a tail torn by another process while it holds the file open', async () => {
    const store = openStore(folder.dir);
    const [before, after] = [sampleEvent(), sampleEvent()];
    await store.append(before);
    fs.appendFileSync(segment, '{"kind":"event","id":"evt_torn');
    await store.append(after);
    await store.close();
    expect(readAll().ids).toEqual([before.id, after.id]);
    expect(fs.readFileSync(segment, 'utf8').split('\n')).toHaveLength(4);
  });

  it('full of foreign lines is read past them, with one warning', async () => {
    const events = await recorded(2);
    const foreign = [
      '[]',
      'null',
      '{"kind":"event","id":"evt_1","crc":"00000000"}',
      '{"kind":"event","id":"',
    ];
    fs.appendFileSync(segment, `${foreign.join('\n')}\n\n\n`);
    const more = await recorded(2);
    const { ids, troubles } = readAll();
    expect(ids).toEqual([...events, ...more].map(({ id }) => id));
    expect(troubles).toHaveLength(1);
  });

  it('reads lines longer than any of its chunks, and more of them than it holds in memory', async () => {
    const [event] = await recorded(1);
    const store = openStore(folder.dir);
    const body = Buffer.alloc(65_536, 0xff);
    const outcome = { kind: 'answered', status: 200, headers: [], body } as const;
    const attempts = Array.from({ length: 14 }, (_, i) =>
      answered(200, { durationMs: i, outcome }),
    );
    const endpoints = Array.from({ length: 20 }, (_, i) => `http://localhost:${3_000 + i}`);
    for (const endpoint of endpoints) {
      await store.appendDelivery(event?.id as string, { cause: 'replay', endpoint, attempts });
    }
    await store.close();
    expect(fs.statSync(segment).size).toBeGreaterThan(4_000_000);
    const { deliveries } = openStore(folder.dir).find(event?.id as string);
    expect(deliveries.map(({ endpoint }) => endpoint)).toEqual(endpoints);
    const answers = deliveries.flatMap((delivery) => delivery.attempts);
    expect(answers.map(({ durationMs }) => durationMs)).toEqual(
      deliveries.flatMap(() => attempts.map(({ durationMs }) => durationMs)),
    );
    const isWhole = answers.every(
      (answer) => answer.outcome.kind === 'answered' && body.equals(answer.outcome.body),
    );
    expect(isWhole).toBe(true);
  });

  it('with a hole larger than memory should hold is read past it', async () => {
    const before = await recorded(1);
    fs.truncateSync(segment, 80 * 1_048_576);
    const store = openStore(folder.dir, { keep: 'all' });
    const hidden = sampleEvent();
    fs.appendFileSync(segment, '\n');
    await store.append(hidden);
    await store.close();
    const { ids, troubles } = readAll();
    expect(ids).toEqual([...before, hidden].map(({ id }) => id));
    expect(troubles).toHaveLength(1);
  });

  it('reads an event whose checksum is right but whose members are not as damage', async () => {
    const events = await recorded(2);
    const open = `{"kind":"event","id":"${events[0]?.id}","at":"never","headers":{}`;
    fs.appendFileSync(segment, `${open},"crc":"${crc32(open).toString(16).padStart(8, '0')}"}\n`);
    const { ids, troubles } = readAll();
    expect(ids).toEqual(events.map(({ id }) => id));
    expect(troubles).toHaveLength(1);
    expect(openStore(folder.dir).find('last').id).toBe(events[1]?.id);
  });

  it('leaves out a delivery that is none, and shows its event', async () => {
    const [event] = await recorded(1);
    const open = `{"kind":"delivery","id":"${event?.id}","cause":"forward","endpoint":"x","attempts":[7]`;
    fs.appendFileSync(segment, `${open},"crc":"${crc32(open).toString(16).padStart(8, '0')}"}\n`);
    const { ids, troubles } = readAll();
    expect(ids).toEqual([event?.id]);
    expect(troubles).toHaveLength(1);
    expect(openStore(folder.dir).find('last').deliveries).toEqual([]);
  });

  it('made to be slow to read is not', async () => {
    const events = await recorded(1);
    const whole = fs.readFileSync(segment, 'utf8').trimEnd();
    const many = '{"kind":"event","id":"'.repeat(100_000);
    // Trying each of these beginnings would take a checksum over 220 GB.
    fs.writeFileSync(
      segment,
      `${many}${whole}${many},"crc":"00000000"}${',"crc":"'.repeat(100_000)}\n`,
    );
    expect(readAll().ids).toEqual(events.map(({ id }) => id));
  });
});
