import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher } from '../../src/core/glob.ts';

describe('a glob', () => {
  it.each<[string, string[], string[]]>([
    ['push', ['push'], ['pushed', 'repush', 'Push', '']],
    ['invoice.*', ['invoice.paid', 'invoice.'], ['invoice', 'invoices.paid', 'an invoice.paid']],
    ['*.paid', ['invoice.paid', '.paid'], ['paid', 'invoice.paid.late']],
    ['*', ['', 'anything', 'two\nlines'], []],
    ['**', ['', 'x'], []],
    ['a*b*c', ['abc', 'aXbYc', 'abbcbc'], ['ab', 'acb', 'abcd']],
    ['a*a', ['aa', 'aba'], ['a']],
    ['ab*ba', ['abba', 'ab-ba'], ['aba']],
    ['?', ['x', '?'], ['', 'xy']],
    ['a?c', ['abc', 'a.c'], ['ac', 'abbc']],
    ['*?', ['x', 'xy'], ['']],
    ['*a?c*', ['abc', '-aac-', 'aabc'], ['ac', 'ca']],
    ['', [''], ['x']],
    ['a.c', ['a.c'], ['abc']],
    ['[a-z]+', ['[a-z]+'], ['abc']],
    ['$1\\', ['$1\\'], ['1']],
  ])('%s', (pattern, matching, others) => {
    const matches = globMatcher(pattern);
    for (const text of matching) expect(matches(text), text).toBe(true);
    for (const text of others) expect(matches(text), text).toBe(false);
  });

  it('agrees with the regular expression it stands for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(globMatcher(pattern)(text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not led astray by a pattern made to be slow', () => {
    const text = 'a'.repeat(200_000);
    // A matcher that came back to earlier stars would be at this for longer than the universe lasts.
    expect(globMatcher(`${'*a'.repeat(2_000)}*b`)(text)).toBe(false);
    expect(globMatcher(`${'*a?'.repeat(2_000)}*b*`)(text)).toBe(false);
  });
});
