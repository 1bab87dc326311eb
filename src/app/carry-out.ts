import { placesOf } from '../domain/planning/places.ts';
import type { Plan } from '../domain/planning/plan.ts';
import type { Report, RunKind, RunOrder, Trigger } from '../domain/run.ts';
import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';
import type { RunRecord } from './ports/runs.ts';
import type { RunResult } from './rollcall.ts';
import type { Runner } from './runner.ts';
import { checkFingerprint } from './saved-plan.ts';

/** The name of the job that carries a run; `jobs/run.ts` defines it. */
export const RUN_JOB = 'run';

/** How long the job of a new run may wait for a worker in another process. */
const SOON_BEGUN_MS = 30_000;

/** What a caller wants of a run. */
export interface RunRequest {
  readonly kind: RunKind;
  readonly trigger: Trigger;
  readonly order: RunOrder;
  /** A saved plan, to be applied after each of its rows has been checked again. */
  readonly plan?: Plan | undefined;
  /** Asked once, between plan and apply, when there is something to apply. */
  readonly confirm?: ((plan: Plan, runId: string) => Promise<boolean>) | undefined;
  /** Hears the plan of a run that does not ask, if it is made in this process. */
  readonly show?: ((plan: Plan) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Carries runs from request to report, whoever works on their jobs. */
export interface Carrier {
  /** Starts a run, or goes on with the one that was cut off, and follows it to its end. */
  start(request: RunRequest): Promise<RunResult>;
  /** Starts a run for whoever works on its jobs, and does not follow it. Rejects with `BUSY` when one is under way. */
  submit(request: Pick<RunRequest, 'kind' | 'trigger' | 'order'>): Promise<RunRecord>;
  /** Lets a run go on whose plan waits for a person, and follows it to its end. */
  approve(run: RunRecord, options: Pick<RunRequest, 'signal'>): Promise<RunResult>;
  /** The same for whoever works on its jobs; it is not followed. */
  letGoOn(run: RunRecord): Promise<void>;
  /** Ends a run whose plan waits for a person; nothing is written. */
  decline(run: RunRecord): Promise<void>;
  /** Takes up runs that were cut off; answers their ids. For processes that stay. */
  takeUp(): Promise<readonly string[]>;
}

export function createCarrier(deps: AppDeps, runner: Runner): Carrier {
  const { runs } = deps.store;
  /** Runs that this process follows. */
  const followed = new Set<string>();
  /** The run whose job this process has added last; one at a time is under way, so that no other can matter any more. */
  let given: string | null = null;

  /** Is somebody at work on the run? Where the store is ours alone, only this process can be. */
  async function isAlive(runId: string): Promise<boolean> {
    return followed.has(runId) || (!deps.storeIsOurs && (await runs.isAlive(runId)));
  }

  async function startOrContinue(request: RunRequest): Promise<{ run: RunRecord; resumed: boolean }> {
    const cutOff = await runs.underWay();
    if (cutOff === null) return { run: await startFresh(request), resumed: false };
    if (await isAlive(cutOff.id))
      throw new RollcallError('BUSY', `Run ${cutOff.id} is under way; one run at a time works on a CRM.`, {
        cure: 'Wait until it has ended; `rollcall runs` shows where it stands.',
        details: { runId: cutOff.id },
      });
    if (request.plan !== undefined || request.kind !== cutOff.kind)
      throw new RollcallError(
        'CONFLICT',
        `Run ${cutOff.id} was cut off and has to end before ${request.plan === undefined ? 'another is started' : 'a saved plan is applied'}.`,
        {
          cure: `Start \`rollcall ${cutOff.kind === 'undo' ? `undo ${cutOff.order.undoes ?? ''}` : cutOff.kind}\`, which continues it.`,
          details: { runId: cutOff.id },
        },
      );
    deps.logger.info('A run that was cut off is continued.', { runId: cutOff.id, phase: cutOff.phase });
    if (deps.storeIsOurs) await deps.queue.reset();
    return { run: cutOff, resumed: true };
  }

  async function startFresh({ kind, trigger, order, plan }: RunRequest): Promise<RunRecord> {
    if (plan !== undefined) checkFingerprint(plan, deps);
    const run: RunRecord = {
      id: deps.identity.newId(),
      kind,
      trigger,
      order,
      status: 'running',
      phase: 'reading',
      startedAt: new Date(deps.clock.now()).toISOString(),
      finishedAt: null,
      report: null,
      problem: null,
    };
    await runs.create(run);
    deps.logger.info('A run has started.', { runId: run.id, kind, trigger });
    if (plan === undefined) return run;
    const places = placesOf(plan, deps.crm.capabilities.batchSize);
    await runs.savePlan(run.id, { plan, places, reading: null, phase: 'approved' });
    return { ...run, phase: 'approved' };
  }

  /** Nobody works on it: has somebody done so before, or is its job only waiting for a worker? */
  function wasCutOff({ id, phase, startedAt }: RunRecord): boolean {
    // As long as this process lives, it was not cut off.
    if (given === id) return false;
    if (deps.storeIsOurs || phase === 'applying') return true;
    return phase === 'reading' && deps.clock.now() - Date.parse(startedAt) > SOON_BEGUN_MS;
  }

  function addJob(runId: string): Promise<string> {
    given = runId;
    return deps.queue.add({ name: RUN_JOB, id: jobOf(runId), payload: { runId } });
  }

  async function work(runId: string, signal: AbortSignal | undefined): Promise<RunRecord> {
    await deps.startWork(signal);
    await deps.queue.waitFor(await addJob(runId), signal);
    return foundRun(await runs.get(runId), runId);
  }

  async function follow(
    first: RunRecord,
    { confirm, show, signal }: Pick<RunRequest, 'confirm' | 'show' | 'signal'>,
  ): Promise<Report> {
    followed.add(first.id);
    let made: Plan | null = null;
    const takePlan = (): Plan | null => {
      const taken = made;
      made = null;
      return taken;
    };
    const unwatch = runner.watch(first.id, (plan) => {
      if (first.order.ask) made = plan;
      else if (plan.operations.length > 0) show?.(plan);
    });
    try {
      let run = first.phase === 'planned' ? first : await work(first.id, signal);
      while (run.phase === 'planned' && run.status === 'running') {
        if (!(await put(run, takePlan, confirm))) {
          await decline(run);
          return reportOf(await runs.get(run.id), run.id);
        }
        await agree(run, { ...run.order, ask: false });
        run = await work(run.id, signal);
      }
      return reportOf(run, run.id);
    } finally {
      unwatch();
      followed.delete(first.id);
    }
  }

  /** Asks what is asked of a run; nobody else holds the plan, so that its memory is free while it is applied. */
  async function put(
    run: RunRecord,
    takePlan: () => Plan | null,
    confirm: RunRequest['confirm'],
  ): Promise<boolean> {
    const plan = takePlan() ?? (await runs.plan(run.id));
    if (plan === null) throw new RollcallError('NOT_FOUND', `Run ${run.id} has no plan.`);
    return confirm !== undefined && (await confirm(plan, run.id));
  }

  async function agree(run: RunRecord, order: RunOrder): Promise<void> {
    if (await runs.advance(run.id, 'planned', { phase: 'approved', status: 'running', order, problem: null }))
      return;
    const now = await runs.get(run.id);
    throw new RollcallError(
      'CONFLICT',
      `Run ${run.id} does not wait any more: ${now?.problem ?? (now?.phase === 'done' ? 'it has ended.' : 'it was approved before and is under way.')}`,
      {
        cure: '`rollcall runs` shows what became of it, and which run waits now.',
        details: { runId: run.id },
      },
    );
  }

  async function decline(run: RunRecord): Promise<void> {
    await runner.finish(run.id, undefined, {
      stopped: 'Stopped: the plan was not approved; nothing was written.',
    });
  }

  return {
    async start(request) {
      const { run, resumed } = await startOrContinue(request);
      return { report: await follow(run, request), resumed };
    },
    async submit(request) {
      const run = await startFresh(request);
      await addJob(run.id);
      return run;
    },
    async letGoOn(run) {
      await agree(run, { ...run.order, ask: false, approved: true });
      deps.logger.info('A run was approved and goes on.', { runId: run.id, kind: run.kind });
      await addJob(run.id);
    },
    async approve(run, { signal }) {
      await agree(run, { ...run.order, ask: false, approved: true });
      return { report: await follow({ ...run, phase: 'approved' }, { signal }), resumed: false };
    },
    decline,
    async takeUp() {
      const run = await runs.underWay();
      if (run === null || (await isAlive(run.id))) return [];
      if (wasCutOff(run))
        deps.logger.info('A run that was cut off is taken up.', { runId: run.id, phase: run.phase });
      // Its job may still be there, waiting or with a worker that has died: then this adds nothing.
      await addJob(run.id);
      return [run.id];
    },
  };
}

/** One job for each run, so that it is never carried twice at a time. */
function jobOf(runId: string): string {
  return `run:${runId}`;
}

function foundRun(run: RunRecord | null, runId: string): RunRecord {
  if (run !== null) return run;
  throw new RollcallError('NOT_FOUND', `There is no run ${runId}.`, { cure: '`rollcall runs` lists them.' });
}

function reportOf(run: RunRecord | null, runId: string): Report {
  const { report, problem } = foundRun(run, runId);
  if (report !== null) return report;
  throw new RollcallError(
    'CONTRACT',
    `Run ${runId} ended without a report${problem === null ? '.' : `: ${problem}`}`,
  );
}
