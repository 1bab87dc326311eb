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
  /** Shares of the width by column; without them, each column is as wide as it needs. */
  readonly shares?: readonly number[];
  /** Columns of figures, from 0. */
  readonly right?: readonly number[];
  readonly indent?: number;
}

/** Aligned columns without lines; long cells are wrapped into their column. */
export function renderTable(style: TextStyle, options: TableOptions): string {
  const { head = [], rows, shares, right = [], indent = 2 } = options;
  const width = Math.max(40, Math.min(style.columns, 160)) - indent;
  const total = shares?.reduce((sum, share) => sum + share, 0) ?? 1;
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const table = new Table({
    chars: { ...BORDERLESS, middle: ' ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    head: head.map((text) => paint(style, 'dim', text)),
    colAligns: Array.from({ length: columns }, (_, index) => (right.includes(index) ? 'right' : 'left')),
    wordWrap: true,
    wrapOnWordBoundary: true,
    ...(shares === undefined
      ? {}
      : { colWidths: shares.map((share) => Math.max(6, Math.floor((width * share) / total) - 1)) }),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd())
    .join('\n');
}
