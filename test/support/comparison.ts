import type { Report } from '../../src/domain/run.ts';
import type { Row, Sandbox } from '../../src/sandbox/types.ts';

/** Stamps of changes: two runs that do the same do it at different times. */
const STAMPS = new Set(['CreatedOn', 'ModifiedOn', 'UsrLastSyncOn']);

/** Rows that the CRM makes by itself, under ids of its own. */
const DERIVED = new Set(['ContactCommunication']);

/** Every row of the CRM, change stamps and what else is to be left aside, in an order that two runs have in common. */
export function crmState(
  creatio: Pick<Sandbox, 'state'>,
  aside: readonly string[] = [],
): Record<string, string[]> {
  const left = new Set([...STAMPS, ...aside]);
  return Object.fromEntries(
    Object.entries(creatio.state()).map(([table, rows]) => [
      table,
      rows
        .map((row) => JSON.stringify(comparable(row, DERIVED.has(table) ? new Set([...left, 'Id']) : left)))
        .toSorted(),
    ]),
  );
}

function comparable(row: Row, aside: ReadonlySet<string>): Row {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !aside.has(column))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What a report says about people and rows: the same for every way in which a run came to its end. */
export function resultOf(report: Report) {
  const { status, directory, situations, gone, pendingPush, operations, outcomes, cases, failures } = report;
  return { status, directory, situations, gone, pendingPush, operations, outcomes, cases, failures };
}

export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
