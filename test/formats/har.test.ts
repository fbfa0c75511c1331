import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header, RecordedEvent } from '../../src/core/types.ts';
import { HAR_TAIL, harEntries, harHead } from '../../src/formats/har.ts';
import { readHarEntry } from '../../src/formats/read-har.ts';
import { answered, anyEvent, refused, sampleDelivery, sampleEvent } from '../store/samples.ts';
import { HAR_SCHEMA } from './har-schema.ts';

const ajv = new Ajv({ allErrors: true });
addFormats.default(ajv);
const isHar = ajv.compile(HAR_SCHEMA);

const recorded = (
  parts: Parameters<typeof sampleEvent>[0],
  ...deliveries: RecordedEvent['deliveries']
) => ({
  ...sampleEvent(parts),
  deliveries,
});

function harOf(event: RecordedEvent) {
  const lines = harEntries(event).map((entry) => JSON.stringify(entry));
  const har = JSON.parse(harHead('1.0.0') + lines.join(',\n') + HAR_TAIL);
  if (!isHar(har as unknown)) throw new Error(ajv.errorsText(isHar.errors));
  return har.log.entries;
}

const answer = (body: Uint8Array, headers: Header[] = []) =>
  answered(200, { outcome: { kind: 'answered', status: 200, headers, body } });

