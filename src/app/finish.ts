import { requestFloor } from '../domain/planning/floor.ts';
import type { PlanHead } from '../domain/planning/plan.ts';
import type { Report } from '../domain/run.ts';
import { cleanUpQuietly } from './clean-up.ts';
import type { AppDeps } from './deps.ts';
import { keepCases } from './keep-cases.ts';
import type { Meter } from './meter.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunFigures, RunReading, StoredOperation } from './ports/runs.ts';
import { makeReport, peopleNamedIn, type PersonNames } from './report.ts';
import { rememberChanges, rememberComplete } from './snapshot.ts';
import { finishUndo } from './undo.ts';
import { verifyUpdates } from './verify.ts';

/** How a run ends before its plan is applied; without either, it ends because everything is done. */
export interface Ending {
  /** Why it ends for good, in one sentence. */
  readonly stopped?: string;
  /** It does not end yet: a guard stopped it until somebody approves. */
  readonly waitsFor?: 'approval';
}

/** Verifies what was applied, keeps what was learnt and writes the report. */
export async function finishRun(
  deps: AppDeps,
  runId: string,
  ending: Ending = {},
  options: { readonly signal?: AbortSignal | undefined; readonly meter?: Meter } = {},
): Promise<void> {
  const { runs } = deps.store;
  const isApplied = ending.stopped === undefined && ending.waitsFor === undefined;
  deps.onMoment?.('finishing');
  let updated: readonly string[] = [];
  if (isApplied) {
    await leaveNothingOpen(deps, runId, await runs.operations(runId, { states: ['planned', 'intended'] }));
    deps.progress.publish({ runId, phase: 'verifying', done: 0, total: null });
    updated = await verifyUpdates(deps, runId, options.signal);
  }
  const [run, head, reading] = await Promise.all([
    runs.get(runId),
    runs.planHead(runId),
    runs.reading(runId),
  ]);
  if (run === null || head === null) throw new RollcallError('NOT_FOUND', `Run ${runId} has no plan.`);
  const figures = await runs.figures(runId);
  if (isApplied) await keepWhatWasLearnt(deps, runId, run.order.undoes, figures, reading, head);
  await options.meter?.keep(runId);
  const finishedAt = ending.waitsFor === undefined ? deps.clock.now() : null;
  const report = makeReport({
    run,
    head,
    figures: isApplied ? figures : { ...figures, operations: [], failures: [] },
    names: await namesOf(deps, runId, peopleNamedIn(figures)),
    now: deps.clock.now(),
    requests: await runs.spent(runId),
    floor: floorOf(deps, reading, isApplied ? figures : null, updated),
    stopped: ending.stopped ?? null,
    waitsForApproval: ending.waitsFor === 'approval',
    notes: await runs.notes(runId),
  });
  await runs.update(runId, {
    status: report.status,
    phase: finishedAt === null ? 'planned' : 'done',
    finishedAt: report.finishedAt,
    report,
    problem: ending.stopped ?? null,
  });
  tellEnd(deps, report);
  const total = figures.operations.reduce((sum, { count }) => sum + count, 0);
  deps.progress.publish({ runId, phase: 'done', done: total, total });
  if (finishedAt !== null) await cleanUpQuietly(deps);
}

/** So many people are read at a time, since their part of the plan may be long. */
const PEOPLE_AT_A_TIME = 200;

/** Who these people are, by directory user id. */
async function namesOf(
  { store: { runs } }: AppDeps,
  runId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, PersonNames>> {
  const names = new Map<string, PersonNames>();
  for (let from = 0; from < userIds.length; from += PEOPLE_AT_A_TIME)
    for (const { userId, login, displayName } of await runs.people(
      runId,
      userIds.slice(from, from + PEOPLE_AT_A_TIME),
    ))
      names.set(userId, { login, displayName });
  return names;
}

/** In figures alone: names stand in the report. */
function tellEnd({ logger }: AppDeps, report: Report): void {
  const { runId, kind, trigger, status, guards, outcomes, cases, requests, durationMs } = report;
  if (status === 'awaiting-approval') {
    const tripped = guards.map(({ guard, number, allowed }) => `${guard}: ${number}, allowed ${allowed}`);
    logger.warn('A run waits for approval.', { runId, kind, trigger, guards: tripped });
  } else
    logger.info('A run has ended.', {
      runId,
      kind,
      trigger,
      status,
      ...outcomes,
      cases,
      requests: requests.used,
      durationMs,
    });
}

async function keepWhatWasLearnt(
  deps: AppDeps,
  runId: string,
  undoes: string | null,
  figures: RunFigures,
  reading: RunReading | null,
  head: Pick<PlanHead, 'kind' | 'directory' | 'crm'>,
): Promise<void> {
  const { runs, holds } = deps.store;
  const { directory } = deps.mapping;
  if (undoes !== null) {
    await finishUndo(deps, runId, undoes);
    return;
  }
  await runs.completeLinks(runId, directory);
  if (head.crm.complete && head.directory.complete) await keepCases(deps, runId, head.kind, figures, reading);
  if (figures.held > 0) await holds.remove(directory, await runs.takenIn(runId));
  if (reading?.isPartial === true) await rememberChanges(deps, figures.operations);
  else if (reading !== null)
    await rememberComplete(
      deps,
      reading,
      { directory: head.directory.complete, crm: head.crm.complete },
      figures.operations,
    );
}

/** What could not be applied gets an outcome, so that the sums are right. */
export async function leaveNothingOpen(
  deps: AppDeps,
  runId: string,
  operations: readonly StoredOperation[],
): Promise<void> {
  await deps.store.runs.settle(
    runId,
    operations
      .filter(({ state }) => state === 'planned' || state === 'intended')
      .map(({ operation, state }) => ({
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

function floorOf(
  deps: AppDeps,
  reading: RunReading | null,
  figures: RunFigures | null,
  updated: readonly string[],
): number {
  const { directory, crm } = deps;
  const sizes = reading?.sizes ?? [];
  const sent = (figures?.operations ?? []).filter(({ state }) => state === 'confirmed' || state === 'failed');
  const total = (groups: typeof sent): number => groups.reduce((sum, { count }) => sum + count, 0);
  const crmUsers = total(sent.filter(({ entity }) => entity === 'crmUser'));
  const users = sent.filter(({ entity }) => entity === 'directoryUser');
  const made = total(users.filter(({ kind }) => kind === 'create'));
  // Directory users are read again right before they are written.
  const readAgain = Math.ceil((total(users) - made) / crm.capabilities.probeTerms);
  const asked = (reading?.crmUserRight ?? null) === null || crm.crmUsers === null ? 0 : 1;
  return requestFloor({
    fixed: directory.capabilities.fixedRequests + crm.capabilities.fixedRequests + asked,
    collections: sizes,
    // Before a CRM user is made, their login is looked for.
    probeTerms: crmUsers,
    termsPerProbe: crm.capabilities.probeTerms,
    batchableRows: total(sent) - crmUsers - total(users),
    batchSize: crm.capabilities.batchSize,
    // Of a user who is made, the login is looked for first, one at a time, and the rules for passwords are asked.
    singleWrites: crmUsers + total(users) + 2 * made + readAgain,
    updated: sizes.filter(({ entity }) => updated.includes(entity)),
  });
}
