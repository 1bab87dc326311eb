import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunRecord } from './ports/runs.ts';

/**
 * Does a run that has ended still know for whom something failed? An import for nobody would look as if all were well.
 *
 * @throws RollcallError `CONFLICT` with what to do instead
 */
export async function checkKnowsWhoFailed({ store }: Pick<AppDeps, 'store'>, run: RunRecord): Promise<void> {
  if (run.finishedAt === null || (await store.runs.planHead(run.id)) !== null) return;
  // A run without a report failed before it had a plan; only one that had both can have lost the plan since.
  const why =
    run.report === null
      ? 'ended before anything was planned, so nobody failed in it'
      : 'no longer knows for whom something failed: its details were cleared away';
  throw new RollcallError('CONFLICT', `Run ${run.id} ${why}.`, {
    cure: '`rollcall import --retry-failed` takes in everybody and sends again what failed; `retention` says how long details are kept.',
    details: { runId: run.id },
  });
}
