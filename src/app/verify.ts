import { afterLosses } from '../domain/planning/losses.ts';
import type { AppDeps } from './deps.ts';
import { isOfDirectory } from './directory-writes.ts';
import { readRowsOf, sameCells } from './read-back.ts';
import type { SettledOperation } from './ports/runs.ts';

/**
 * Reads the rows of confirmed updates once more, since the CRM answers an update without a body and drops columns that
 * it does not know without a word. An update that reads back otherwise counts as failed, and
 * its person is not linked on the strength of it.
 *
 * @returns the entities in which rows were updated
 */
export async function verifyUpdates(
  deps: AppDeps,
  runId: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const confirmed = (
    await deps.store.runs.operations(runId, { states: ['confirmed'], kinds: ['update'] })
  ).filter(({ operation }) => !isOfDirectory(operation));
  if (confirmed.length === 0) return [];
  const lost = await deps.store.runs.operations(runId, { states: ['failed', 'skipped', 'stale'] });
  const losses = new Map(lost.map(({ operation, code }) => [operation.id, code ?? 'DEPENDENCY']));
  // What was left out because a CRM user was refused is not missing.
  const updates = confirmed.map(({ operation }) => {
    const left = afterLosses(operation, losses);
    return 'operation' in left ? left.operation : operation;
  });
  const rows = await readRowsOf(deps, updates, signal);
  const wrong: SettledOperation[] = updates.flatMap((operation) => {
    const row = rows.get(operation.target.id);
    if (row !== undefined && sameCells(operation.after, row)) return [];
    const columns = Object.keys(operation.after).join(', ');
    return [
      {
        operationId: operation.id,
        state: 'failed',
        code: 'CONTRACT',
        message: `The CRM accepted the change of ${columns} but does not show it; check the column names and the account's rights to them.`,
        image: row ?? null,
      },
    ];
  });
  if (wrong.length > 0) {
    await deps.store.runs.settle(runId, wrong, []);
    const failed = new Set(wrong.map(({ operationId }) => operationId));
    const people = updates.flatMap(({ id, person }) => (failed.has(id) && person !== null ? [person] : []));
    await deps.store.links.remove(deps.mapping.directory, people);
  }
  return [...new Set(updates.map((operation) => operation.target.entity))];
}
