import { chunkOperations } from '../domain/planning/chunks.ts';
import type { Plan } from '../domain/planning/plan.ts';
import { planAfterRecheck, recheckPlan } from '../domain/planning/recheck.ts';
import type { Report } from '../domain/run.ts';
import { applyOperations } from './apply.ts';
import type { AppDeps } from './deps.ts';
import { finishRun } from './finish.ts';
import { completedLinks, peopleOfPlan } from './links.ts';
import { tallies, type OpenRun, type RunOrder, type Work } from './open-run.ts';
import { planImport, signPlan } from './plan-import.ts';
import { RollcallError } from './ports/errors.ts';
import type { SettledOperation } from './ports/store.ts';
import { checkSaved } from './saved-plan.ts';

/** The phases of an import as jobs call them, each safe to be called again. */
export interface Runner {
  /** Takes the order of a run that is about to start or to go on. */
  open(runId: string, order: RunOrder): void;
  close(runId: string): void;
  /** Reads, plans, asks and keeps the plan. Answers how many chunks there are to apply; 0 when nothing is. */
  prepare(runId: string, signal?: AbortSignal): Promise<number>;
  applyChunk(runId: string, index: number, signal?: AbortSignal): Promise<void>;
  /** Verifies, keeps what was learnt and writes the report. */
  finish(runId: string, signal?: AbortSignal): Promise<Report>;
}

export function createRunner(deps: AppDeps): Runner {
  const openRuns = new Map<string, OpenRun>();
  const runOf = (runId: string): OpenRun => {
    const run = openRuns.get(runId);
    if (run === undefined)
      throw new RollcallError('NOT_FOUND', `Run ${runId} is not under way in this process.`, {
        cure: 'Start the import again; it continues the run that was cut off.',
      });
    return run;
  };

  return {
    open: (runId, order) => {
      openRuns.set(runId, {
        order,
        startTally: tallies(deps),
        snapshot: null,
        plan: null,
        work: null,
        stopped: null,
        notes: [],
        applied: 0,
      });
    },
    close: (runId) => void openRuns.delete(runId),
    prepare: (runId, signal) => prepare(deps, runId, runOf(runId), signal),
    applyChunk: (runId, index, signal) => applyChunk(deps, runId, runOf(runId), index, signal),
    finish: (runId, signal) => finishRun(deps, runId, runOf(runId), signal),
  };
}

async function prepare(deps: AppDeps, runId: string, run: OpenRun, signal?: AbortSignal): Promise<number> {
  const record = await deps.store.runs.get(runId);
  if (record?.phase === 'applying') {
    run.plan = await deps.store.runs.plan(runId);
    run.notes.push('The run was cut off and has been continued.');
    if (run.plan !== null && deps.clock.now() - Date.parse(record.startedAt) > FRESH_MS)
      await dropStale(deps, runId, run.plan, signal);
    return (await workOf(deps, runId, run)).chunks.length;
  }

  const { plan: fresh, snapshot } = await planImport(deps, {
    signal,
    retryFailed: run.order.retryFailed,
    acceptFewer: run.order.acceptFewer,
    onProgress: (done, total) => deps.progress.publish({ runId, phase: 'reading', done, total }),
  });
  run.snapshot = snapshot;
  const saved = run.order.plan;
  const plan = saved ?? fresh;
  if (saved !== undefined) checkSaved(saved, fresh, deps);
  run.plan = plan;

  if (!fresh.directory.complete) {
    run.stopped = 'Stopped: the directory was not read completely, so nothing was planned or written.';
    run.plan = fresh;
    return 0;
  }
  const recheck = saved === undefined ? null : recheckPlan(saved, fresh);
  const left = recheck === null ? plan.operations.length : recheck.standing.length;
  if (left > 0 && !(await run.order.confirm(plan, runId))) {
    run.stopped = 'Stopped: the plan was not approved; nothing was written.';
    return 0;
  }
  deps.onMoment?.('approved');
  const kept =
    recheck === null || saved === undefined
      ? plan
      : signPlan(planAfterRecheck(saved, fresh, recheck), deps.identity.digest);
  run.plan = kept;
  await deps.store.runs.savePlan(runId, kept);
  if (recheck !== null) await deps.store.runs.settle(runId, staleOutcomes(recheck.stale), []);
  deps.onMoment?.('planned');
  return (await workOf(deps, runId, run)).chunks.length;
}

/** So long after its start, a run that goes on does not rely on what it read then. */
const FRESH_MS = 3_600_000;

/** Marks as stale what a fresh plan would not intend any more; what was sent already is settled by reading. */
async function dropStale(deps: AppDeps, runId: string, plan: Plan, signal?: AbortSignal): Promise<void> {
  const { plan: fresh } = await planImport(deps, { signal, onProgress: () => undefined });
  const unsent = (await deps.store.runs.operations(runId, ['planned'])).map(({ operation }) => operation);
  const { stale } = recheckPlan({ ...plan, operations: unsent }, fresh);
  await deps.store.runs.settle(runId, staleOutcomes(stale), []);
}

function staleOutcomes(stale: ReadonlyMap<string, string>): SettledOperation[] {
  return [...stale].map(([operationId, message]) => ({
    operationId,
    state: 'stale',
    code: 'STALE',
    message,
    image: null,
  }));
}

async function workOf(deps: AppDeps, runId: string, run: OpenRun): Promise<Work> {
  if (run.work !== null) return run.work;
  if (run.plan === null) throw new RollcallError('NOT_FOUND', `Run ${runId} has no plan.`);
  const operations = (await deps.store.runs.operations(runId)).map(({ operation }) => operation);
  run.work = {
    chunks: chunkOperations(operations, deps.crm.capabilities.batchSize),
    people: peopleOfPlan(run.plan),
    operations: operations.length,
  };
  return run.work;
}

async function applyChunk(
  deps: AppDeps,
  runId: string,
  run: OpenRun,
  index: number,
  signal?: AbortSignal,
): Promise<void> {
  const work = await workOf(deps, runId, run);
  const { runs } = deps.store;
  const own = await runs.operationsById(runId, work.chunks[index] ?? []);
  const ids = new Set(own.map(({ operation }) => operation.id));
  // What others depend on stands in a chunk that has ended before: if it is not confirmed by now, it was not done.
  const parents = new Set(own.flatMap(({ operation }) => operation.dependsOn).filter((id) => !ids.has(id)));
  const failed = new Set(
    (await runs.operationsById(runId, [...parents]))
      .filter(({ state }) => state !== 'confirmed')
      .map(({ operation }) => operation.id),
  );
  const linksOf = completedLinks(work.people, deps.mapping.directory, own);
  await applyOperations(
    deps,
    runId,
    own,
    failed,
    async (outcomes) => {
      await runs.settle(runId, outcomes, linksOf(outcomes));
      run.applied += outcomes.length;
      deps.progress.publish({ runId, phase: 'applying', done: run.applied, total: work.operations });
    },
    signal,
  );
}
