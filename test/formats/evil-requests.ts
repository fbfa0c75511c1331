import fc from 'fast-check';
import type { RawRequest } from '../../src/core/types.ts';

/** What would be run, read or written if a shell or curl took it for more than text; each leaves a file. */
const EVIL = [
  "'; touch canary; '",
  '"; touch canary; "',
  '$(touch canary)',
  '`touch canary`',
  "\\'; touch canary #",
  "''; New-Item canary; '",
  '"); New-Item canary; #',
  '@canary',
  '@-',
  '-o canary',
  '--next -o canary',
  '--config canary',
  '%s%n\\101%PATH%',
  '!!',
  '!touch',
  '&& touch canary',
  '| tee canary',
  '> canary',
  '\n\ntouch canary\n',
  '\r\ntouch canary\r\n',
  "'@\nNew-Item canary\n@'",
  '{a,b}[1-3]*?~',
  '\x1b[201~touch canary\r',
  '\0touch canary\0',
  '\u2018; touch canary; \u2019',
  '::set-env name=PATH::x',
];

const codes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));
const letters = (alphabet: readonly string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), maxLength });
const VISIBLE = codes(0x21, 0x7e);

const evil = fc.constantFrom(...EVIL);
const value = fc
  .array(fc.oneof(evil, letters([' ', '\t', ...VISIBLE, ...codes(0x80, 0xff)], 20)), {
    maxLength: 3,
  })
  .map((parts) =>
    parts
      .join('')
      .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
      .trim(),
  );
const name = fc.oneof(
  fc.constantFrom('Content-Type', 'Stripe-Signature', 'User-Agent', 'accept', 'Cookie'),
  letters(
    VISIBLE.filter((letter) => !'"(),/:;<=>?@[\\]{}'.includes(letter)),
    12,
  ).map((text) => `X-${text}`),
);
const target = fc
  .array(fc.oneof(evil, letters([...VISIBLE, '/', '.'], 15)), { maxLength: 3 })
  .map((parts) => `/${parts.join('').replace(/[^\x21-\x7e]/g, '')}`);
const body = fc
  .oneof(
    fc.constant(new Uint8Array(0)),
    fc.uint8Array({ maxLength: 120 }),
    fc
      .array(fc.oneof(evil, fc.string({ unit: 'grapheme', maxLength: 20 })), { maxLength: 4 })
      .map((parts) => Buffer.from(parts.join(''))),
    evil.map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
    // Halves of characters, and what only looks like them.
    fc.constantFrom(
      Buffer.from([0xc3]),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from([0xf0, 0x9f]),
    ),
  )
  .map((bytes) => Buffer.from(bytes));

/** Requests as a server could have received them, full of what could do harm. */
export const evilRequest: fc.Arbitrary<RawRequest> = fc.record({
  method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'M-SEARCH'),
  url: target,
  headers: fc.array(fc.tuple(name, value), { maxLength: 5 }),
  body,
});
