import type { Operation } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import { isOfDirectory, readDirectoryRows } from './directory-writes.ts';
import { readRowsOf } from './read-back.ts';
import { judgeRow, keysOf } from './settle.ts';

/** Of operations that may have been sent, those whose rows show that they were not carried out. */
export async function stillOpen(
  deps: AppDeps,
  sent: readonly Operation[],
  signal: AbortSignal | undefined,
): Promise<Operation[]> {
  if (sent.length === 0) return [];
  const rows = new Map([
    ...(await readRowsOf(
      deps,
      sent.filter((operation) => !isOfDirectory(operation)),
      signal,
    )),
    ...(await readDirectoryRows(deps, sent.filter(isOfDirectory), signal)),
  ]);
  const keys = keysOf(deps.mapping);
  return sent.filter((operation) => judgeRow(operation, rows.get(operation.target.id), keys) === null);
}
