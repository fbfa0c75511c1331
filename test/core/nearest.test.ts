import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/nearest.ts';

const NAMES = [
  'stripe',
  'github',
  'standard-webhooks',
  'generic',
  'invoice.paid',
  'invoice.voided',
];

describe('nearest', () => {
  it.each([
    ['strpie', ['stripe']],
    ['Stripe', ['stripe']],
    ['gihtub', ['github']],
    ['webhooks', ['standard-webhooks']],
    ['invoice', ['invoice.paid', 'invoice.voided']],
    ['inv', ['invoice.paid', 'invoice.voided']],
    ['invoice.payd', ['invoice.paid']],
    ['zzzzzz', []],
    ['', []],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, NAMES)).toEqual(expected);
  });

  it('returns at most as many as asked for', () => {
    expect(nearest('invoice', NAMES, 1)).toEqual(['invoice.paid']);
  });

  it('finds a word after one slip of the keyboard', () => {
    const slip = fc.record({
      at: fc.nat(5),
      kind: fc.constantFrom('drop', 'swap', 'double', 'other'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), slip, (name, { at, kind }) => {
        const [a, b] = [name[at] as string, name[at + 1] ?? ''];
        const slipped = { drop: '', swap: b + a, double: a + a + b, other: `q${b}` }[kind];
        const typed = name.slice(0, at) + (kind === 'drop' ? b : slipped) + name.slice(at + 2);
        expect(nearest(typed, NAMES)[0]).toBe(name);
      }),
    );
  });
});
