import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, Delivery, Verdict } from '../../src/core/types.ts';
import { clockTime, deliveryLine, eventLine } from '../../src/terminal/event-line.ts';
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

const event = shownEvent();
const endpoint = 'http://localhost:3000/webhook/stripe';
const delivery = (...attempts: Attempt[]): Delivery => ({ cause: 'forward', endpoint, attempts });
const mismatch: Verdict = {
  status: 'rejected',
  scheme: 'stripe',
  reason: 'mismatch',
  detail: 'The Stripe-Signature header was made with another secret.',
  hint: 'Compared with STRIPE_WEBHOOK_SECRET.',
};

describe('the line of an event', () => {
  it('says when, who, what and whether it is genuine', () => {
    expect(eventLine(event, plain)).toBe(`15:04:05  --> stripe  invoice.paid  ${ID}  ✓ verified`);
    expect(eventLine(event, colored)).toBe(
      '\x1b[2m15:04:05\x1b[22m  --> \x1b[36mstripe\x1b[39m  \x1b[1minvoice.paid\x1b[22m' +
        `  \x1b[2m${ID}\x1b[22m  \x1b[32m✓ verified\x1b[39m`,
    );
  });

  it('says below why a signature was rejected', () => {
    expect(eventLine(shownEvent({ verdict: mismatch }), plain)).toBe(
      [
        `15:04:05  --> stripe  invoice.paid  ${ID}  ✗ rejected (mismatch)`,
        '          The Stripe-Signature header was made with another secret.',
        '          Compared with STRIPE_WEBHOOK_SECRET.',
      ].join('\n'),
    );
  });

  it('shows the request where nobody knows the type', () => {
    const { type: _, ...unknown } = shownEvent({
      provider: 'unknown',
      verdict: { status: 'unchecked', reason: 'unknown-provider', detail: 'Who is this?' },
      request: { method: 'PUT', url: '/hooks?a=1' },
    });
    expect(eventLine(unknown, plain)).toBe(
      [
        `15:04:05  --> unknown  PUT /hooks?a=1  ${ID}  ! unchecked (unknown-provider)`,
        '          Who is this?',
      ].join('\n'),
    );
  });

  it('marks what came before', () => {
    expect(eventLine(shownEvent({ duplicateOf: 'evt_FIRST' }), plain).split('\n')[1]).toBe(
      '          duplicate of evt_FIRST',
    );
  });

  it('cannot be forged by the name of a type', () => {
    const type = `paid  ${ID}  ✓ verified`;
    expect(eventLine(shownEvent({ type, verdict: mismatch }), plain).split('\n')[0]).toBe(
      `15:04:05  --> stripe  "paid  ${ID}  ✓ verified"  ${ID}  ✗ rejected (mismatch)`,
    );
  });
});

