import type { Operation, Plan } from '../domain/planning/plan.ts';
import { placesOf } from '../domain/planning/places.ts';
import { planAfterRecheck, recheckInSteps } from '../domain/planning/recheck.ts';
import type { RunPhase } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import { finishRun } from './finish.ts';
import { inTurns } from './in-turns.ts';
import type { Meter } from './meter.ts';
import { planRun, signInSteps, type PlanOptions } from './plan-run.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunReading, RunRecord, RunStore, SettledOperation } from './ports/runs.ts';
import { acceptMatching } from './regress.ts';
import { checkOrigin } from './saved-plan.ts';
import { outcome } from './settle.ts';
import { readingOf } from './snapshot.ts';
import { stillOpen } from './still-open.ts';
import { planUndo } from './undo.ts';

/** `apply`: the plan is kept and its chunks can be applied; `ended`: nothing is left to do, or a person has to decide. */
export type Next = 'apply' | 'ended';

/** What preparing works with, and who hears of the plan. */
export interface Preparing {
  readonly deps: AppDeps;
  readonly signal: AbortSignal | undefined;
  readonly meter: Meter;
  /** The plan as it was kept, while it is at hand. */
  onPlan(runId: string, plan: Plan): void;
}

/**
 * An answer to the question that comes sooner is applied as if nobody had been asked. Planning and keeping do not count:
 * with many people they take longer than this, and a run that does not ask is applied after them all the same.
 */
const FRESH_MS = 5000;

/**
 * Brings a run to the point where its plan can be applied, from wherever it stands; safe to be called again. The run ends
 * here when the directory was not read completely, and waits when a guard or a question stops it.
 */
export async function prepareRun(preparing: Preparing, runId: string): Promise<Next> {
  const run = await preparing.deps.store.runs.get(runId);
  if (run === null) throw new RollcallError('NOT_FOUND', `There is no run ${runId}.`);
  switch (run.phase) {
    case 'done':
    case 'planned':
      return 'ended';
    case 'reading':
      return planFresh(preparing, run);
    case 'approved':
      return checkAgain(preparing, run);
    case 'applying':
      return goOn(preparing, run);
  }
}

async function planFresh(preparing: Preparing, given: RunRecord): Promise<Next> {
  const { deps } = preparing;
  let run = given;
  let { plan, reading } = await read(preparing, run);
  if (plan.guards.length > 0) {
    run = await withWaiting(deps, given);
    if (run !== given) ({ plan, reading } = await read(preparing, run));
  }
  if (!plan.directory.complete) return stopIncomplete(preparing, run, plan, reading);
  const phase = nextPhase(run, plan, plan.operations.length);
  if (phase === 'applying') deps.onMoment?.('approved');
  await keep(preparing, run, plan, reading, phase);
  return phase === 'applying' ? 'apply' : 'ended';
}

/**
 * A push of a few records that a guard stops takes in those of another one that waits for approval, so that one run waits,
 * whatever the number of hints (design §6), and whether a person asked for either. What no guard stops is not kept back by
 * it. Two that treat people on hold differently stay apart: nobody who is on hold is taken in because of somebody else.
 */
async function withWaiting({ store }: AppDeps, run: RunRecord): Promise<RunRecord> {
  const { records, includeHeld } = run.order;
  if (records === null) return run;
  const waiting = (await waitingForApproval(store.runs, run.id)).filter(
    ({ kind, order }) => kind === 'push' && order.records !== null && order.includeHeld === includeHeld,
  );
  const all = new Set([...waiting.flatMap(({ order }) => order.records ?? []), ...records]);
  const named = new Set([...waiting.flatMap(({ order }) => order.named), ...run.order.named]);
  if (all.size === records.length && named.size === run.order.named.length) return run;
  const order = { ...run.order, records: [...all], named: [...named] };
  await store.runs.update(run.id, { order });
  return { ...run, order };
}

async function waitingForApproval(runs: RunStore, ownId: string): Promise<readonly RunRecord[]> {
  return (await runs.waiting()).filter(({ id, status }) => id !== ownId && status === 'awaiting-approval');
}

