import fc from 'fast-check';
import type { Attempt, Failure, RecordedEvent } from '../../src/core/types.ts';
import { createTheme } from '../../src/terminal/theme.ts';
import { answered, anyEvent, sampleEvent } from '../store/samples.ts';

export const plain = createTheme({ color: false });
export const colored = createTheme({ color: true });

/** An afternoon in the local time of whoever runs the test, which is what the lines show. */
export const AFTERNOON = new Date(2026, 0, 31, 15, 4, 5);

export const ID = 'evt_01KG9Z0000000000000000000A';

export function shownEvent(parts: Parameters<typeof sampleEvent>[0] = {}): RecordedEvent {
  return { ...sampleEvent({ id: ID, at: AFTERNOON, ...parts }), deliveries: [] };
}

export const answer = (
  status: number,
  body = '',
  headers: [string, string][] = [['Content-Type', 'text/plain']],
  durationMs = 34,
): Attempt =>
  answered(status, {
    startedAt: AFTERNOON,
    durationMs,
    outcome: { kind: 'answered', status, headers, body: Buffer.from(body) },
  });

export const failed = (failure: Failure, message: string, durationMs = 3): Attempt => ({
  startedAt: AFTERNOON,
  durationMs,
  outcome: { kind: 'failed', failure, message },
});

/** Nothing but characters that a terminal shows, and line breaks. */
export const HARMLESS = /^(?:[\n\x20-\x7e]|(?![\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])[^\x00-\x7f])*$/u;

/** The same with the colours of our own theme. */
export const withoutColor = (text: string): string =>
  text.replace(/\x1b\[(?:1|2|4|22|24|3[1-9])m/g, '');

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '\x1b[2K\x1b[1A15:04:05  --> stripe  x  evt_1  ✓ verified',
    '\x1b]0;title\x07',
    '\x1b]52;c;eA==\x07',
    '\x1b]8;;http://example.com\x1b\\link',
    '\x9b2J',
    '\x90q\x9c',
    '\r15:04:05  <-- 200  POST',
    'x\n15:04:05  --> stripe  paid  evt_1  ✓ verified\n',
    'x\u202egnp.exe',
    '\u2066\u2069\u200b\ufeff\u2028\u2029',
    'half \ud83e',
    '::set-output name=a::b',
    '##[command]x',
  ),
);

const bytes = hostile.map((text) => Buffer.from(text));
const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    status: fc.integer({ min: 100, max: 599 }),
    text: hostile,
    body: bytes,
    is: fc.boolean(),
  })
  .map(({ status, text, body, is }) => ({
    startedAt: AFTERNOON,
    durationMs: 1,
    outcome: is
      ? {
          kind: 'answered',
          status,
          headers: [
            ['Location', text],
            [text, text],
          ],
          body,
        }
      : { kind: 'failed', failure: 'reset', message: text },
  }));

/** Everything a stranger, or a store that came from one, can put into an event. */
export const hostileEvent: fc.Arbitrary<RecordedEvent> = fc
  .record({
    event: anyEvent,
    text: hostile,
    more: hostile,
    body: bytes,
    attempts: fc.array(attempt, { minLength: 1, maxLength: 2 }),
    endpoint: fc.oneof(fc.constant('http://localhost:3000/'), hostile),
  })
  .map(({ event, text, more, body, attempts, endpoint }) => ({
    ...event,
    provider: text,
    type: more,
    eventId: text,
    deliveryId: more,
    duplicateOf: text,
    verdict: { status: 'rejected', scheme: 's', reason: 'mismatch', detail: text, hint: more },
    request: {
      method: text,
      url: more,
      headers: [...event.request.headers, [text, more]],
      body,
    },
    deliveries: [{ cause: 'forward', endpoint, attempts }],
  }));
