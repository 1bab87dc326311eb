import type { Operation } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import { isOfDirectory, readDirectoryRows } from './directory-writes.ts';
import type { CrmRow } from './ports/crm.ts';
import { readRowsOf } from './read-back.ts';
import { judgeRow, keysOf } from './settle.ts';

/** The rows of operations that may have been sent, by row id, from the system that each is about. */
export async function readSent(
  deps: AppDeps,
  sent: readonly Operation[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, CrmRow>> {
  const ofCrm = sent.filter((operation) => !isOfDirectory(operation));
  return new Map([
    ...(await readRowsOf(deps, ofCrm, signal)),
    ...(await readDirectoryRows(deps, sent.filter(isOfDirectory), signal)),
  ]);
}

/** Of operations that may have been sent, those whose rows show that they were not carried out. */
export async function stillOpen(
  deps: AppDeps,
  sent: readonly Operation[],
  signal: AbortSignal | undefined,
): Promise<Operation[]> {
  if (sent.length === 0) return [];
  const rows = await readSent(deps, sent, signal);
  const keys = keysOf(deps.mapping);
  return sent.filter((operation) => judgeRow(operation, rows.get(operation.target.id), keys) === null);
}