/** A plan that a person agreed to, or saved earlier, is held against both systems as they are now (ADR 3). */
async function checkAgain(preparing: Preparing, run: RunRecord): Promise<Next> {
  const { deps, signal } = preparing;
  const { runs } = deps.store;
  const known = await runs.reading(run.id);
  const isAnswer = !run.order.ask && !run.order.approved;
  const since = known?.askedAt ?? known?.readAt;
  if (isAnswer && since !== undefined && deps.clock.now() - Date.parse(since) <= FRESH_MS) {
    deps.onMoment?.('approved');
    await runs.advance(run.id, 'approved', { phase: 'applying' });
    deps.onMoment?.('planned');
    return 'apply';
  }
  const { plan: fresh, reading } = await read(preparing, run, { crmUserRight: known?.crmUserRight });
  // Only now: planning takes much memory, and a plan may be as large as what it is made from.
  const plan = await planOf(deps, run.id);
  checkOrigin(plan, fresh);
  if (!fresh.directory.complete) return stopIncomplete(preparing, run, fresh, reading);
  const recheck = await inTurns(recheckInSteps(plan, fresh), signal);
  const whole = planAfterRecheck(plan, fresh, recheck);
  const agreed = await inTurns(signInSteps(whole, deps.identity.digest), signal);
  const phase = nextPhase(run, agreed, recheck.standing.length);
  if (phase === 'applying') deps.onMoment?.('approved');
  await keep(preparing, run, agreed, reading, phase, recheck.stale);
  return phase === 'applying' ? 'apply' : 'ended';
}

/**
 * Continues a run that was cut off while it was applied. What was sent and carried out is settled by reading when its chunk
 * is applied; what was not is held against a fresh plan first, since nobody knows how long the run has lain.
 */
async function goOn(preparing: Preparing, run: RunRecord): Promise<Next> {
  const { deps, signal } = preparing;
  const { runs } = deps.store;
  const plan = await planOf(deps, run.id);
  // It was decided when the plan was made; whether the right still stands shows when they are made.
  const right = plan.operations.some(({ entity }) => entity === 'crmUser')
    ? ({ allowed: true } as const)
    : null;
  const { plan: fresh, reading } = await read(preparing, run, { continues: plan, crmUserRight: right });
  const known = await runs.operations(run.id, { states: ['planned', 'intended'] });
  const sent = known.filter(({ state }) => state === 'intended').map(({ operation }) => operation);
  const unsent = known.filter(({ state }) => state === 'planned').map(({ operation }) => operation);
  let stale: ReadonlyMap<string, string>;
  if (fresh.directory.complete) {
    const unmade = new Set([...unsent, ...(await stillOpen(deps, sent, signal))]);
    const operations = known.flatMap(({ operation }) => (unmade.has(operation) ? [operation] : []));
    ({ stale } = await inTurns(recheckInSteps({ ...plan, operations }, fresh), signal));
  } else
    stale = new Map(
      unsent.map(({ id }) => [id, 'The directory could not be read completely when the run went on.']),
    );
  const outcomesOf = (operations: readonly Operation[]): SettledOperation[] =>
    operations.flatMap(({ id }) => {
      const message = stale.get(id);
      return message === undefined ? [] : [outcome(id, 'stale', 'STALE', message)];
    });
  await runs.settle(run.id, outcomesOf(sent), []);
  await runs.settleUnsent(run.id, outcomesOf(unsent));
  await runs.noteReading(run.id, { ...reading, showsOwnRows: true }, [
    'The run was cut off and has been continued.',
  ]);
  return 'apply';
}

function nextPhase(run: RunRecord, plan: Plan, open: number): Extract<RunPhase, 'planned' | 'applying'> {
  if (open === 0) return 'applying';
  return run.order.ask || (plan.guards.length > 0 && !run.order.approved) ? 'planned' : 'applying';
}

async function keep(
  { deps, meter, onPlan }: Preparing,
  run: RunRecord,
  plan: Plan,
  reading: RunReading,
  phase: 'planned' | 'applying',
  stale?: ReadonlyMap<string, string>,
): Promise<void> {
  const { runs } = deps.store;
  const stopped = phase === 'planned' && plan.guards.length > 0 && !run.order.approved;
  const gaveWay = stopped ? await whyItGivesWay(runs, run) : null;
  if (gaveWay !== null) {
    await runs.savePlan(run.id, { plan, places: [], reading, phase: 'applying', isPartial: true });
    await finishRun(deps, run.id, { stopped: gaveWay }, { meter });
    return;
  }
  const replaced = await runs.savePlan(run.id, {
    plan,
    places: placesOf(plan, deps.crm.capabilities.batchSize),
    reading,
    phase,
    isPartial: run.order.records !== null,
    ...(stale === undefined ? {} : { stale }),
  });
  if (stopped && replaced.length > 0)
    await runs.noteReading(run.id, reading, [await placesTaken(runs, run, replaced)]);
  if (phase === 'planned' && run.order.ask)
    await runs.noteReading(run.id, { ...reading, askedAt: new Date(deps.clock.now()).toISOString() }, []);
  onPlan(run.id, plan);
  if (phase === 'applying') deps.onMoment?.('planned');
  else if (stopped) await finishRun(deps, run.id, { waitsFor: 'approval' }, { meter });
}

