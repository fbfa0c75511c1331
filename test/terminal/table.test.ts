import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from '../../src/terminal/table.ts';
import { colored, plain, withoutColor } from './samples.ts';

/** For the letters of this test: the wide ones take two columns. */
const columnsOf = (line: string): number =>
  [...withoutColor(line)].reduce((sum, letter) => sum + (/[漢😀]/u.test(letter) ? 2 : 1), 0);

const HEAD = ['id', 'type', 'ms'];
const ROWS = [
  ['evt_1', 'payment_intent.succeeded', '34'],
  ['evt_22', 'push', '1204'],
];
const options = { theme: plain, right: [2], flexible: 1 };

describe('a table', () => {
  it('has columns two blanks apart and no borders', () => {
    expect(table(HEAD, ROWS, { ...options, width: 80 })).toBe(
      [
        'id      type                        ms',
        'evt_1   payment_intent.succeeded    34',
        'evt_22  push                      1204',
      ].join('\n'),
    );
  });

  it('fits exactly where there is just enough room', () => {
    const whole = table(HEAD, ROWS, { ...options, width: Infinity });
    expect(table(HEAD, ROWS, { ...options, width: 38 })).toBe(whole);
    expect(table(HEAD, ROWS, { ...options, width: 0 })).toBe(whole);
  });

  it('cuts the flexible column first', () => {
    expect(table(HEAD, ROWS, { ...options, width: 24 })).toBe(
      ['id      type          ms', 'evt_1   payment_i…    34', 'evt_22  push        1204'].join(
        '\n',
      ),
    );
  });

  it('cuts the flexible column first even where another is wider', () => {
    const rows = [['a'.repeat(30), 'b'.repeat(20), '1']];
    expect(table(HEAD, rows, { ...options, width: 46 }).split('\n')[1]).toBe(
      `${'a'.repeat(30)}  ${'b'.repeat(9)}…   1`,
    );
  });

  it('then cuts the others, and leaves out the columns that have no room at all', () => {
    expect(table(HEAD, ROWS, { ...options, width: 18 }).split('\n')[1]).toBe('evt_1  paym…    34');
    expect(table(HEAD, ROWS, { ...options, width: 4 }).split('\n')).toEqual([
      '…  …',
      '…  …',
      '…  …',
    ]);
    expect(table(HEAD, ROWS, { ...options, width: 3 }).split('\n')).toEqual(['id', 'ev…', 'ev…']);
  });

  it('has a head even without rows', () => {
    expect(table(HEAD, [], { ...options, width: 80 })).toBe('id  type  ms');
  });

  it('takes no room for colour and closes it where it cuts', () => {
    const rows = [[colored.ok('verified'), colored.bad('rejected: mismatch')]];
    const drawn = table(['a', 'b'], rows, { theme: colored, width: 20, flexible: 1 });
    expect(drawn).toBe(
      '\x1b[2ma\x1b[22m         \x1b[2mb\x1b[22m\n' +
        '\x1b[32mverified\x1b[39m  \x1b[31mrejected:…\x1b[39m',
    );
  });

  it('draws a hundred thousand rows', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => [String(i), 'push', '1']);
    const lines = table(HEAD, rows, { ...options, width: 80 }).split('\n');
    expect(lines.length).toBe(100_001);
    expect(lines.at(-1)).toBe('99999  push   1');
  });

  const cell = fc
    .tuple(
      fc.string({ unit: fc.constantFrom(...'ab _.', '漢', '😀'), maxLength: 40 }),
      fc.constantFrom(colored.ok, plain.ok, colored.dim),
    )
    .map(([text, paint]) => paint(text));

  it('is never wider than the terminal, and its columns stand below each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell, cell, cell, cell, cell), { maxLength: 6 }),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 0, max: 6 }),
        (rows, width, flexible) => {
          const head = ['id', 'time', 'provider', 'type', 'verdict', 'status', 'end'];
          const numbered = rows.map((row) => [...row.slice(0, 6), '|']);
          const drawn = table(head, numbered, { theme: plain, width, flexible });
          const lines = drawn.split('\n');
          expect(lines.length).toBe(rows.length + 1);
          for (const line of lines) expect(columnsOf(line), drawn).toBeLessThanOrEqual(width);
          expect(drawn).not.toMatch(/\p{Cs}/u);
          const ends = lines
            .slice(1)
            .map((line) => columnsOf(line.slice(0, line.lastIndexOf('|'))));
          expect(new Set(ends).size, drawn).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is the same whether its cells had to be measured or not', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc. '), maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 20, max: 80 }),
        (rows, width) => {
          const draw = (cells: string[][]) => table(HEAD, cells, { ...options, width });
          const measured = rows.map((row) => row.map((one) => one.replaceAll('a', 'é')));
          expect(draw(measured).replaceAll('é', 'a')).toBe(draw(rows));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
