import type { RunRecord } from './ports/store.ts';
import { alone } from './alone.ts';
import { checkConnections } from './check.ts';
import { decideCase, revokeCase, unlinkPerson } from './cases.ts';
import type { AppDeps } from './deps.ts';
import { planImport } from './plan-import.ts';
import { isRollcallError, RollcallError } from './ports/errors.ts';
import { regress } from './regress.ts';
import type { ImportOptions, ImportResult, Rollcall } from './rollcall.ts';
import type { Runner } from './runner.ts';

/** The name of the job that carries an import; `jobs/import.ts` defines it. */
export const IMPORT_JOB = 'import';

/** Puts the use cases together. */
export function createRollcall(deps: AppDeps, runner: Runner): Rollcall {
  let underWay: string | null = null;

  return {
    check: () => checkConnections(deps),
    plan: async (signal) => {
      const onProgress = (done: number, total: number | null): void =>
        deps.progress.publish({ runId: 'plan', phase: 'reading', done, total });
      return (await planImport(deps, { signal, onProgress })).plan;
    },
    import: async (options) => {
      if (underWay !== null)
        throw new RollcallError('BUSY', `Run ${underWay} is under way; one run at a time works on a CRM.`, {
          cure: 'Wait until it has ended; `rollcall runs` shows where it stands.',
          details: { runId: underWay },
        });
      underWay = 'that is about to start';
      try {
        return await alone(deps, async () => {
          const { run, resumed } = await startOrContinue(deps, options);
          underWay = run.id;
          try {
            return { report: await carryOut(deps, runner, run, options), resumed };
          } finally {
            runner.close(run.id);
          }
        });
      } finally {
        underWay = null;
      }
    },
    runs: (limit) => deps.store.runs.list(limit),
    run: async (id) => found(await deps.store.runs.get(id), 'run', id, 'rollcall runs'),
    runPlan: (id) => deps.store.runs.plan(id),
    cases: (options) => deps.store.cases.list(options),
    case: async (id) => found(await deps.store.cases.get(id), 'case', id, 'rollcall cases'),
    decide: (id, decision) => decideCase(deps, id, decision),
    revoke: (id) => revokeCase(deps, id),
    unlink: (person) => unlinkPerson(deps, person),
    regress: (options) => regress(deps, options),
  };
}

/** A run that was cut off goes on under its own id; otherwise a new one starts. */
async function startOrContinue(
  deps: AppDeps,
  options: ImportOptions,
): Promise<{ run: RunRecord; resumed: boolean }> {
  const [cutOff] = await deps.store.runs.unfinished();
  if (cutOff !== undefined) {
    if (options.plan !== undefined)
      throw new RollcallError(
        'CONFLICT',
        `Run ${cutOff.id} was cut off and has to end before a saved plan is applied.`,
        {
          cure: 'Start `rollcall import`, which continues it, and apply the plan after that.',
          details: { runId: cutOff.id },
        },
      );
    deps.logger.info('A run that was cut off is continued.', { runId: cutOff.id, phase: cutOff.phase });
    await deps.queue.reset();
    return { run: cutOff, resumed: true };
  }
  const run: RunRecord = {
    id: deps.identity.newId(),
    kind: 'import',
    trigger: options.trigger,
    status: 'running',
    phase: 'reading',
    startedAt: new Date(deps.clock.now()).toISOString(),
    finishedAt: null,
    report: null,
    problem: null,
  };
  await deps.store.runs.create(run);
  return { run, resumed: false };
}

async function carryOut(
  deps: AppDeps,
  runner: Runner,
  run: RunRecord,
  options: ImportOptions,
): Promise<ImportResult['report']> {
  runner.open(run.id, {
    plan: options.plan,
    retryFailed: options.retryFailed,
    acceptFewer: options.acceptFewer,
    confirm: options.confirm,
  });
  try {
    await deps.startWork();
    const job = await deps.queue.add({ name: IMPORT_JOB, payload: { runId: run.id } });
    await deps.queue.waitFor(job, options.signal);
  } catch (error) {
    // Stopped from outside: the run stays unfinished and goes on with the next import.
    if (options.signal?.aborted === true) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    const stopped = isRollcallError(error) && error.details['stopped'] === true;
    await deps.store.runs.update(run.id, {
      status: stopped ? 'stopped' : 'failed',
      phase: 'done',
      finishedAt: new Date(deps.clock.now()).toISOString(),
      problem,
    });
    throw error;
  }
  const { report } = found(await deps.store.runs.get(run.id), 'run', run.id, 'rollcall runs');
  if (report === null) throw new RollcallError('CONTRACT', `Run ${run.id} ended without a report.`);
  return report;
}

function found<T>(value: T | null, what: string, id: string, command: string): T {
  if (value === null)
    throw new RollcallError('NOT_FOUND', `There is no ${what} ${id}.`, {
      cure: `\`${command}\` lists them.`,
    });
  return value;
}
