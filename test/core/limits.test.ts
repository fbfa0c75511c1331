import { describe, expect, it } from 'vitest';
import { formatSize, LIMITS, parseSize } from '../../src/core/limits.ts';

describe('a size', () => {
  it.each([
    ['0', 0],
    ['1000', 1_000],
    ['512b', 512],
    ['512kb', 524_288],
    ['512 KiB', 524_288],
    ['1k', 1_024],
    ['25mb', 26_214_400],
    ['1.5M', 1_572_864],
    ['1gb', 1_073_741_824],
    ['0.3b', 0],
  ])('%j is %i bytes', (text, bytes) => {
    expect(parseSize(text, '--max-body')).toBe(bytes);
  });

  it.each([
    '',
    'mb',
    '-1',
    '+1',
    '1e3',
    '1 m b',
    '5tb',
    '5constructor',
    '5tostring',
    '1..5',
    '0x10',
    '9'.repeat(400),
  ])('%j is none', (text) => {
    expect(() => parseSize(text, '--max-body')).toThrowError(
      expect.objectContaining({ code: 'bad-size', message: expect.stringContaining('--max-body') }),
    );
  });
});

describe('a size for people', () => {
  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [1_024, '1 KB'],
    [3_500, '3.4 KB'],
    [1_048_575, '1 MB'],
    [1_048_576, '1 MB'],
    [LIMITS.bodyBytes, '25 MB'],
    [1_073_741_824, '1 GB'],
    [5_000_000_000_000, '4657 GB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});
