import { formatSize } from '../core/limits.ts';

const CELLS = 24;

export interface Progress {
  /** What is done, such as `importing`. */
  readonly what: string;
  readonly events: number;
  readonly doneBytes: number;
  /** Absent where nobody knows how much there is. */
  readonly totalBytes?: number | undefined;
  readonly elapsedMs: number;
}

/**
 * How far a long work has come, in one line: `importing [######      ] 25 %  12,000 events  3.2 MB/s`.
 *
 * @param width columns of the terminal
 */
export function progressLine(progress: Progress, width: number): string {
  const { what, events, doneBytes, totalBytes, elapsedMs } = progress;
  const speed = elapsedMs > 0 ? `${formatSize(Math.round((doneBytes * 1_000) / elapsedMs))}/s` : '';
  const count = `${events.toLocaleString('en-US')} ${events === 1 ? 'event' : 'events'}`;
  const parts = [what, bar(doneBytes, totalBytes), count, ...(doneBytes > 0 ? [speed] : [])];
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .slice(0, Math.max(0, width - 1));
}

function bar(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return '';
  const share = Math.min(1, done / total);
  const full = Math.floor(share * CELLS);
  return `[${'#'.repeat(full)}${' '.repeat(CELLS - full)}] ${Math.floor(share * 100)} %`;
}
