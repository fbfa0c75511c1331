import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRequests } from '../../src/formats/compare.ts';
import { differenceText } from '../../src/terminal/event-diff.ts';
import { safe } from '../../src/terminal/safe.ts';
import { createTheme } from '../../src/terminal/theme.ts';
import { post } from '../helpers/requests.ts';

const plain = createTheme({ color: false });
const a = {
  ...post('{"a":1,"b":"x"}', [
    ['Content-Type', 'application/json'],
    ['X-Old', 'v'],
  ]),
};
const b = {
  ...post('{"a":"1","c":[1]}', [
    ['Content-Type', 'application/json'],
    ['X-New', ' v '],
  ]),
  url: '/other',
};

describe('differences for people', () => {
  it('are lines with what went and what came', () => {
    expect(differenceText(compareRequests(a, b), plain).split('\n')).toEqual([
      'request',
      '  ~ url',
      '    - /webhook',
      '    + /other',
      'headers',
      '  - X-Old: v',
      '  + X-New: " v "',
      'payload',
      '  ~ a',
      '    - 1',
      '    + "1"',
      '  - b: "x"',
      '  + c: [1]',
    ]);
  });

  it('are in colour where there is any', () => {
    const text = differenceText(compareRequests(a, b), createTheme({ color: true }));
    expect(text).toContain('\x1b[31m- X-Old: v\x1b[39m');
    expect(text).toContain('\x1b[32m+ c: [1]\x1b[39m');
  });

  it('of bytes say where they begin', () => {
    const found = compareRequests(post('ab\u0007'), post('ab'));
    expect(differenceText(found, plain)).toBe(
      'body\n  ~ The bytes differ from byte 2 on\n    - 3 bytes, there "ab\\u0007"\n    + 2 bytes, there "ab"',
    );
  });

  it('cannot steer a terminal, whatever was captured', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    const header = fc.tuple(text, text);
    const request = fc
      .record({ method: text, url: text, headers: fc.array(header), body: text })
      .map((one) => ({ ...one, body: Buffer.from(one.body) }));
    fc.assert(
      fc.property(request, request, (one, other) => {
        const shown = differenceText(compareRequests(one, other), plain);
        expect(safe(shown, { lines: true })).toBe(shown);
        for (const line of shown.split('\n')) expect(line).toMatch(/^(\w+$| {2})|^$/);
      }),
    );
  });
});
