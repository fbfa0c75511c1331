import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentJson } from '../../src/terminal/indent-json.ts';

const indented = (text: string) => indentJson(text, Number.POSITIVE_INFINITY)?.join('\n');

describe('JSON in lines', () => {
  it('stands as JSON.stringify would have it', () => {
    fc.assert(
      fc.property(
        fc.json({ noUnicodeString: false }),
        fc.integer({ min: 0, max: 2 }),
        (text, spaces) => {
          const value: unknown = JSON.parse(text);
          expect(indented(JSON.stringify(value, null, spaces))).toBe(
            JSON.stringify(value, null, 2),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('keeps literals as they are written', () => {
    expect(indented('{"a":1.50,"a":1E400,"b":"\\u0041\\"{},:"}')).toBe(
      '{\n  "a": 1.50,\n  "a": 1E400,\n  "b": "\\u0041\\"{},:"\n}',
    );
  });

  it('is nothing for other text', () => {
    for (const text of ['', 'a=1', '{"a":1', '{}{}', '\ufeff{}']) {
      expect(indentJson(text, 10), text).toBeUndefined();
    }
  });

  it('ends where enough is shown', () => {
    expect(indentJson('[1,2,3]', 2)).toEqual(['[', '  1,']);
  });
});
