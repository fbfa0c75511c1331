import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, RecordedEvent } from '../../src/core/types.ts';
import { eventPage } from '../../src/terminal/event-page.ts';
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

const page = (event: RecordedEvent, width = 100) => eventPage(event, plain, { width });
const withBody = (body: string | Uint8Array, type = 'application/json') =>
  shownEvent({ request: { body: Buffer.from(body), headers: [['Content-Type', type]] } });
/** The lines below the title of the body, up to the next blank line. */
const bodyOf = (event: RecordedEvent): string[] => {
  const lines = page(event).split('\n');
  const from = lines.findIndex((line) => /^(body, |\(no body\))/.test(line));
  const to = lines.indexOf('', from);
  return lines.slice(from, to === -1 ? undefined : to);
};

describe('the page of an event', () => {
  it('tells all there is', () => {
    const at = AFTERNOON.toISOString();
    const deliveries: Delivery[] = [
      {
        cause: 'forward',
        endpoint: 'http://localhost:3000/hooks',
        attempts: [failed('refused', 'x'), answer(400, '{"error":"no"}')],
      },
      { cause: 'replay', endpoint: 'http://localhost:3000/', attempts: [answer(204, '', [])] },
    ];
    const event = shownEvent({
      duplicateOf: 'evt_FIRST',
      deliveryId: 'd-1',
      verdict: {
        status: 'rejected',
        scheme: 'stripe',
        reason: 'stale',
        detail: 'It was signed an hour ago.',
        hint: 'Replay it with --resign.',
      },
    });
    expect(page({ ...event, deliveries })).toBe(
      [
        `id          ${ID}`,
        `time        ${at}`,
        'provider    stripe',
        'type        invoice.paid',
        'event id    evt_provider_1',
        'delivery id d-1',
        'source      received',
        'verdict     ✗ rejected (stale)',
        '            It was signed an hour ago.',
        '            Replay it with --resign.',
        'duplicate   of evt_FIRST',
        '',
        'POST /webhook/stripe?a=1',
        '  Content-Type: application/json',
        '',
        'body, 18 B',
        '  {',
        '    "object": "event"',
        '  }',
        '',
        'forward to http://localhost:3000/hooks',
        `  <-- refused  3 ms  ${at}`,
        '      Nothing listens at localhost:3000: is your server running on port 3000?',
        `  <-- 400  34 ms  1 header, 14 B  ${at}`,
        '      {',
        '        "error": "no"',
        '      }',
        '',
        'replay to http://localhost:3000/',
        `  <-- 204  34 ms  0 headers, 0 B  ${at}`,
      ].join('\n'),
    );
  });

  it('folds what is said of the signature between words', () => {
    const detail = 'one two three four five six seven eight nine ten';
    const event = shownEvent({ verdict: { status: 'unchecked', reason: 'no-secret', detail } });
    expect(page(event, 40)).toContain(
      '\n            one two three four five six\n            seven eight nine ten\n',
    );
  });

  it('leaves every number and name of the JSON as it was written', () => {
    expect(
      bodyOf(withBody('{"n":12345678901234567890.10,"a":1,"a":[],"o":{ },"s":"\\u00e9"}')),
    ).toEqual([
      'body, 63 B',
      '  {',
      '    "n": 12345678901234567890.10,',
      '    "a": 1,',
      '    "a": [],',
      '    "o": {},',
      '    "s": "\\u00e9"',
      '  }',
    ]);
  });

  it('shows other text as it is, and its control characters spelt out', () => {
    expect(bodyOf(withBody('a=1\r\n\x1b[2J\tb'))).toEqual(['body, 11 B', '  a=1', '  \\x1b[2J\tb']);
  });

  it('shows bytes that are no text in hex', () => {
    expect(bodyOf(withBody(Buffer.alloc(812, 0xff)))[1]).toBe(
      `  (binary, 812 B: ${Array(32).fill('ff').join(' ')} …)`,
    );
    expect(bodyOf(withBody(''))).toEqual(['(no body)']);
  });

  it('shows the payload of a form as well', () => {
    const form = withBody('payload=%7B%22a%22%3A1%7D', 'application/x-www-form-urlencoded');
    expect(page(form)).toContain(
      'body, 25 B\n  payload=%7B%22a%22%3A1%7D\n\npayload in the form\n  {\n    "a": 1\n  }',
    );
  });

  it('cuts a long body and says how to see all of it', () => {
    const more = `  … there is more: hookcli show ${ID} --body`;
    const items = (count: number) => JSON.stringify(Array.from({ length: count }, (_, i) => i));
    expect(bodyOf(withBody(items(198)))).toHaveLength(201);
    expect(bodyOf(withBody(items(198)))).not.toContain(more);
    const cut = bodyOf(withBody(items(199)));
    expect(cut).toHaveLength(202);
    expect(cut.slice(-2)).toEqual(['    198', more]);
    expect(bodyOf(withBody(`"${'x'.repeat(300_000)}"`)).at(-1)).toBe(more);
    expect(bodyOf(withBody(`${'x'.repeat(1_900)}\n`.repeat(150))).at(-1)).toBe(more);
    expect(bodyOf(withBody('['.repeat(50_000) + ']'.repeat(50_000))).at(-1)).toBe(more);
  });
});

describe('the page, whatever a stranger sends', () => {
  it('holds only what can be seen, and nothing of it where our own lines begin', () => {
    const own =
      /^$|^(id|time|provider|type|event id|delivery id|source|verdict|duplicate) +\S|^ {2}|^body, |^\(no body\)$|^payload in the form$|^forward to \S/;
    fc.assert(
      fc.property(hostileEvent, (event) => {
        const shown = withoutColor(eventPage(event, colored, { width: 80 }));
        const lines = shown.split('\n');
        expect(shown.replaceAll('\t', '')).toMatch(HARMLESS);
        expect(lines.filter((line) => line.startsWith('verdict '))).toEqual([
          'verdict     ✗ rejected (mismatch)',
        ]);
        // All but the request line, whose method a stranger names.
        const strange = lines.filter((line) => !own.test(line));
        expect(strange.length).toBeLessThanOrEqual(1);
        expect(shown).not.toMatch(/^\s*::|##\[/m);
      }),
      { numRuns: 1_000 },
    );
  });
});
