import { chunkOperations } from '../domain/planning/chunks.ts';
import { requestFloor } from '../domain/planning/floor.ts';
import type { Plan } from '../domain/planning/plan.ts';
import { planAfterRecheck, recheckPlan } from '../domain/planning/recheck.ts';
import type { Report } from '../domain/run.ts';
import { applyOperations } from './apply.ts';
import type { AppDeps } from './deps.ts';
import { completedLinks, goneLinks, standingLinks } from './links.ts';
import { hasOwnFingerprint, planImport, signPlan } from './plan-import.ts';
import { RollcallError } from './ports/errors.ts';
import type { RequestTally } from './ports/requests.ts';
import type { SettledOperation, StoredOperation } from './ports/store.ts';
import { makeReport } from './report.ts';
import { rememberComplete, type Snapshot } from './snapshot.ts';
import { verifyUpdates } from './verify.ts';

/** What the caller of a run decides; kept in memory while the run is under way in this process. */
export interface RunOrder {
  readonly plan?: Plan | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly acceptFewer?: boolean | undefined;
  confirm(plan: Plan, runId: string): Promise<boolean>;
}

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

interface OpenRun {
  readonly order: RunOrder;
  readonly startTally: Readonly<Record<string, RequestTally>>;
  snapshot: Snapshot | null;
  plan: Plan | null;
  chunks: readonly (readonly string[])[] | null;
  stopped: string | null;
  notes: string[];
  applied: number;
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
        chunks: null,
        stopped: null,
        notes: [],
        applied: 0,
      });
    },
    close: (runId) => void openRuns.delete(runId),
    prepare: (runId, signal) => prepare(deps, runId, runOf(runId), signal),
    applyChunk: (runId, index, signal) => applyChunk(deps, runId, runOf(runId), index, signal),
    finish: (runId, signal) => finish(deps, runId, runOf(runId), signal),
  };
}

