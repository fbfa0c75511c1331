import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/terminal/progress.ts';

const progress = { what: 'importing', events: 12_000, doneBytes: 5_242_880, elapsedMs: 2_000 };

describe('a line of progress', () => {
  it('tells how much is done of all there is', () => {
    expect(progressLine({ ...progress, totalBytes: 4 * 5_242_880 }, 100)).toBe(
      'importing  [######                  ] 25 %  12,000 events  2.5 MB/s',
    );
    expect(progressLine({ ...progress, events: 1, totalBytes: 5_242_880 }, 100)).toMatch(
      /\[#{24}\] 100 % {2}1 event /,
    );
  });

  it('has no bar where nobody knows how much there is', () => {
    expect(progressLine(progress, 100)).toBe('importing  12,000 events  2.5 MB/s');
    expect(progressLine({ ...progress, totalBytes: 0, doneBytes: 0, elapsedMs: 0 }, 100)).toBe(
      'importing  12,000 events',
    );
  });

  it('never reaches the end of the line of a terminal', () => {
    for (const width of [0, 1, 20, 40]) {
      expect(progressLine({ ...progress, totalBytes: 1e9 }, width).length).toBeLessThanOrEqual(
        Math.max(0, width - 1),
      );
    }
  });
});
