import type { Operation } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import type { CellValue, CrmRow } from './ports/crm.ts';

/**
 * Reads the rows that operations are about, with the columns that they write; keyed by row id.
 *
 * @param columnsOf the columns that matter, where they are others
 */
export async function readRowsOf(
  deps: AppDeps,
  operations: readonly Operation[],
  signal?: AbortSignal,
  columnsOf: (operation: Operation) => readonly string[] = ({ after }) => Object.keys(after),
): Promise<ReadonlyMap<string, CrmRow>> {
  const rows = new Map<string, CrmRow>();
  for (const [entity, own] of byEntity(operations)) {
    const columns = [...new Set(['Id', ...own.flatMap((operation) => columnsOf(operation))])];
    const found = await deps.crm.findRows({
      entity,
      columns,
      by: { column: 'Id', values: own.map((operation) => operation.target.id) },
      ...(signal === undefined ? {} : { signal }),
    });
    for (const row of found) rows.set(String(row['Id']), row);
  }
  return rows;
}

/** Does the row hold these values? Ids compare without case, times to the millisecond; an absent cell is empty. */
export function sameCells(wanted: Readonly<Record<string, CellValue>>, row: CrmRow): boolean {
  return Object.entries(wanted).every(([column, value]) => sameCell(value, row[column] ?? null));
}

function sameCell(a: CellValue, b: CellValue): boolean {
  if (a === b) return true;
  if ((a === null || a === '') && (b === null || b === '')) return true;
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  if (GUID.test(a)) return GUID.test(b) && a.toLowerCase() === b.toLowerCase();
  // The digits behind the milliseconds depend on how the product wrote the answer.
  return TIME.test(a) && TIME.test(b) && Date.parse(a) === Date.parse(b);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Operations by the CRM's own entity. */
export function byEntity(operations: readonly Operation[]): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.target.entity);
    if (group === undefined) groups.set(operation.target.entity, [operation]);
    else group.push(operation);
  }
  return groups;
}
