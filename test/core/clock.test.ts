import { describe, expect, it } from 'vitest';
import {
  assertInstant,
  formatDuration,
  parseDuration,
  parseInstant,
} from '../../src/core/clock.ts';

const NOW = new Date('2026-01-31T12:00:00.000Z');

describe('a length of time', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['30', 30_000],
    ['0', 0],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    [' 5s ', 5_000],
  ])('%j is %i ms', (text, ms) => {
    expect(parseDuration(text, '--within')).toBe(ms);
  });

  it.each([
    '',
    's',
    '-1s',
    '+1s',
    '1 s',
    '1e3',
    '5x',
    '5S',
    '1.s',
    '.5s',
    '0x10',
    'NaN',
    'Infinity',
    '5constructor',
    '9'.repeat(400),
  ])('%j is none', (text) => {
    expect(() => parseDuration(text, '--within')).toThrowError(
      expect.objectContaining({
        code: 'bad-duration',
        message: expect.stringContaining('--within'),
      }),
    );
  });
});

describe('a point in time', () => {
  it.each([
    ['now', '2026-01-31T12:00:00.000Z'],
    ['-10m', '2026-01-31T11:50:00.000Z'],
    ['+1h', '2026-01-31T13:00:00.000Z'],
    ['1769860800', '2026-01-31T12:00:00.000Z'],
    ['1769860800123', '2026-01-31T12:00:00.123Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T13:00:00+01:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('%j is %s', (text, expected) => {
    expect(parseInstant(text, NOW, '--at').toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-13-45', '31.1.2026', '1769860800.5', '9'.repeat(15)])(
    '%j is none',
    (text) => {
      expect(() => parseInstant(text, NOW, '--at')).toThrowError(
        expect.objectContaining({ code: 'bad-time', message: expect.stringContaining('--at') }),
      );
    },
  );

  it.each(['+', '-x', `+${'9'.repeat(20)}w`, `-${'9'.repeat(400)}s`])('%j is none', (text) => {
    expect(() => parseInstant(text, NOW, '--at')).toThrowError(
      expect.objectContaining({ code: expect.stringMatching(/^bad-(time|duration)$/) }),
    );
  });

  it('must be a date since 1970', () => {
    expect(() => assertInstant(new Date(0), 'at')).not.toThrow();
    for (const at of [new Date(-1), new Date('garbage')]) {
      expect(() => assertInstant(at, 'at')).toThrowError(
        expect.objectContaining({ code: 'bad-time' }),
      );
    }
  });
});

describe('a length of time for people', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '<1 ms'],
    [34, '34 ms'],
    [999, '999 ms'],
    [999.6, '1 s'],
    [1_000, '1 s'],
    [1_240, '1.2 s'],
    [42_400, '42 s'],
    [119_900, '120 s'],
    [120_000, '2 min'],
    [300_000, '5 min'],
    [9_000_000, '2.5 h'],
    [86_400_000, '24 h'],
    [172_800_000, '2 days'],
    [259_200_000, '3 days'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