/**
 * Why a push of a few records that a guard has stopped does not wait itself: another run does, which it could neither be
 * taken into nor take the place of. Only one run waits at a time.
 */
async function whyItGivesWay(runs: RunStore, { id, order, trigger }: RunRecord): Promise<string | null> {
  if (order.records === null) return null;
  const waiting = await waitingForApproval(runs, id);
  const wider = waiting.find((other) => other.order.records === null);
  if (wider !== undefined)
    return `Stopped at a guard: run ${wider.id} is about everybody and waits for approval, and what this one would do is in it or in the next sync.`;
  const other = waiting.find((one) => one.order.includeHeld !== order.includeHeld);
  return other === undefined || trigger === 'command'
    ? null
    : `Stopped at a guard: run ${other.id} waits for approval and takes in people on hold; this one is tried again after it.`;
}

/** Tells whoever is to approve a run what became of those that waited before. */
async function placesTaken(
  runs: RunStore,
  { order }: RunRecord,
  replaced: readonly string[],
): Promise<string> {
  const which = replaced.length === 1 ? `run ${replaced[0]}` : `the runs ${replaced.join(', ')}`;
  const taken = `It takes the place of ${which}, which waited for approval`;
  if (order.records === null) return `${taken}.`;
  const own = new Set(order.records);
  const before = await Promise.all(replaced.map((id) => runs.get(id)));
  const isWhole = before.every((run) => run?.order.records?.every((id) => own.has(id)) === true);
  return isWhole
    ? `${taken}, and is about ${own.size} records with theirs.`
    : `${taken}; not all of what that was about is in it.`;
}

/** A directory that was not read completely gives no ground for anything; a plan that waits for its turn goes on waiting. */
async function stopIncomplete(
  { deps, meter }: Preparing,
  run: RunRecord,
  fresh: Plan,
  reading: RunReading,
): Promise<Next> {
  const { runs } = deps.store;
  if (run.phase === 'approved' && run.order.approved) {
    await runs.advance(run.id, 'approved', {
      phase: 'planned',
      status: 'awaiting-approval',
      order: { ...run.order, approved: false },
      problem:
        'It was approved, but the directory could not be read completely to check the plan again; nothing was written. Approve it again later.',
    });
    return 'ended';
  }
  const plan = { ...fresh, operations: [], guards: [] };
  // What waits for approval goes on waiting: this one knows nothing better.
  await runs.savePlan(run.id, { plan, places: [], reading, phase: 'applying', isPartial: true });
  await finishRun(
    deps,
    run.id,
    { stopped: 'Stopped: the directory was not read completely, so nothing was planned or written.' },
    { meter },
  );
  return 'ended';
}

async function planOf(deps: AppDeps, runId: string): Promise<Plan> {
  const plan = await deps.store.runs.plan(runId);
  if (plan === null) throw new RollcallError('NOT_FOUND', `Run ${runId} has no plan.`);
  return plan;
}

/** What was asked counts from now on, even if this process dies before the plan is kept. */
async function read(
  preparing: Preparing,
  run: RunRecord,
  known: Pick<PlanOptions, 'continues' | 'crmUserRight'> = {},
): Promise<{ plan: Plan; reading: RunReading }> {
  const found = await readAndPlan(preparing, run, known);
  await preparing.meter.keep(run.id);
  return found;
}

async function readAndPlan(
  { deps, signal }: Preparing,
  run: RunRecord,
  known: Pick<PlanOptions, 'continues' | 'crmUserRight'> = {},
): Promise<{ plan: Plan; reading: RunReading }> {
  if (run.kind === 'undo') return planUndo(deps, run.order.undoes ?? '', signal);
  const { plan, snapshot, crmUserRight, strangers, matching } = await planRun(deps, {
    ...known,
    kind: run.kind,
    trigger: run.trigger,
    signal,
    order: run.order,
    acceptFewer: run.order.acceptFewer,
    onProgress: (done, total) => deps.progress.publish({ runId: run.id, phase: 'reading', done, total }),
  });
  if (matching !== null && matching.flips.length === 0) await acceptMatching(deps, matching);
  return { plan, reading: readingOf(deps, snapshot, crmUserRight, strangers) };
}
