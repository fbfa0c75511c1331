import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapturedEvent, RecordedEvent, Verdict } from '../../src/core/types.ts';
import { harEntries } from '../../src/formats/har.ts';
import { Importer, type ImporterOptions } from '../../src/formats/importer.ts';
import { KnownIds } from '../../src/formats/known-ids.ts';
import { getProvider } from '../../src/providers/index.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { eventJson } from '../../src/store/record.ts';
import type { Store } from '../../src/store/store-type.ts';
import { answered, anyEvent, refused, sampleDelivery, sampleEvent } from '../store/samples.ts';

const AT = new Date('2026-11-25T10:00:00.000Z');
const UNCHECKED: Verdict = { status: 'unchecked', reason: 'no-secret', detail: 'none' };

/** Imports the texts, as a command of its own would into this store. */
async function importInto(
  store: Store,
  texts: readonly (string | object)[],
  options: Partial<ImporterOptions> = {},
) {
  const known = new KnownIds();
  for (const { id } of store.newest()) known.add(id);
  const importer = new Importer({
    store,
    known,
    added: new KnownIds(),
    isHar: false,
    at: AT,
    provider: undefined,
    maxBodyBytes: 1_000_000,
    verify: async () => UNCHECKED,
    ...options,
  });
  const faults: (string | undefined)[] = [];
  for (const [i, text] of texts.entries()) {
    const bytes = Buffer.from(typeof text === 'string' ? text : JSON.stringify(text));
    faults.push(await importer.take({ number: i + 1, bytes }));
  }
  await importer.finish();
  return { counts: importer.counts, faults };
}

/** Bytes as text, so that it does not matter which kind of array holds them. */
const plain = (events: readonly RecordedEvent[]) =>
  JSON.parse(
    JSON.stringify(events, (key, value) =>
      key === 'body' ? Buffer.from(value.data ?? value).toString('hex') : value,
    ),
  );

const all = (store: Store): RecordedEvent[] => [...store.newest()].reverse();
const counts = (imported: number, known = 0, passedOver = 0, bad = 0) => ({
  imported,
  known,
  passedOver,
  bad,
});
const line = (event: RecordedEvent) => eventJson(event, { request: true });

/** What could have come over a wire and be read again. */
const possible: fc.Arbitrary<CapturedEvent> = anyEvent.map((event) => ({
  ...event,
  request: {
    ...event.request,
    url: `/${Buffer.from(event.request.url).toString('hex')}`,
    headers: event.request.headers.map(([name, value]) => [
      `X-${Buffer.from(name).toString('hex')}`,
      value.replace(/[\0-\x08\x0a-\x1f\x7f]/g, ''),
    ]),
  },
}));

describe('events of ours', () => {
  it('come back from JSON lines as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(possible, { maxLength: 5 }), async (events) => {
        const store = memoryStore();
        const recorded = events.map((event) => ({ ...event, deliveries: [] }));
        const { faults } = await importInto(store, recorded.map(line));
        expect(faults.filter(Boolean)).toEqual([]);
        expect(plain(all(store))).toEqual(plain(recorded));
      }),
    );
  });

  it('come back from a HAR with all that was done with them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(possible, { maxLength: 4 }), async (events) => {
        const store = memoryStore();
        const binary = answered(200, {
          outcome: {
            kind: 'answered',
            status: 200,
            headers: [['A', '']],
            body: Buffer.from([0xff]),
          },
        });
        const recorded = events.map((event, i) => ({
          ...event,
          deliveries: [
            [],
            [sampleDelivery(refused, binary)],
            [sampleDelivery(), { ...sampleDelivery(), attempts: [] }, sampleDelivery(refused)],
            [],
          ][i] as RecordedEvent['deliveries'],
        }));
        const entries = recorded.flatMap(harEntries);
        const { faults } = await importInto(store, entries, { isHar: true });
        expect(faults.filter(Boolean)).toEqual([]);
        expect(plain(all(store))).toEqual(plain(recorded));
      }),
    );
  });

  it('tell in JSON lines how their deliveries ended', async () => {
    const store = memoryStore();
    const deliveries = [sampleDelivery(refused, answered(204)), sampleDelivery(refused)];
    const event = { ...sampleEvent(), deliveries };
    await importInto(store, [line(event)]);
    const [found] = all(store);
    expect(line(found as RecordedEvent)).toMatchObject({
      state: 'failed',
      deliveries: [
        { status: 204, attempts: 2, ms: 12.5 },
        { failure: 'refused', attempts: 1, ms: 1 },
      ],
    });
  });

  it('are there once, however often and from whichever file they are read', async () => {
    const store = memoryStore();
    const event = { ...sampleEvent(), deliveries: [sampleDelivery()] };
    expect((await importInto(store, [line(event), line(event)])).counts).toEqual(counts(1, 1));
    expect((await importInto(store, [line(event)])).counts).toEqual(counts(0, 1));
    const har = await importInto(store, harEntries(event), { isHar: true });
    expect(har.counts).toEqual(counts(0, 1));
    expect(all(store)).toHaveLength(1);
    expect(all(store)[0]?.deliveries).toHaveLength(1);
  });

  it('get the deliveries that a listener told of behind them, once', async () => {
    const store = memoryStore();
    const event = { ...sampleEvent(), deliveries: [] };
    const { id } = event;
    const lines = [
      { kind: 'listening', schema: 1, url: 'http://127.0.0.1:4400', forward: [] },
      line(event),
      {
        kind: 'delivery',
        id,
        cause: 'forward',
        endpoint: 'http://localhost/',
        status: 500,
        ms: 1,
        attempts: 1,
      },
      { kind: 'trouble', code: 'x', message: '' },
      {
        kind: 'delivery',
        endpoint: 'http://localhost/',
        status: 200,
        ms: 1,
        attempts: 1,
        ok: true,
      },
    ];
    expect((await importInto(store, lines)).counts).toEqual(counts(1, 0, 3));
    await importInto(store, lines);
    expect(all(store)[0]?.deliveries.map(({ endpoint }) => endpoint)).toEqual([
      'http://localhost/',
    ]);
  });

  it('of a newer schema are refused as a whole', async () => {
    await expect(
      importInto(memoryStore(), [{ ...line({ ...sampleEvent(), deliveries: [] }), schema: 2 }]),
    ).rejects.toMatchObject({ code: 'newer-format' });
  });
});

