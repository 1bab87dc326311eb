import { chunkOperations } from '../domain/planning/chunks.ts';
import type { Plan } from '../domain/planning/plan.ts';
import { planAfterRecheck, recheckPlan } from '../domain/planning/recheck.ts';
import type { Report } from '../domain/run.ts';
import { applyOperations } from './apply.ts';
import type { AppDeps } from './deps.ts';
import { finishRun } from './finish.ts';
import { completedLinks, peopleOfPlan } from './links.ts';
import { keepSpent, keptSpent, tallies, type OpenRun, type RunOrder, type Work } from './open-run.ts';
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
        earlier: {},
        snapshot: null,
        goesOn: false,
        crmUserRight: null,
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
  run.earlier = await keptSpent(deps, runId);
  const record = await deps.store.runs.get(runId);
  if (record?.phase === 'applying') return goOn(deps, runId, run, signal);

  let fresh = await read(deps, runId, run, signal);
  const saved = run.order.plan;
  if (saved !== undefined) checkSaved(saved, fresh, deps);
  if (stopsAt(run, fresh)) return 0;
  const plan = saved ?? fresh;
  run.plan = plan;
  let recheck = saved === undefined ? null : recheckPlan(saved, fresh);
  const left = recheck === null ? plan.operations.length : recheck.standing.length;
  if (left > 0) {
    const asked = deps.clock.now();
    if (!(await run.order.confirm(plan, runId))) {
      run.stopped = 'Stopped: the plan was not approved; nothing was written.';
      return 0;
    }
    if (deps.clock.now() - asked > SHORT_ANSWER_MS) {
      // Both systems went on while the question waited.
      fresh = await read(deps, runId, run, signal);
      if (stopsAt(run, fresh)) return 0;
      recheck = recheckPlan(plan, fresh);
    }
  }
  deps.onMoment?.('approved');
  const kept =
    recheck === null ? plan : signPlan(planAfterRecheck(plan, fresh, recheck), deps.identity.digest);
  run.plan = kept;
  await deps.store.runs.savePlan(runId, kept);
  if (recheck !== null) await deps.store.runs.settle(runId, staleOutcomes(recheck.stale), []);
  deps.onMoment?.('planned');
  return (await workOf(deps, runId, run)).chunks.length;
}

/** An answer that comes sooner leaves the reading fresh enough to be applied as it is. */
const SHORT_ANSWER_MS = 5000;

/**
 * Continues a run that was cut off. What was sent is settled by reading when its chunk is applied; what was not is held
 * against a fresh plan first, since nobody knows how long the run has lain.
 */
async function goOn(deps: AppDeps, runId: string, run: OpenRun, signal?: AbortSignal): Promise<number> {
  const { runs } = deps.store;
  const plan = await runs.plan(runId);
  if (plan === null) throw new RollcallError('NOT_FOUND', `Run ${runId} has no plan.`);
  run.goesOn = true;
  run.notes.push('The run was cut off and has been continued.');
  // It was decided when the plan was made; whether the right still stands shows when they are made.
  if (plan.operations.some(({ entity }) => entity === 'crmUser')) run.crmUserRight = { allowed: true };
  const unsent = (await runs.operations(runId, ['planned'])).map(({ operation }) => operation);
  const fresh = await read(deps, runId, run, signal, plan);
  run.plan = plan;
  const stale = fresh.directory.complete
    ? recheckPlan({ ...plan, operations: unsent }, fresh).stale
    : new Map(
        unsent.map(({ id }) => [id, 'The directory could not be read completely when the run went on.']),
      );
  await runs.settle(runId, staleOutcomes(stale), []);
  return (await workOf(deps, runId, run)).chunks.length;
}

async function read(
  deps: AppDeps,
  runId: string,
  run: OpenRun,
  signal: AbortSignal | undefined,
  continues?: Plan,
): Promise<Plan> {
  const { plan, snapshot, crmUserRight } = await planImport(deps, {
    signal,
    retryFailed: run.order.retryFailed,
    acceptFewer: run.order.acceptFewer,
    continues,
    crmUserRight: run.crmUserRight,
    onProgress: (done, total) => deps.progress.publish({ runId, phase: 'reading', done, total }),
  });
  run.snapshot = snapshot;
  run.crmUserRight = crmUserRight;
  await keepSpent(deps, runId, run);
  return plan;
}

/** A directory that was not read completely gives no ground for anything. */
function stopsAt(run: OpenRun, fresh: Plan): boolean {
  if (fresh.directory.complete) return false;
  run.stopped = 'Stopped: the directory was not read completely, so nothing was planned or written.';
  run.plan = fresh;
  return true;
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
      await keepSpent(deps, runId, run);
      run.applied += outcomes.length;
      deps.progress.publish({ runId, phase: 'applying', done: run.applied, total: work.operations });
    },
    signal,
  );
}
