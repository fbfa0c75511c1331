import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, safe, safeJson, safeName } from '../../src/terminal/safe.ts';
import { HARMLESS } from './samples.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

describe('text from outside', () => {
  it.each([
    ['\x1b[31mred', '\\x1b[31mred'],
    ['\x00\x07\x08\x0b\x7f', '\\x00\\x07\\x08\\x0b\\x7f'],
    ['\r\n\t', '\\x0d\\x0a\\x09'],
    ['\x9b2J\x80\x9f', '\\x9b2J\\x80\\x9f'],
    ['a\u202eb\u2066c\u2069', 'a\\u202eb\\u2066c\\u2069'],
    [
      '\u200e\u200f\u061c\u200b\u200d\u2060\ufeff\u00ad',
      '\\u200e\\u200f\\u061c\\u200b\\u200d\\u2060\\ufeff\\xad',
    ],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['\ud83e|\udd1d', '\\ud83e|\\udd1d'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\u3164\u115f', '\\u3164\\u115f'],
    ['é ß 漢字 🪝 ❤\ufe0f', 'é ß 漢字 🪝 ❤\ufe0f'],
    ['C:\\x1b', 'C:\\x1b'],
  ])('of kind %# is spelt out', (text, shown) => {
    expect(safe(text)).toBe(shown);
  });

  it('keeps line breaks and tabs where they are wanted, and nothing else', () => {
    expect(safe('a\n\tb\r\x0c', { lines: true })).toBe('a\n\tb\\x0d\\x0c');
  });

  it('gives no command to the runner of GitHub Actions', () => {
    expect(safe('::error::x')).toBe('\\x3a:error::x');
    expect(safe('a\n  ::set-env\n:: ::', { lines: true })).toBe('a\n  \\x3a:set-env\n\\x3a: ::');
    expect(safe('a ##[group]b ##')).toBe('a \\x23#[group]b ##');
    expect(safe('App::call')).toBe('App::call');
  });

  it('holds only what can be seen, whatever goes in', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, lines) => {
        const shown = safe(text, { lines });
        expect(shown.replaceAll('\t', lines ? '' : '\t')).toMatch(HARMLESS);
        expect(shown.includes('\n')).toBe(lines && text.includes('\n'));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is left alone where it is harmless', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aZ09 .,-_/\\"\'{}[]é漢🪝') });
    fc.assert(
      fc.property(letters, (text) => {
        fc.pre(!text.includes('::'));
        expect(safe(text)).toBe(text);
      }),
    );
  });

  it('is cut to a length', () => {
    expect(safe('abcdef', { max: 6 })).toBe('abcdef');
    expect(safe('abcdefg', { max: 6 })).toBe('abcde…');
    expect(safe('🪝🪝🪝', { max: 4 })).toBe('🪝…');
    expect(safe('\x1b\x1b', { max: 6 })).toBe('\\x1b\\…');
    expect(cut('abc', 0)).toBe('');
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const shown = safe(text, { max });
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown).toMatch(HARMLESS);
        expect(shown).toBe(cut(safe(text), max));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is in quotes where its blanks could pass for columns', () => {
    expect(safeName('invoice.paid', 80)).toBe('invoice.paid');
    expect(safeName('', 80)).toBe('""');
    expect(safeName('a  evt_1  ✓ verified', 80)).toBe('"a  evt_1  ✓ verified"');
    expect(safeName('a"  b', 80)).toBe('"a\\"  b"');
    expect(safeName('a\u3000b', 80)).toBe('"a\u3000b"');
    expect(safeName('a"b', 80)).toBe('"a\\"b"');
    expect(safeName(':', 80)).toBe('":"');
  });

  it('is in JSON what it was, but can be looked at', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const json = safeJson(JSON.stringify({ text }));
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).toMatch(HARMLESS);
        expect(json).not.toContain('\n');
      }),
      { numRuns: 2_000 },
    );
    expect(safeJson('"\x9b\u202e\u{e0041}é"')).toBe('"\\u009b\\u202e\\udb40\\udc41é"');
  });
});