describe('an event as HAR', () => {
  it('is one entry for each attempt, with its answer', () => {
    const event = recorded(
      {},
      sampleDelivery(refused, answered(503), answered(200)),
      sampleDelivery(answered(302)),
    );
    const entries = harOf(event);
    expect(
      entries.map(({ response }: { response: { status: number } }) => response.status),
    ).toEqual([0, 503, 200, 302]);
    expect(entries[0].response).toMatchObject({
      statusText: '',
      _error: refused.outcome.kind === 'failed' && refused.outcome.message,
    });
    expect(entries[1].response.statusText).toBe('Service Unavailable');
    expect(entries[1].time).toBe(12.5);
    expect(entries[1].request).toMatchObject({
      method: 'POST',
      url: 'http://localhost:3000/hooks',
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      postData: { mimeType: 'application/json', text: '{"object":"event"}' },
    });
  });

  it('is one entry where nothing was delivered, for the address that was asked', () => {
    const headers: Header[] = [['Host', 'example.com']];
    const [entry, ...others] = harOf(recorded({ request: { headers } }));
    expect(others).toEqual([]);
    expect(entry.request.url).toBe('http://example.com/webhook/stripe?a=1');
    expect(entry.request.queryString).toEqual([{ name: 'a', value: '1' }]);
    expect(entry.response.status).toBe(0);
  });

  it('has bytes that are no text in base64', () => {
    const bytes = Buffer.from([0, 0xff, 0x41]);
    const [entry] = harOf(recorded({ request: { body: bytes } }, sampleDelivery(answer(bytes))));
    expect(entry.request.postData).toBeUndefined();
    expect(entry.request._content).toEqual({ text: 'AP9B', size: 3, encoding: 'base64' });
    expect(entry.response.content).toMatchObject({ text: 'AP9B', size: 3, encoding: 'base64' });
  });

  it('has a URL that any validator takes', () => {
    const [entry] = harOf(recorded({ request: { url: '/"a b%zz\u00e9|<x>^`{}\\' } }));
    expect(entry.request.url).toBe('http://localhost/%22a%20b%25zz%E9%7C%3Cx%3E%5E%60%7B%7D%5C');
    expect(entry._hookcli.event.url).toBe('/"a b%zz\u00e9|<x>^`{}\\');
  });

  it('is right whatever was captured', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        // A header of a request has a name.
        expect(harOf({ ...event, deliveries: [sampleDelivery()] })).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a HAR that is none', () => {
  it('is refused by the schema, so that the tests above say something', () => {
    const har = JSON.parse(
      `${harHead('1')}${JSON.stringify(harEntries(recorded({}))[0])}${HAR_TAIL}`,
    );
    expect(isHar(har)).toBe(true);
    const { request } = har.log.entries[0];
    for (const [name, value] of [
      ['url', '/no uri'],
      ['headers', { a: 'b' }],
      ['bodySize', '3'],
      ['extra', 1],
    ]) {
      const broken = structuredClone(har);
      broken.log.entries[0].request = { ...request, [name as string]: value };
      expect(isHar(broken), String(name)).toBe(false);
    }
  });
});

describe('an entry of a browser or proxy', () => {
  const entry = (parts: object = {}, request: object = {}) => ({
    startedDateTime: '2026-11-25T10:00:00.250+01:00',
    time: 31.5,
    request: {
      method: 'POST',
      url: 'https://api.example.com/hooks/stripe?x=1#top',
      headers: [
        { name: ':authority', value: 'api.example.com' },
        { name: 'Content-Type', value: 'application/json' },
        { name: 'X-Name', value: 'Zo\u00eb \u2603' },
        { name: 'Via', value: 'a\nb' },
      ],
      postData: { mimeType: 'application/json', text: '{"a":"\u00e9"}' },
      ...request,
    },
    response: {
      status: 202,
      headers: [{ name: 'X-Id', value: '1' }],
      content: { size: 2, mimeType: 'text/plain', text: 'b2s=', encoding: 'base64' },
    },
    ...parts,
  });

  it('is a request with its answer', () => {
    const found = readHarEntry(entry());
    expect(found).toMatchObject({
      kind: 'theirs',
      at: new Date('2026-11-25T09:00:00.250Z'),
      request: {
        method: 'POST',
        url: 'https://api.example.com/hooks/stripe?x=1',
        headers: [
          ['Content-Type', 'application/json'],
          ['X-Name', Buffer.from('Zo\u00eb \u2603').toString('latin1')],
          ['Via', 'a'],
          ['Via', 'b'],
        ],
      },
      deliveries: [
        { cause: 'forward', attempts: [{ durationMs: 31.5, outcome: { status: 202 } }] },
      ],
    });
    if (found.kind !== 'theirs') throw new Error('no request');
    expect(Buffer.from(found.request.body).toString()).toBe('{"a":"\u00e9"}');
    const [attempt] = found.deliveries[0]?.attempts ?? [];
    expect(attempt?.outcome).toMatchObject({ body: Buffer.from('ok') });
  });

  it.each([
    [
      'of HTTP Toolkit',
      { postData: undefined, _content: { text: '//4=', encoding: 'base64' } },
      [0xff, 0xfe],
    ],
    [
      'with fields',
      { postData: { mimeType: 'x', params: [{ name: 'a b', value: '\u00e9' }] } },
      [...Buffer.from('a+b=%C3%A9')],
    ],
    ['without a body', { postData: undefined }, []],
  ])('%s has its bytes', (_, request, bytes) => {
    const found = readHarEntry(entry({}, request));
    expect(found.kind === 'theirs' && [...found.request.body]).toEqual(bytes);
  });

  it('that asks for a page is passed over', () => {
    for (const request of [{ method: 'GET' }, { method: 'options' }, { url: 'wss://a.example' }]) {
      expect(readHarEntry(entry({}, request))).toEqual({ kind: 'other' });
    }
  });

  it('that was never answered has no delivery', () => {
    const found = readHarEntry(entry({ response: { status: 0 } }));
    expect(found.kind === 'theirs' && found.deliveries).toEqual([]);
  });

  it.each([
    ['no object', 1],
    ['no request', {}],
    ['headers that are no list', entry({}, { headers: {} })],
    ['a header without a value', entry({}, { headers: [{ name: 'a' }] })],
    ['a header that is two', entry({}, { headers: [{ name: 'a b', value: '' }] })],
    ['a body that is no text', entry({}, { postData: { text: 1 } })],
    ['a status that is none', entry({ response: { status: 1_000 } })],
    ['a bad event of ours', { ...entry(), _hookcli: { event: { id: '../x', at: '' } } }],
    [
      'a delivery to nowhere',
      {
        ...entry(),
        _hookcli: {
          event: { id: sampleEvent().id, at: '2026-01-01T00:00:00Z', url: '/' },
          delivery: { number: 0, cause: 'forward', endpoint: 'javascript:alert(1)' },
        },
      },
    ],
  ])('with %s is refused', (_, value) => {
    expect(() => readHarEntry(value)).toThrow(expect.objectContaining({ code: 'bad-event' }));
  });
});