const push = {
  method: 'POST',
  url: '/hooks',
  headers: { 'X-GitHub-Event': 'push', 'X-GitHub-Delivery': 'd-1', 'Set-Cookie': ['a', 'b'] },
  body: '{}',
};

describe('requests of others', () => {
  it('are recognised by their headers, and judged as of when they came', async () => {
    const store = memoryStore();
    const judged: unknown[] = [];
    const verify: ImporterOptions['verify'] = async (_, { id }, at) => {
      judged.push([id, at]);
      return { status: 'verified', scheme: 'github' };
    };
    const at = '2026-01-31T12:00:00.000Z';
    await importInto(store, [push, { ...push, at }], { verify });
    expect(judged).toEqual([
      ['github', undefined],
      ['github', new Date(at)],
    ]);
    expect(all(store)).toMatchObject([
      { at: AT, source: 'imported', provider: 'github', type: 'push', eventId: 'd-1' },
      { at: new Date(at), verdict: { status: 'verified' } },
    ]);
    expect(all(store)[0]?.request.headers.slice(2)).toEqual([
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ]);
  });

  it('that nobody recognises are of the provider that is asked for, or unknown', async () => {
    const store = memoryStore();
    const plain = { ...push, headers: [] };
    await importInto(store, [plain]);
    await importInto(store, [plain, plain], { provider: getProvider('slack') });
    expect(all(store).map(({ provider }) => provider)).toEqual(['unknown', 'slack']);
  });

  it('are told apart by their content and their number, not by when they are read', async () => {
    const store = memoryStore();
    const bytes = { ...push, body: undefined, bodyBase64: '/w==' };
    expect((await importInto(store, [push, push, bytes])).counts).toEqual(counts(3));
    const later = { at: new Date('2027-01-01T00:00:00Z') };
    expect((await importInto(store, [push, push, bytes], later)).counts).toEqual(counts(0, 3));
    expect((await importInto(store, [push, push, push], later)).counts).toEqual(counts(1, 2));
  });

  it('cannot say that they were verified, or what their id is', async () => {
    const store = memoryStore();
    const verdict = { status: 'verified', scheme: 'stripe' };
    await importInto(store, [
      { ...push, kind: 'event', id: '../../x', verdict, source: 'received' },
    ]);
    expect(all(store)).toMatchObject([{ source: 'imported', verdict: UNCHECKED }]);
    expect(all(store)[0]?.id).toMatch(/^evt_[0-9A-Z]{26}$/);
  });
});