async function prepare(deps: AppDeps, runId: string, run: OpenRun, signal?: AbortSignal): Promise<number> {
  const record = await deps.store.runs.get(runId);
  if (record?.phase === 'applying') {
    run.plan = await deps.store.runs.plan(runId);
    run.notes.push('The run was cut off and has been continued.');
    if (run.plan !== null && deps.clock.now() - Date.parse(record.startedAt) > FRESH_MS)
      await dropStale(deps, runId, run.plan, signal);
    return (await chunksOf(deps, runId, run)).length;
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
  return (await chunksOf(deps, runId, run)).length;
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

function checkSaved(saved: Plan, fresh: Plan, deps: AppDeps): void {
  if (!hasOwnFingerprint(saved, deps.identity.digest))
    throw new RollcallError(
      'VALIDATION',
      'The plan has been changed since it was made: its fingerprint does not fit.',
      {
        cure: 'Make a fresh plan with `rollcall plan --out FILE`; plans are read, not edited.',
      },
    );
  if (saved.directory.domainId !== fresh.directory.domainId || saved.mapping.digest !== fresh.mapping.digest)
    throw new RollcallError('VALIDATION', 'The plan was made for another directory, mapping or policy.', {
      cure: 'Make a fresh plan with `rollcall plan --out FILE`.',
    });
}

async function chunksOf(deps: AppDeps, runId: string, run: OpenRun): Promise<readonly (readonly string[])[]> {
  if (run.chunks !== null) return run.chunks;
  const operations = (await deps.store.runs.operations(runId)).map(({ operation }) => operation);
  run.chunks = chunkOperations(operations, deps.crm.capabilities.batchSize);
  return run.chunks;
}

async function applyChunk(
  deps: AppDeps,
  runId: string,
  run: OpenRun,
  index: number,
  signal?: AbortSignal,
): Promise<void> {
  const ids = new Set((await chunksOf(deps, runId, run))[index] ?? []);
  const all = await deps.store.runs.operations(runId);
  const own = all.filter(({ operation }) => ids.has(operation.id));
  const failed = new Set(
    all
      .filter(({ state }) => state === 'failed' || state === 'stale' || state === 'skipped')
      .map(({ operation }) => operation.id),
  );
  const plan = run.plan;
  if (plan === null) throw new RollcallError('NOT_FOUND', `Run ${runId} has no plan.`);
  const tracker = completedLinks(plan, deps.mapping.directory, own);
  await applyOperations(
    deps,
    runId,
    own,
    failed,
    async (outcomes) => {
      await deps.store.runs.settle(runId, outcomes, tracker(outcomes));
      run.applied += outcomes.length;
      deps.progress.publish({ runId, phase: 'applying', done: run.applied, total: all.length });
    },
    signal,
  );
}

async function finish(deps: AppDeps, runId: string, run: OpenRun, signal?: AbortSignal): Promise<Report> {
  const { store, mapping, clock } = deps;
  const plan = run.plan;
  const record = await store.runs.get(runId);
  deps.onMoment?.('finishing');
  if (plan === null || record === null) throw new RollcallError('NOT_FOUND', `Run ${runId} has no plan.`);
  const now = new Date(clock.now()).toISOString();
  let operations: readonly StoredOperation[] = [];
  let updated: readonly string[] = [];
  if (run.stopped === null) {
    await leaveNothingOpen(deps, runId);
    deps.progress.publish({ runId, phase: 'verifying', done: 0, total: null });
    updated = await verifyUpdates(deps, runId, plan, signal);
    operations = await store.runs.operations(runId);
    const links = await store.links.all(mapping.directory);
    await store.links.save([
      ...standingLinks(plan, mapping.directory, operations),
      ...goneLinks(plan, links, operations),
    ]);
    const replaced = plan.people.flatMap((person) => (person.succeeds === null ? [] : [person.succeeds]));
    if (replaced.length > 0) await store.links.remove(mapping.directory, replaced);
    if (plan.crm.complete) await store.cases.reconcile(mapping.directory, runId, disputedOf(plan), now);
    if (run.snapshot !== null) await rememberComplete(deps, run.snapshot);
  }
  const report = makeReport({
    runId,
    trigger: record.trigger,
    startedAt: Date.parse(record.startedAt),
    finishedAt: clock.now(),
    plan: run.stopped === null ? plan : { ...plan, operations: [] },
    operations,
    requests: spent(deps, run.startTally),
    floor: floorOf(deps, run, plan, operations, updated),
    stopped: run.stopped,
    notes: run.notes,
  });
  await store.runs.update(runId, {
    status: report.status,
    phase: 'done',
    finishedAt: report.finishedAt,
    report,
    problem: run.stopped,
  });
  deps.progress.publish({ runId, phase: 'done', done: operations.length, total: operations.length });
  return report;
}

/** A chunk that failed for good leaves operations without outcome; they get one, so that the sums are right. */
async function leaveNothingOpen(deps: AppDeps, runId: string): Promise<void> {
  const open = await deps.store.runs.operations(runId, ['planned', 'intended']);
  if (open.length === 0) return;
  await deps.store.runs.settle(
    runId,
    open.map(({ operation, state }) => ({
      operationId: operation.id,
      state: state === 'intended' ? 'failed' : 'skipped',
      code: state === 'intended' ? 'UNKNOWN_OUTCOME' : 'UNAVAILABLE',
      message:
        state === 'intended'
          ? 'It was sent, but the CRM could not be asked what became of it; the next import finds out.'
          : 'The CRM could not be reached; the next import does it.',
      image: null,
    })),
    [],
  );
}

function disputedOf(plan: Plan) {
  return plan.people
    .filter((person) => person.situation === 'disputed')
    .map(({ userId, login, displayName, reason, candidates }) => ({
      directoryUserId: userId,
      login,
      displayName,
      reason,
      candidates,
    }));
}

function floorOf(
  deps: AppDeps,
  run: OpenRun,
  plan: Plan,
  operations: readonly StoredOperation[],
  updated: readonly string[],
): number {
  const { directory, crm } = deps;
  const sizes = run.snapshot?.sizes ?? [];
  const sent = operations.filter(({ state }) => state === 'confirmed' || state === 'failed').length;
  return requestFloor({
    fixed: directory.capabilities.fixedRequests + crm.capabilities.fixedRequests,
    collections: sizes,
    probeTerms: 0,
    termsPerProbe: crm.capabilities.probeTerms,
    batchableRows: plan.operations.length === 0 ? 0 : sent,
    batchSize: crm.capabilities.batchSize,
    singleWrites: 0,
    updated: sizes.filter(({ entity }) => updated.includes(entity)),
  });
}

function tallies(deps: AppDeps): Record<string, RequestTally> {
  return { [deps.directory.product]: deps.directory.tally(), [deps.crm.product]: deps.crm.tally() };
}

function spent(deps: AppDeps, before: Readonly<Record<string, RequestTally>>): Record<string, RequestTally> {
  return Object.fromEntries(
    Object.entries(tallies(deps)).map(([system, tally]) => {
      const start = before[system];
      return [
        system,
        { ...tally, used: tally.used - (start?.used ?? 0), retries: tally.retries - (start?.retries ?? 0) },
      ];
    }),
  );
}
