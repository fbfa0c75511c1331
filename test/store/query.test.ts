import { describe, expect, it } from 'vitest';
import type { HookcliError } from '../../src/core/errors.ts';
import type { RecordedEvent } from '../../src/core/types.ts';
import { parseQuery } from '../../src/store/query.ts';
import { explainQuery } from '../../src/store/query-explain.ts';
import { answered, refused, sampleDelivery, sampleEvent } from './samples.ts';

const now = new Date('2026-03-01T12:00:00.000Z');

const paid: RecordedEvent = {
  ...sampleEvent({
    id: 'evt_01KJMAAAAAAAAAAAAAAAAAAAAA',
    at: new Date('2026-03-01T11:30:00.000Z'),
    eventId: 'evt_1Paid',
    request: {
      body: Buffer.from(
        '{"name":"Zoë, a comma","amount":4200,"data":{"total":"19.90","at":"2026-02-28","ok":true,"items":[{"id":"sku_1"}]}}',
      ),
    },
  }),
  deliveries: [sampleDelivery(answered(500)), sampleDelivery(refused, answered(204))],
};
const push: RecordedEvent = {
  ...sampleEvent({
    id: 'evt_01KJMBBBBBBBBBBBBBBBBBBBBB',
    at: new Date('2026-02-27T00:00:00.000Z'),
    source: 'imported',
    provider: 'github',
    type: 'push',
    eventId: '72d3162e-0001',
    verdict: { status: 'rejected', scheme: 'github', reason: 'mismatch', detail: 'no' },
    duplicateOf: 'evt_01KJMAAAAAAAAAAAAAAAAAAAAA',
    request: { url: 'http://localhost:4400/github/events?x=1', body: Buffer.from([0xff, 0xfe]) },
  }),
  deliveries: [sampleDelivery(answered(404))],
};
const {
  type: _,
  eventId: __,
  ...nameless
} = sampleEvent({
  id: 'evt_01KJMCCCCCCCCCCCCCCCCCCCCC',
  at: new Date('2026-01-01T00:00:00.000Z'),
  source: 'sent',
  provider: 'unknown',
  verdict: { status: 'unchecked', reason: 'unknown-provider', detail: 'no' },
  request: { url: '/', body: Buffer.from('say "hi" c:\\temp') },
});
const bare: RecordedEvent = { ...nameless, deliveries: [] };
const down: RecordedEvent = { ...bare, deliveries: [sampleDelivery(refused)] };

const events = { paid, push, bare, down };
const found = (query: string) => {
  const { matches } = parseQuery(query, { now });
  return Object.entries(events)
    .filter(([, event]) => matches(event))
    .map(([name]) => name)
    .join(' ');
};

function hintOf(query: string): string {
  try {
    parseQuery(query, { now });
  } catch (error) {
    return (error as HookcliError).hint ?? '';
  }
  return '';
}

