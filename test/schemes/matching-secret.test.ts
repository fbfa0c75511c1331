import { describe, expect, it } from 'vitest';
import { matchingSecret } from '../../src/schemes/matching-secret.ts';

describe('the matching secret', () => {
  const fault = (secret: string) => (secret === '' ? 'is empty' : undefined);

  it('is the first of those that fit', () => {
    expect(matchingSecret(['a', 'b', 'b'], fault, (secret) => secret === 'b')).toBe(1);
    expect(matchingSecret(['a'], fault, () => false)).toBe(-1);
    expect(matchingSecret([], fault, () => true)).toBe(-1);
  });

  it('is looked for to the end, so that time does not tell where it was', () => {
    const tried: string[] = [];
    matchingSecret(['a', 'b', 'c'], fault, (secret) => tried.push(secret) > 0);
    expect(tried).toEqual(['a', 'b', 'c']);
  });

  it('is never one with a fault', () => {
    expect(matchingSecret(['', 'a'], fault, () => true)).toBe(1);
  });
});