describe('payloads alone', () => {
  const created = { id: 'evt_1', object: 'event', type: 'invoice.paid', created: 1_769_860_800 };
  const thin = { ...created, object: 'v2.core.event', created: '2026-01-31T12:00:00.000Z' };

  it('of Stripe are recognised, with their time and the bytes they have', async () => {
    const store = memoryStore();
    const text = ` {"type":"invoice.paid",  "object":"event","id":"evt_1","created":1769860800}\r\n`;
    const { counts: first } = await importInto(store, [text, thin, { ...created, created: 'x' }]);
    expect(first).toEqual(counts(3));
    const [event, other, undated] = all(store);
    expect(event).toMatchObject({
      source: 'imported',
      provider: 'stripe',
      type: 'invoice.paid',
      eventId: 'evt_1',
      at: new Date('2026-01-31T12:00:00Z'),
      verdict: { status: 'unchecked', reason: 'no-secret' },
      request: { method: 'POST', url: '/webhook/stripe' },
    });
    expect(Buffer.from(event?.request.body ?? []).toString()).toBe(text.trim());
    expect([other?.at, undated?.at]).toEqual([new Date('2026-01-31T12:00:00Z'), AT]);
    expect((await importInto(store, [text, thin])).counts).toEqual(counts(0, 2));
  });

  it('of others need to be told whose they are', async () => {
    const store = memoryStore();
    const { faults } = await importInto(store, ['{"hello":1}', '[{"hello":1}]']);
    expect(faults).toEqual([
      expect.stringContaining('--provider'),
      expect.stringContaining('--provider'),
    ]);
    const given = await importInto(store, ['[{"hello":1}]'], { provider: getProvider('sendgrid') });
    expect(given.counts).toEqual(counts(1));
    expect(all(store)).toMatchObject([{ provider: 'sendgrid' }]);
  });
});

describe('what cannot be taken', () => {
  const event = line({ ...sampleEvent(), deliveries: [sampleDelivery()] }) as Record<
    string,
    unknown
  >;
  const delivery = (event.deliveries as object[])[0];
  const with_ = (members: object) => ({ ...event, ...members });
  const delivered = (members: object) => with_({ deliveries: [{ ...delivery, ...members }] });

  it.each([
    ['no JSON', '{"a":'],
    ['no object', '"text"'],
    ['the end of a file', 'null'],
    ['a line of list', with_({ headers: undefined })],
    ['a header that would be two', with_({ headers: [['A', 'b\r\nC: d']] })],
    ['a header with letters that are no bytes', with_({ headers: [['A', '\u2603']] })],
    ['too many headers', with_({ headers: Array(3_000).fill(['A', 'b']) })],
    ['headers that are too long', with_({ headers: [['A', 'b'.repeat(200_000)]] })],
    ['a URL with a line break', with_({ url: '/a\nb' })],
    ['a URL that is too long', with_({ url: `/${'a'.repeat(70_000)}` })],
    ['a body that is too long', with_({ body: 'x'.repeat(1_000_001) })],
    ['a body that is no base64', with_({ body: undefined, bodyBase64: '%%%' })],
    ['a name that is too long', with_({ type: 'x'.repeat(2_000) })],
    ['a provider that is none', with_({ provider: '../x' })],
    ['a time that is none', with_({ at: 'yesterday' })],
    ['a time before all', with_({ at: '1960-01-01T00:00:00Z' })],
    ['a source that is none', with_({ source: 'stolen' })],
    ['a verdict that is none', with_({ verdict: { status: 'good' } })],
    ['deliveries that are no list', with_({ deliveries: {} })],
    ['too many deliveries', with_({ deliveries: Array(1_001).fill(delivery) })],
    ['a delivery to a file', delivered({ endpoint: 'file:///etc/passwd' })],
    ['a delivery without a cause', delivered({ cause: 'fun' })],
    ['a delivery with a million attempts', delivered({ attempts: 1_000_000 })],
    ['a delivery with half an attempt', delivered({ attempts: 0.5 })],
    ['a delivery with no status', delivered({ status: 'ok' })],
    ['a delivery with an unknown failure', delivered({ failure: 'bored' })],
    [
      'what is nested too deeply',
      `{"method":"POST","url":"/","headers":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
  ])('%s is told, and the rest goes on', async (_, bad) => {
    const store = memoryStore();
    const good = { ...push, body: 'behind it' };
    const { counts: found, faults } = await importInto(store, [bad, good]);
    expect(found).toEqual(counts(1, 0, 0, 1));
    expect(faults[0]).toMatch(/^\S.*[^\n]$/s);
    expect(faults[1]).toBeUndefined();
    expect(all(store)).toHaveLength(1);
  });

  it('is what the store cannot take either', async () => {
    const full = Object.assign(new Error('full'), { code: 'store-full' });
    const store = { ...memoryStore(), append: () => Promise.reject(full) };
    await expect(importInto(store, [push])).rejects.toBe(full);
  });
});

describe('known ids', () => {
  it('are as a set of them, however many', () => {
    const known = new KnownIds();
    const id = (n: number) =>
      `evt_01M88JQB${n
        .toString(32)
        .toUpperCase()
        .replace(/[ILOU]/g, 'Z')
        .padStart(18, '0')}`;
    const ids = new Set(Array.from({ length: 20_000 }, (_, n) => id(n * 7)));
    for (const one of ids) expect(known.add(one)).toBe(true);
    for (const one of ids) expect(known.add(one)).toBe(false);
    for (let n = 0; n < 20_000; n++) expect(known.has(id(n))).toBe(ids.has(id(n)));
  });
});
