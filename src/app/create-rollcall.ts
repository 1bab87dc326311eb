import type { RunOrder, Trigger } from '../domain/run.ts';
import { NO_AUTOMATION, type Automation } from './automation.ts';
import { createCarrier } from './carry-out.ts';
import { decideCase, revokeCase } from './cases.ts';
import { checkConnections } from './check.ts';
import { cleanUp } from './clean-up.ts';
import { retryDeadLetter } from './dead-letters.ts';
import type { AppDeps } from './deps.ts';
import { createHintWorker, hear } from './hints.ts';
import { holdPerson, releasePeople } from './holds.ts';
import { checkKnowsWhoFailed } from './only-failed.ts';
import { NO_ORDER } from './orders.ts';
import { planRun } from './plan-run.ts';
import { createPoller } from './poll.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunRecord } from './ports/runs.ts';
import { regress } from './regress.ts';
import type { ImportOptions, Rollcall, Submission } from './rollcall.ts';
import type { Runner } from './runner.ts';
import { createScheduler } from './scheduler.ts';
import { createTokens } from './tokens.ts';
import { triggerRun } from './trigger.ts';
import { takeUnlinkBack, unlinkPerson } from './unlink.ts';
import { checkUndoable } from './undo.ts';
import { scheduleUntil, workUntil } from './work.ts';

/** Puts the use cases together. */
export function createRollcall(
  deps: AppDeps,
  runner: Runner,
  automation: Automation = NO_AUTOMATION,
): Rollcall {
  const carrier = createCarrier(deps, runner);
  const { store } = deps;
  const runOf = async (id: string): Promise<RunRecord> =>
    found(await store.runs.get(id), 'run', id, 'rollcall runs');
  /** @throws RollcallError `CONFLICT` when it does not wait for approval */
  const waitingRun = async (id: string): Promise<RunRecord> => {
    const run = await runOf(id);
    if (run.phase === 'planned' && run.status === 'awaiting-approval') return run;
    throw new RollcallError('CONFLICT', `Run ${id} does not wait for approval: ${whyNot(run)}`, {
      cure: '`rollcall runs` shows what became of it, and which run waits now.',
      details: { runId: id },
    });
  };
  const orderOf = async ({ records, trigger, ...options }: Submission): Promise<RunOrder> => {
    if (options.onlyFailedOf !== undefined)
      await checkKnowsWhoFailed(deps, await runOf(options.onlyFailedOf));
    return { ...importOrder({ ...options, trigger }), ...only(trigger, records) };
  };

  return {
    check: () => checkConnections(deps),
    plan: async ({ signal, includeHeld = false } = {}) => {
      const onProgress = (done: number, total: number | null): void =>
        deps.progress.publish({ runId: 'plan', phase: 'reading', done, total });
      const order = { ...NO_ORDER, includeHeld };
      return (await planRun(deps, { kind: 'import', trigger: 'command', signal, onProgress, order })).plan;
    },
    import: async (options) => {
      if (options.onlyFailedOf !== undefined)
        await checkKnowsWhoFailed(deps, await runOf(options.onlyFailedOf));
      return carrier.start({ ...options, kind: 'import', order: importOrder(options) });
    },
    push: async (options) =>
      carrier.start({
        ...options,
        kind: 'push',
        order: { ...importOrder(options), ...only(options.trigger, options.records) },
      }),
    sync: async (options) => carrier.start({ ...options, kind: 'sync', order: importOrder(options) }),
    submit: async (submission) => carrier.submit({ ...submission, order: await orderOf(submission) }),
    trigger: async (submission, request = null) =>
      triggerRun(deps, carrier, { ...submission, order: await orderOf(submission), request }),
    hear: (hints) => hear(deps, automation, hints),
    undo: async (id, options) => {
      await checkUndoable(deps, await runOf(id));
      const order = { ...NO_ORDER, ask: options.confirm !== undefined, undoes: id };
      return carrier.start({ ...options, kind: 'undo', order });
    },
    approve: async (id, options) => {
      const run = await waitingRun(id);
      if (options.confirm !== undefined) {
        const plan = found(await store.runs.plan(id), 'plan of run', id, 'rollcall runs');
        // Whoever does not approve today may do so tomorrow: the run goes on waiting.
        if (!(await options.confirm(plan, id)))
          return { report: found(run.report, 'report of run', id, 'rollcall runs'), resumed: false };
      }
      return carrier.approve(run, options);
    },
    letGoOn: async (id) => {
      await carrier.letGoOn(await waitingRun(id));
      return runOf(id);
    },
    runs: (limit) => store.runs.list(limit),
    run: runOf,
    runPlan: (id) => store.runs.plan(id),
    cleanUp: (options) => cleanUp(deps, options),
    cases: (options) => store.cases.list(options),
    case: async (id) => found(await store.cases.get(id), 'case', id, 'rollcall cases'),
    decide: (id, decision) => decideCase(deps, id, decision),
    revoke: (id) => revokeCase(deps, id),
    unlink: (person) => unlinkPerson(deps, person),
    takeUnlinkBack: (person) => takeUnlinkBack(deps, person),
    regress: (options) => regress(deps, options),
    hold: (person, reason) => holdPerson(deps, person, reason),
    holds: () => store.holds.all(deps.mapping.directory),
    release: (which) => releasePeople(deps, which),
    deadLetters: (limit) => deps.queue.deadLetters(limit),
    retryDeadLetter: (id, signal) => retryDeadLetter(deps, id, signal),
    ready: async () => {
      await Promise.all([store.runs.underWay(), deps.queue.ping()]);
    },
    tokens: createTokens(deps),
    backlog: async () => ({
      hints: await store.hints.count(),
      openCases: (await store.cases.list({ status: 'open' })).length,
    }),
    work: (signal) => workUntil(deps, carrier, createHintWorker(deps, carrier, automation), signal),
    schedule: (signal) =>
      scheduleUntil(
        deps,
        {
          scheduler: createScheduler(deps, carrier, automation),
          poller: createPoller(deps, carrier, automation),
          pollMs: automation.pollMs,
        },
        signal,
      ),
  };
}

/** Why a run cannot be approved. */
function whyNot({ phase, status, order, problem }: RunRecord): string {
  if (problem !== null) return problem;
  if (phase === 'planned') return 'nobody has answered its question yet.';
  const before = order.approved ? 'it was approved before and ' : 'it ';
  return phase === 'done' ? `${before}has ended as ${status}.` : `${before}is under way.`;
}

function importOrder(options: ImportOptions): RunOrder {
  return {
    ...NO_ORDER,
    ask: options.confirm !== undefined,
    retryFailed: options.retryFailed === true || options.onlyFailedOf !== undefined,
    onlyFailedOf: options.onlyFailedOf ?? null,
    acceptFewer: options.acceptFewer ?? false,
    includeHeld: options.includeHeld ?? false,
  };
}

/** The records of a push; those of a command were named by a person. */
function only(trigger: Trigger, records: readonly string[] | undefined): Pick<RunOrder, 'records' | 'named'> {
  if (records === undefined) return { records: null, named: [] };
  return { records: [...records], named: trigger === 'command' ? [...records] : [] };
}

function found<T>(value: T | null, what: string, id: string, command: string): T {
  if (value === null)
    throw new RollcallError('NOT_FOUND', `There is no ${what} ${id}.`, {
      cure: `\`${command}\` lists them.`,
    });
  return value;
}
