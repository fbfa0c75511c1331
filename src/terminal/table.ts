import CliTable from 'cli-table3';
import type { Theme } from './theme.ts';

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly theme: Theme;
  /** Columns that stand to the right. */
  readonly right?: readonly number[];
  /** The column that is cut first when there is too little room. */
  readonly flexible?: number;
}

const GAP = 2;
const NARROWEST = 4;
const SGR = /\x1b\[[0-9;]*m/g;

const lengthOf = (cell: string): number => cell.replace(SGR, '').length;

/** Columns without borders. Cells are safe already; colour in them takes no room. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width, theme, right = [], flexible = 0 }: TableOptions,
): string {
  const widths = head.map((title, i) =>
    Math.max(lengthOf(title), ...rows.map((row) => lengthOf(row[i] ?? ''))),
  );
  fit(widths, width - GAP * (head.length - 1), flexible);
  const drawn = new CliTable({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: widths,
    colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')),
    truncate: '…',
    wordWrap: false,
  });
  drawn.push(
    head.map((title) => theme.dim(title)),
    ...rows.map((row) => [...row]),
  );
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes from the flexible column first, then from the widest, until all fit. */
function fit(widths: number[], room: number, flexible: number): void {
  const excess = () => widths.reduce((sum, width) => sum + width, 0) - room;
  const flexibleWidth = widths[flexible] ?? 0;
  if (excess() > 0) widths[flexible] = Math.max(NARROWEST, flexibleWidth - excess());
  while (excess() > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= 1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};
