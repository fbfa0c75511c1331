import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/core/types.ts';
import { eventTable } from '../../src/terminal/event-table.ts';
import {
  AFTERNOON,
  answer,
  colored,
  failed,
  HARMLESS,
  hostileEvent,
  ID,
  plain,
  shownEvent,
  withoutColor,
} from './samples.ts';

const to = (...attempts: RecordedEvent['deliveries'][number]['attempts']) => [
  { cause: 'forward', endpoint: 'http://localhost:3000/', attempts } as const,
];
const now = new Date(2026, 0, 31, 18, 0, 0);
const options = { width: 120, now };
const OTHER = 'evt_01KG9Z0000000000000000000B';

describe('the table of events', () => {
  it('says of each when, who, what, whether genuine and how it went', () => {
    const events: RecordedEvent[] = [
      { ...shownEvent({ id: OTHER }), deliveries: to(failed('refused', 'x')) },
      { ...shownEvent(), deliveries: to(answer(200)) },
    ];
    expect(eventTable(events, plain, options)).toBe(
      [
        'id                              time      provider  type          verdict   status   ms',
        `${OTHER}  15:04:05  stripe    invoice.paid  verified  refused   3`,
        `${ID}  15:04:05  stripe    invoice.paid  verified  200      34`,
      ].join('\n'),
    );
  });

  it('says what is odd about one', () => {
    const verdict = { status: 'rejected', scheme: 's', reason: 'stale', detail: 'd' } as const;
    const rows = [
      shownEvent({ at: new Date(2025, 11, 31, 9, 8, 7) }),
      shownEvent({ verdict }),
      shownEvent({ duplicateOf: OTHER }),
    ];
    const lines = eventTable(rows, plain, options).split('\n');
    expect(lines[1]).toContain('  2025-12-31 09:08:07  ');
    expect(lines[2]).toContain('  rejected: stale ');
    expect(lines[3]).toContain('  verified, duplicate  -');
  });

  it('shortens ids, as far as they still differ, before it cuts a type', () => {
    const events = [shownEvent({ id: 'evt_01KG9Z4444QQQQQQQQQQQQQQQQ' }), shownEvent()];
    expect(eventTable(events, plain, { width: 72, now }).split('\n')[2]).toBe(
      'evt_01KG9Z000000  15:04:05  stripe    invoice.paid  verified  -',
    );
    const short = [shownEvent({ id: 'evt_01KG9Z0000000000000ZZZZZZZ' }), shownEvent()];
    expect(eventTable(short, plain, { width: 80, now })).toContain('evt_01KG9Z0000000000000Z  ');
  });

  it('cuts nothing where there is no terminal', () => {
    const type = `long.${'x'.repeat(3_000)}.…`;
    const drawn = eventTable([shownEvent({ type })], plain, { width: Infinity, now });
    expect(drawn).toContain(`${ID}  15:04:05  stripe    ${type}  verified`);
  });

  it('holds only what can be seen, one line for each event and none wider than the terminal', () => {
    fc.assert(
      fc.property(
        fc.array(hostileEvent, { maxLength: 3 }),
        fc.integer({ min: 20, max: 200 }),
        (events, width) => {
          const drawn = withoutColor(eventTable(events, colored, { width, now: AFTERNOON }));
          expect(drawn).toMatch(HARMLESS);
          const lines = drawn.split('\n');
          expect(lines.length).toBe(events.length + 1);
          for (const line of lines) {
            if (/^[\x20-\x7e…]*$/.test(line)) expect(line.length).toBeLessThanOrEqual(width);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
