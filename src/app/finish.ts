import { requestFloor } from '../domain/planning/floor.ts';
import type { Plan } from '../domain/planning/plan.ts';
import type { Report } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import { goneLinks, standingLinks } from './links.ts';
import { spent, type OpenRun } from './open-run.ts';
import { RollcallError } from './ports/errors.ts';
import type { StoredOperation } from './ports/store.ts';
import { makeReport } from './report.ts';
import { rememberComplete } from './snapshot.ts';
import { verifyUpdates } from './verify.ts';

/** Verifies what was applied, keeps what was learnt and writes the report. */
export async function finishRun(
  deps: AppDeps,
  runId: string,
  run: OpenRun,
  signal?: AbortSignal,
): Promise<Report> {
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
    if (run.snapshot !== null) await rememberComplete(deps, run.snapshot, run.goesOn ? [] : operations);
  }
  const report = makeReport({
    runId,
    trigger: record.trigger,
    startedAt: Date.parse(record.startedAt),
    finishedAt: clock.now(),
    plan: run.stopped === null ? plan : { ...plan, operations: [] },
    operations,
    requests: spent(deps, run),
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
  const sent = operations.filter(({ state }) => state === 'confirmed' || state === 'failed');
  const crmUsers = sent.filter(({ operation }) => operation.entity === 'crmUser').length;
  const asked = run.crmUserRight === null || crm.crmUsers === null ? 0 : 1;
  return requestFloor({
    fixed: directory.capabilities.fixedRequests + crm.capabilities.fixedRequests + asked,
    collections: sizes,
    // Before a CRM user is made, their login is looked for.
    probeTerms: crmUsers,
    termsPerProbe: crm.capabilities.probeTerms,
    batchableRows: plan.operations.length === 0 ? 0 : sent.length - crmUsers,
    batchSize: crm.capabilities.batchSize,
    singleWrites: crmUsers,
    updated: sizes.filter(({ entity }) => updated.includes(entity)),
  });
}