describe('a query', () => {
  it.each([
    ['', 'paid push bare down'],
    ['  \t\n ', 'paid push bare down'],
    ['provider:stripe', 'paid'],
    ['$.amount:4200', 'paid'],
    ['$.amount:>4199', 'paid'],
    ['$.amount:>4200', ''],
    ['$.amount:>=4200', 'paid'],
    ['$.amount:<4201', 'paid'],
    ['$.amount:4000..4200', 'paid'],
    ['$.amount:1..5,4200', 'paid'],
    ['data.total:>19', 'paid'],
    ['data.total:19.*', 'paid'],
    ['data.at:>2026-02-01', 'paid'],
    ['data.at:<2026-02-01', ''],
    ['data.ok:true', 'paid'],
    ['data.items[0].id:sku_*', 'paid'],
    ['-data.items[0].id:sku_*', 'push bare down'],
    ['data.items:*', ''],
    ['data.Total:19.90', ''],
    ['data.none:>0', ''],
    ['provider:stripe,github', 'paid push'],
    ['provider:*h*', 'push'],
    ['-provider:unknown', 'paid push'],
    ['PROVIDER:stripe', 'paid'],
    ['type:invoice.*', 'paid'],
    ['type:invoice.????', 'paid'],
    ['type:INVOICE.*', ''],
    ['type:push,invoice.paid', 'paid push'],
    ['-type:push', 'paid bare down'],
    ['type:*', 'paid push'],
    ['verdict:rejected', 'push'],
    ['verdict:verified,UNCHECKED', 'paid bare down'],
    ['status:2xx', 'paid'],
    ['status:204', 'paid'],
    ['status:500', ''],
    ['status:4xx,2XX', 'paid push'],
    ['status:none', 'bare down'],
    ['-status:none', 'paid push'],
    ['state:delivered', 'paid'],
    ['state:failed', 'push down'],
    ['state:captured', 'bare'],
    ['state:pending', 'bare'],
    ['source:received', 'paid'],
    ['source:sent,imported', 'push bare down'],
    ['since:1h', 'paid'],
    ['since:3d', 'paid push'],
    ['since:-10m', ''],
    ['since:2026-02-27', 'paid push'],
    ['since:2026-02-27T00:00:00.001Z', 'paid'],
    ['before:2026-02-27', 'bare down'],
    ['since:2026-01-15 before:1h', 'push'],
    ['before:1d', 'push bare down'],
    ['path:/webhook/stripe', 'paid'],
    ['path:/webhook/stripe?a=1', 'paid'],
    ['path:/github/*', 'push'],
    ['path:/', 'bare down'],
    ['dup:true', 'push'],
    ['dup:false', 'paid bare down'],
    ['id:evt_01KJMB', 'push'],
    ['id:01kjm', 'paid push bare down'],
    ['id:evt_01KJMAAAAAAAAAAAAAAAAAAAAA', 'paid'],
    ['event:evt_1Paid', 'paid'],
    ['event:72d3162e-*', 'push'],
    ['zoë', 'paid'],
    ['ZOË', 'paid'],
    ['"Zoë, a"', 'paid'],
    ['zoë, zz', ''],
    ['a zoë,', 'paid'],
    ['4200', 'paid'],
    ['-4200', 'push bare down'],
    ['PUSH', 'push'],
    ['1paid', 'paid'],
    ['"say \\"hi\\""', 'bare down'],
    ['"c:\\\\temp"', 'bare down'],
    ['-"say"', 'paid push'],
    ['type:"invoice.paid"', 'paid'],
    ['provider:stripe type:invoice.* status:2xx -dup:true since:1h zoë', 'paid'],
    ['provider:stripe verdict:rejected', ''],
    ['type:constructor', ''],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));

  it('can be explained, word by word', () => {
    const query = 'type:a,b -verdict:rejected data.total:>19 "some text"';
    expect(explainQuery(query, parseQuery(query, { now }).words)).toEqual([
      'type:a,b           the type is "a" or "b"',
      '-verdict:rejected  not: the verdict is "rejected"',
      'data.total:>19     in the payload data.total is ">19"',
      `"some text"        the body, the type or the provider's id has the text "some text"`,
    ]);
    const fields = /Fields are (.*);/.exec(hintOf('zzzzzz:1'))?.[1]?.split(', ') ?? [];
    expect(fields.length).toBeGreaterThan(10);
    const values: Record<string, string> = {
      verdict: 'verified',
      status: '404',
      state: 'failed',
      source: 'sent',
      since: '1h',
      before: '1h',
      dup: 'true',
      pin: 'true',
    };
    for (const field of fields) {
      const word = `${field}:${values[field] ?? 'x'}`;
      const [line] = explainQuery(word, parseQuery(word, { now }).words);
      expect(line).not.toContain('undefined');
    }
  });

  it('keeps its words, for those who show them', () => {
    expect(parseQuery('-type:a,"b c" x', { now }).words).toEqual([
      { negated: true, field: 'type', values: ['a', 'b c'], start: 0, end: 13 },
      { negated: false, values: ['x'], start: 14, end: 15 },
    ]);
  });

  it('goes on when a large body is lost', () => {
    const request = {
      ...paid.request,
      get body(): Uint8Array {
        return parseLost();
      },
    };
    const { matches } = parseQuery('"anything"', { now });
    expect(matches({ ...paid, request })).toBe(false);
    expect(parseQuery('invoice', { now }).matches({ ...paid, request })).toBe(true);
  });
});

function parseLost(): never {
  const lost = failure('provder:x');
  throw Object.assign(lost, { code: 'body-lost' });
}

function failure(query: string): HookcliError {
  try {
    parseQuery(query, { now });
  } catch (error) {
    return error as HookcliError;
  }
  throw new Error(`no error for ${query}`);
}

describe('a query that means nothing', () => {
  it.each<[string, RegExp, RegExp, string]>([
    ['provder:stripe', /no field "provder"/, /Did you mean "provider:"/, '^^^^^^^^^^^^^^'],
    ['type:x http://x', /no field "http"/, /quotes/, '       ^^^^^^^^'],
    ['__proto__:x constructor:x', /no field "constructor"/, /quotes/, '            ^^^^^^^^^^^^^'],
    ['a -verdict:verifed', /"verifed" is none of/, /Did you mean "verified"/, '  ^^^^^^^^^^^^^^^^'],
    ['status:ok', /"ok" is not a status/, /5xx/, '^^^^^^^^^'],
    ['a.__proto__.b:1', /not a field a payload may set/, /data\.object/, '^^^^^^^^^^^^^^^'],
    ['status:99', /not a status/, /404/, '^^^^^^^^^'],
    ['status:2x?', /not a status/, /404/, '^^^^^^^^^^'],
    ['since:yesterday', /not a point in time/, /2026/, '^^^^^^^^^^^^^^^'],
    ['dup:maybe', /none of true, false/, /true/, '^^^^^^^^^'],
    ['type:', /needs a value/, /type:value/, '^^^^^'],
    ['type:a,', /needs a value/, /type:value/, '^^^^^^^'],
    ['x "open', /not closed/, /"/, '  ^^^^^'],
    ['\tsource:x', /none of received/, /received/, ' ^^^^^^^^'],
  ])('%s', (query, message, hint, caret) => {
    const error = failure(query);
    expect(error).toMatchObject({ code: 'bad-query', exitCode: 2 });
    const [first, shown, under] = error.message.split('\n');
    expect(first).toMatch(message);
    expect(shown).toBe(`  ${query.replaceAll('\t', ' ')}`);
    expect(under).toBe(`  ${caret}`);
    expect(error.hint).toMatch(hint);
  });

  it('cannot forge lines of its own error', () => {
    const error = failure('"\u001b[2J\u202e\r\n✓ verified');
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.message).not.toMatch(/[\r\u001b\u202e]/);
  });
});