describe('the line of a delivery', () => {
  const line = (...attempts: Attempt[]) => deliveryLine(event, delivery(...attempts), plain);

  it('says when, how it went, where to, and how long it took', () => {
    expect(line(answer(200, 'thanks'))).toBe(`15:04:05  <-- 200  POST ${endpoint}  ${ID}  34 ms`);
  });

  it.each([
    [101, 31],
    [204, 32],
    [302, 33],
    [404, 31],
    [503, 31],
  ])('paints %i by its class', (status, color) => {
    const painted = deliveryLine(event, delivery(answer(status)), colored);
    expect(painted).toContain(`<-- \x1b[${color}m${status}\x1b[39m`);
  });

  it('shows the start of what a handler says of an error', () => {
    expect(line(answer(400, '{\n  "error": "bad\tsignature"\n}\n')).split('\n')).toEqual([
      `15:04:05  <-- 400  POST ${endpoint}  ${ID}  34 ms`,
      '          { "error": "bad signature" }',
    ]);
    const long = line(answer(500, 'x'.repeat(5_000))).split('\n')[1] as string;
    expect(long).toBe(`          ${'x'.repeat(199)}…`);
    const narrow = deliveryLine(event, delivery(answer(500, 'x'.repeat(99))), plain, { width: 40 });
    expect(narrow.split('\n')[1]).toBe(`          ${'x'.repeat(29)}…`);
    expect(line(answer(500))).not.toContain('\n');
  });

  it('shows what an error page says, not how it is marked up', () => {
    const page =
      '<!DOCTYPE html>\n<html><head><title>Error</title></head>\n<body>\n<pre>Cannot POST /x</pre></body></html>';
    expect(
      line(answer(404, page, [['Content-Type', 'text/html; charset=utf-8']])).split('\n')[1],
    ).toBe('          Cannot POST /x');
  });

  it('shows bytes that are no text in hex', () => {
    const gzip = answer(500, '', [['Content-Encoding', 'gzip']]);
    const outcome = {
      ...gzip.outcome,
      body: Buffer.from([0x1f, 0x8b, 0x08]),
    } as typeof gzip.outcome;
    expect(line({ ...gzip, outcome }).split('\n')[1]).toBe('          (gzip, 3 B: 1f 8b 08)');
  });

  it('says where a redirect leads', () => {
    expect(line(answer(308, '', [['location', '/hooks/']])).split('\n')[1]).toBe(
      '          redirects to /hooks/; hookcli does not follow, nor do most providers',
    );
  });

  it.each([
    ['refused', 'x', 'Nothing listens at localhost:3000: is your server running on port 3000?'],
    ['unresolved', 'x', 'The name localhost has no address: is it spelt right?'],
    ['unreachable', 'No route.', 'localhost:3000 cannot be reached: No route.'],
    [
      'reset',
      'socket hang up',
      'localhost:3000 closed the connection without an answer: did your handler crash? (socket hang up)',
    ],
    [
      'incomplete',
      'aborted',
      'localhost:3000 closed the connection in the middle of its answer. (aborted)',
    ],
    ['malformed', 'No.', 'localhost:3000 answered with something that is not HTTP: No.'],
    ['too-large', 'The answer is too long.', 'The answer is too long. It was not passed on.'],
    [
      'timeout',
      'No answer within 30000 ms.',
      'No answer within 30000 ms. Is your handler stopped at a breakpoint? listen --timeout 0 waits for ever.',
    ],
    [
      'tls',
      'self-signed certificate',
      'No secure connection to localhost:3000: self-signed certificate. For a plain HTTP handler write http://.',
    ],
    ['aborted', 'bad header', 'The request could not be sent: bad header'],
  ] as const)('explains %s', (failure, message, sentence) => {
    expect(line(failed(failure, message)).split('\n')).toEqual([
      `15:04:05  <-- ${failure}  POST ${endpoint}  ${ID}  3 ms`,
      `          ${sentence}`,
    ]);
  });

  it('names the port that the protocol stands for', () => {
    const to = (address: string) =>
      deliveryLine(event, { ...delivery(failed('refused', 'x')), endpoint: address }, plain);
    expect(to('https://example.com/x')).toContain('is your server running on port 443?');
    expect(to('http://example.com/x')).toContain('is your server running on port 80?');
  });

  it("says when it came later than the provider's deadline", () => {
    const slow = delivery(answer(200, '', [], 12_000));
    const late = deliveryLine(event, slow, plain, { deadlineMs: 10_000 });
    expect(late.split('\n')).toEqual([
      `15:04:17  <-- 200  POST ${endpoint}  ${ID}  12 s`,
      '          over the deadline of stripe, 10 s',
    ]);
    expect(deliveryLine(event, slow, plain, { deadlineMs: 12_000 })).not.toContain('deadline');
    const other = shownEvent({ provider: 'standard-webhooks' });
    expect(deliveryLine(other, slow, plain, { deadlineMs: 1 })).toContain(
      'over the deadline of standard-webhooks, 1 ms',
    );
  });

  it('counts attempts and shows the last', () => {
    expect(line(failed('refused', 'x'), answer(200))).toBe(
      `15:04:05  <-- 200  POST ${endpoint}  ${ID}  34 ms  attempt 2`,
    );
  });
});

describe('the lines, whatever a stranger sends', () => {
  it('hold only what can be seen, each of them beginning as ours do', () => {
    fc.assert(
      fc.property(hostileEvent, (event) => {
        const [delivery] = event.deliveries;
        for (const theme of [plain, colored]) {
          const text = `${eventLine(event, theme)}\n${deliveryLine(event, delivery as never, theme, { deadlineMs: 0 })}`;
          const shown = withoutColor(text);
          expect(shown).toMatch(HARMLESS);
          expect(shown.split('\n').filter((line) => !line.startsWith(' '.repeat(10)))).toEqual([
            expect.stringMatching(/^\d\d:\d\d:\d\d {2}--> .* {2}✗ rejected \(mismatch\)$/),
            expect.stringMatching(
              /^\d\d:\d\d:\d\d {2}<-- (\d{3}|reset) {2}.* {2}1 ms( {2}attempt 2)?$/,
            ),
          ]);
          expect(shown).not.toMatch(/^\s*::|##\[/m);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

it('tells the time of day', () => {
  expect(clockTime(AFTERNOON)).toBe('15:04:05');
  expect(clockTime(new Date(2026, 0, 1, 0, 0, 0))).toBe('00:00:00');
});
