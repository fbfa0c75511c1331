import { describe, expect, it } from 'vitest';
import type { CapturedEvent, Happening } from '../../src/core/types.ts';
import { jsonLines, jsonSink } from '../../src/sinks/json.ts';
import { answer, failed, ID, shownEvent } from '../terminal/samples.ts';

function linesOf(...happenings: Happening[]): string[] {
  const written: string[] = [];
  const sink = jsonSink({ write: (text) => written.push(text) });
  for (const happening of happenings) sink(happening);
  return written;
}

const endpoint = 'http://localhost:3000/';
const event = shownEvent({ at: new Date('2026-01-31T15:04:05.000Z') });
const listening: Happening = {
  kind: 'listening',
  url: 'http://127.0.0.1:4400',
  forward: [endpoint],
};

describe('happenings as JSON lines', () => {
  it('begin with the schema they follow', () => {
    expect(linesOf(listening, listening)).toEqual([
      '{"kind":"listening","schema":1,"url":"http://127.0.0.1:4400","forward":["http://localhost:3000/"]}\n',
      '{"kind":"listening","url":"http://127.0.0.1:4400","forward":["http://localhost:3000/"]}\n',
    ]);
  });

  it('show an event with its request', () => {
    expect(JSON.parse(linesOf({ kind: 'event', event })[0] as string)).toEqual({
      kind: 'event',
      schema: 1,
      id: ID,
      at: '2026-01-31T15:04:05.000Z',
      provider: 'stripe',
      type: 'invoice.paid',
      eventId: 'evt_provider_1',
      source: 'received',
      state: 'captured',
      verdict: { status: 'verified', scheme: 'stripe' },
      method: 'POST',
      url: '/webhook/stripe?a=1',
      headers: [['Content-Type', 'application/json']],
      body: '{"object":"event"}',
      deliveries: [],
    });
  });

  it('show a delivery with the event it belongs to', () => {
    const of = (about: CapturedEvent, ...attempts: Parameters<typeof answer> | []) =>
      ({
        kind: 'delivery',
        event: about,
        delivery: {
          cause: 'forward',
          endpoint,
          attempts: [attempts.length ? answer(...attempts) : failed('refused', 'x')],
        },
      }) as const;
    const { type: _, eventId: __, ...unnamed } = event;
    expect(linesOf(listening, of(event, 200), of(unnamed)).slice(1)).toEqual([
      `{"kind":"delivery","id":"${ID}","provider":"stripe","type":"invoice.paid","eventId":"evt_provider_1","cause":"forward","endpoint":"${endpoint}","status":200,"ms":34,"attempts":1}\n`,
      `{"kind":"delivery","id":"${ID}","provider":"stripe","cause":"forward","endpoint":"${endpoint}","failure":"refused","ms":3,"attempts":1}\n`,
    ]);
  });

  it('show trouble', () => {
    expect(linesOf({ kind: 'trouble', code: 'disk-full', message: 'No room.' })).toEqual([
      '{"kind":"trouble","schema":1,"code":"disk-full","message":"No room."}\n',
    ]);
  });

  it('are exact, and harmless to look at', () => {
    const type = '\x9b2J\u202e\x7f\u2028 é';
    const [line = ''] = linesOf({ kind: 'event', event: shownEvent({ type }) });
    expect(line).toContain('"type":"\\u009b2J\\u202e\\u007f\\u2028 é"');
    expect(JSON.parse(line)).toMatchObject({ type });
  });

  it('report what cannot be shown, and go on', () => {
    const broken = { ...event, at: new Date(Number.NaN) };
    const lines = linesOf({ kind: 'event', event: broken }, { kind: 'event', event });
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      kind: 'trouble',
      schema: 1,
      code: 'bug',
    });
    expect(JSON.parse(lines[1] as string)).toMatchObject({ kind: 'event', id: ID });
  });

  it('never throw, and end once their reader has gone', () => {
    let writes = 0;
    const sink = jsonSink({
      write: () => {
        writes++;
        throw new Error('broken pipe');
      },
    });
    sink(listening);
    sink(listening);
    expect(writes).toBe(1);
  });
});

describe('the lines of a command', () => {
  it('have the schema on the first, behind its kind', () => {
    const written: string[] = [];
    const lines = jsonLines((text) => written.push(text));
    lines.write({ kind: 'provider', id: 'stripe' });
    lines.write({ kind: 'provider', id: 'github' });
    expect(written).toEqual([
      '{"kind":"provider","schema":1,"id":"stripe"}\n',
      '{"kind":"provider","id":"github"}\n',
    ]);
  });
});
