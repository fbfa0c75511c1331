import CliTable from 'cli-table3';
import type { Theme } from './theme.ts';

export interface TableOptions {
  /** Columns of the terminal; Infinity where there is none. */
  readonly width: number;
  readonly theme: Theme;
  /** Columns that stand to the right. */
  readonly right?: readonly number[];
  /** The column that is cut first when there is too little room. */
  readonly flexible?: number;
}

type Row = readonly string[];
type Align = 'left' | 'right';

const GAP = 2;
/** Below this the flexible column says nothing any more, and the others have to give. */
const NARROWEST = 8;

/** Columns without borders. Cells are safe already; colour in them takes no room. */
export function table(head: Row, rows: readonly Row[], options: TableOptions): string {
  const { theme, right = [], flexible = 0 } = options;
  // A terminal that does not know its size says 0.
  const room = options.width > 0 ? options.width : Infinity;
  // Each column has at least one character; those without room for that are left out.
  const columns = Math.min(head.length, Math.max(1, Math.floor((room + GAP) / (GAP + 1))));
  const shown = [head.map((title) => theme.dim(title)), ...rows].map((row) =>
    Array.from({ length: columns }, (_, i) => row[i] ?? ''),
  );
  const natural = Array.from({ length: columns }, () => 1);
  for (const row of shown) {
    for (const [i, cell] of row.entries()) {
      natural[i] = Math.max(natural[i] as number, widthOf(cell));
    }
  }
  const widths = squeeze(natural, room - GAP * (columns - 1), flexible);
  const aligns = widths.map((_, i): Align => (right.includes(i) ? 'right' : 'left'));
  return shown.map((row) => drawRow(row, widths, aligns).trimEnd()).join('\n');
}

/** Takes from the flexible column first, then from the widest, until all have room. */
function squeeze(natural: readonly number[], room: number, flexible: number): readonly number[] {
  const widths = [...natural];
  let excess = natural.reduce((sum, width) => sum + width, 0) - room;
  const take = (column: number, count: number) => {
    widths[column] = (widths[column] as number) - count;
    excess -= count;
  };
  const spare = (widths[flexible] ?? 0) - NARROWEST;
  if (excess > 0 && spare > 0) take(flexible, Math.min(spare, excess));
  while (excess > 0) take(widths.indexOf(Math.max(...widths)), 1);
  return widths;
}

// Where one character is one column nothing has to be measured. cli-table3 takes 0.3 ms for a row,
// and 15 ms for its first twenty, which would be most of the time of a `list` (2026-11).
const PLAIN = /^(?:[\x20-\x7e\u2026]|\x1b\[[0-9;]*m)*$/;
const SGR = /\x1b\[[0-9;]*m/g;

const plainWidth = (cell: string): number =>
  cell.includes('\x1b') ? cell.replace(SGR, '').length : cell.length;

function widthOf(cell: string): number {
  if (PLAIN.test(cell)) return plainWidth(cell);
  const measured = drawer();
  measured.push([cell]);
  measured.toString();
  // Drawing leaves the widths it found in the options.
  return measured.options.colWidths[0] ?? 0;
}

function drawRow(row: Row, widths: readonly number[], aligns: readonly Align[]): string {
  if (!row.every((cell) => PLAIN.test(cell))) return drawMeasured(row, widths, aligns);
  return row
    .map((cell, i) => {
      const width = widths[i] as number;
      const blank = width - plainWidth(cell);
      if (blank < 0) return cutPlain(cell, width);
      return aligns[i] === 'right' ? ' '.repeat(blank) + cell : cell + ' '.repeat(blank);
    })
    .join(' '.repeat(GAP));
}

/** The first characters of a cell and `…`; what ends its colour stays. */
function cutPlain(cell: string, width: number): string {
  let column = 0;
  return cell.replace(/\x1b\[[0-9;]*m|./g, (found) => {
    if (found.length > 1) return found;
    column++;
    if (column < width) return found;
    return column === width ? '…' : '';
  });
}

function drawMeasured(row: Row, widths: readonly number[], aligns: readonly Align[]): string {
  const drawn = drawer([...widths], [...aligns]);
  drawn.push([...row]);
  // Half of a wide character that was cut in two takes one column, as a blank does.
  return drawn.toString().replace(/\p{Cs}/gu, ' ');
}

const drawer = (colWidths: number[] = [], colAligns: Align[] = []) =>
  new CliTable({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths,
    colAligns,
  });

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
