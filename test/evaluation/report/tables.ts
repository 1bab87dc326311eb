import { upperBound } from '../metrics/bound.ts';
import type { Bin } from '../metrics/calibration.ts';
import type { Count, Tally } from '../metrics/tally.ts';
import type { HardNegativeResult } from '../evaluation.ts';
import type { Speed } from '../speed/measure.ts';

type Row = readonly (string | number)[];

export function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const [, ...numbers] = head;
  return [line(head), `| --- |${numbers.map(() => ' ---: |').join('')}`, ...rows.map(line)].join('\n');
}

export function sliceTable(title: string, counts: Iterable<Count>, order?: readonly string[]): string {
  const sorted = [...counts].toSorted((one, other) =>
    order === undefined ? other.pairs - one.pairs : order.indexOf(one.name) - order.indexOf(other.name),
  );
  return table(
    [
      title,
      'pairs',
      'linked right',
      'share',
      'wrong',
      'at most (95 %)',
      'unavoidable',
      'found in five',
      'cases',
    ],
    sorted.map((count) => [
      count.name,
      number(count.pairs),
      number(count.right),
      percent(count.right, count.pairs),
      count.wrong,
      `${(100 * upperBound(count.wrong, count.right + count.wrong)).toFixed(3)} %`,
      count.unavoidable,
      percent(count.found, count.pairs),
      percent(count.cases, count.pairs),
    ]),
  );
}

export function baselineTable(tallies: ReadonlyMap<string, Tally>): string {
  const rows = [...tallies].map(([name, { all, uniqueWithoutArabic, mistakes }]): Row => {
    const relatives = mistakes.filter(
      ({ left, linked }) => left.person.family !== null && left.person.family === linked?.person.family,
    );
    return [
      name,
      number(all.right),
      percent(all.right, all.pairs),
      percent(uniqueWithoutArabic.right, uniqueWithoutArabic.pairs),
      number(all.wrong),
      percent(all.wrong, all.right + all.wrong, 3),
      all.unavoidable,
      number(relatives.length),
    ];
  });
  return table(
    [
      'matching',
      'linked right',
      'of all pairs',
      'of unique names',
      'wrong',
      'share of wrong',
      'unavoidable',
      'with a relative',
    ],
    rows,
  );
}

export function hardNegativeTable(results: readonly HardNegativeResult[]): string {
  return table(
    ['kind', 'pairs tried', 'linked'],
    results.map(({ kind, tried, linked }) => [kind, number(tried), linked.length]),
  );
}

export function binTable(title: string, bins: readonly Bin[]): string {
  const used = bins.filter(({ candidates }) => candidates > 0);
  return table(
    [title, 'candidates', 'the person', 'share'],
    used.map(({ name, candidates, right }) => [
      name,
      number(candidates),
      number(right),
      percent(right, candidates),
    ]),
  );
}

export function speedTable(speeds: readonly Speed[]): string {
  return table(
    ['entries on each side', 'heap', 'seconds', 'memory at the peak', 'of it before matching'],
    speeds.map(({ size, flags, best }) => [
      number(size),
      flags === '' ? 'as Node takes it' : `bounded (\`${flags}\`)`,
      best === null ? 'not enough memory' : best.seconds.toFixed(1),
      best === null ? '' : `${best.peak.toFixed(0)} MB`,
      best === null ? '' : `${best.before.toFixed(0)} MB`,
    ]),
  );
}

export function percent(part: number, whole: number, digits = 1): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(digits)} %`;
}

export function number(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}
