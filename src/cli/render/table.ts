import Table from 'cli-table3';
import { paint, type TextStyle } from './text.ts';

const BORDERLESS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((name) => [name, '']),
);

export interface TableOptions {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Shares of the width by column, 0 for one as wide as its longest cell, at most half of all; without them, no column is wrapped. */
  readonly shares?: readonly number[];
  /** Columns of figures, from 0. */
  readonly right?: readonly number[];
  readonly indent?: number;
}

/** Aligned columns without lines; long cells are wrapped into their column. */
export function renderTable(style: TextStyle, options: TableOptions): string {
  const { head = [], rows, shares, right = [], indent = 2 } = options;
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const table = new Table({
    chars: { ...BORDERLESS, middle: ' ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    head: head.map((text) => paint(style, 'dim', text)),
    colAligns: Array.from({ length: columns }, (_, index) => (right.includes(index) ? 'right' : 'left')),
    wordWrap: true,
    wrapOnWordBoundary: true,
    ...(shares === undefined ? {} : { colWidths: widths(style.columns - indent, shares, [head, ...rows]) }),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd())
    .join('\n');
}

function widths(
  available: number,
  shares: readonly number[],
  rows: readonly (readonly string[])[],
): number[] {
  const fixed = shares.map((share, column) =>
    share > 0
      ? 0
      : Math.min(Math.max(...rows.map((row) => (row[column] ?? '').length)) + 1, Math.floor(available / 2)),
  );
  const rest = Math.max(40, Math.min(available, 160)) - fixed.reduce((sum, width) => sum + width + 1, 0);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, column) =>
    share > 0 ? Math.max(8, Math.floor((rest * share) / total) - 1) : (fixed[column] ?? 8),
  );
}
