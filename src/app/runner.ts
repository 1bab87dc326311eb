import { parentsOf } from '../domain/planning/losses.ts';
import type { Plan } from '../domain/planning/plan.ts';
import { applyOperations } from './apply.ts';
import type { AppDeps } from './deps.ts';
import { finishRun, leaveNothingOpen, type Ending } from './finish.ts';
import { completedLinks } from './links.ts';
import { createMeter } from './meter.ts';
import { isRollcallError } from './ports/errors.ts';
import { prepareRun, type Next } from './prepare.ts';

/**
 * The phases of a run as jobs call them, each safe to be called again and by any process: what they need of a run is in
 * the store.
 */
export interface Runner {
  /** Reads, plans, judges the guards and keeps the plan. */
  prepare(runId: string, signal?: AbortSignal): Promise<Next>;
  /** Is nothing left to be done of the run, as when one of its jobs is retried late? */
  isOver(runId: string): Promise<boolean>;
  /** The chunks to be applied: those of one stage side by side, the stages one after the other. */
  stages(runId: string): Promise<readonly (readonly number[])[]>;
  applyChunk(runId: string, chunk: number, signal?: AbortSignal): Promise<void>;
  /** Chunks with operations that have no outcome yet. */
  openChunks(runId: string): Promise<readonly number[]>;
  /** Gives what is open in a chunk an outcome: it could not be applied. */
  giveUp(runId: string, chunk: number): Promise<void>;
  /** Verifies, keeps what was learnt and writes the report. */
  finish(runId: string, signal?: AbortSignal, ending?: Ending): Promise<void>;
  /** Ends a run that cannot go on, with the reason. */
  fail(runId: string, error: unknown): Promise<void>;
  /** Tells of the plan of a run when it is kept, if that happens in this process; answers what ends that. */
  watch(runId: string, listener: (plan: Plan) => void): () => void;
}

export function createRunner(deps: AppDeps): Runner {
  const meter = createMeter(deps);
  const watchers = new Map<string, (plan: Plan) => void>();
  /** Operations that this process has brought to an end, by run, for its progress. */
  const applied = new Map<string, { done: number; total: number }>();
  const { runs } = deps.store;

  async function isOver(runId: string): Promise<boolean> {
    const run = await runs.get(runId);
    return run === null || run.phase === 'done';
  }

  async function applyChunk(runId: string, chunk: number, signal?: AbortSignal): Promise<void> {
    if (await isOver(runId)) return;
    const own = await runs.chunk(runId, chunk);
    const ids = new Set(own.map(({ operation }) => operation.id));
    // What others depend on stands in a chunk that has ended before: if it is not confirmed by now, it was not done.
    const parents = new Set(
      own.flatMap(({ operation }) => parentsOf(operation)).filter((id) => !ids.has(id)),
    );
    const failed = new Set(
      (await runs.operationsById(runId, [...parents]))
        .filter(({ state }) => state !== 'confirmed')
        .map(({ operation }) => operation.id),
    );
    const people = await runs.people(runId, [
      ...new Set(own.flatMap(({ operation }) => operation.person ?? [])),
    ]);
    const linksOf = completedLinks(people, deps.mapping, own);
    const progress = await progressOf(runId);
    await applyOperations(
      deps,
      runId,
      own,
      failed,
      async (outcomes) => {
        const links = linksOf(outcomes);
        await meter.keepWith((spent) => runs.settle(runId, outcomes, links, spent));
        progress.done += outcomes.length;
        deps.progress.publish({ runId, phase: 'applying', ...progress });
      },
      signal,
    );
  }

  async function progressOf(runId: string): Promise<{ done: number; total: number }> {
    const known = applied.get(runId);
    if (known !== undefined) return known;
    const { planned, intended, ...ended } = await runs.countByState(runId);
    const done = Object.values(ended).reduce((sum, count) => sum + count, 0);
    // Another chunk may have come first meanwhile.
    const progress = applied.get(runId) ?? { done, total: done + planned + intended };
    applied.set(runId, progress);
    return progress;
  }

  return {
    prepare: (runId, signal) =>
      meter.during(runId, () =>
        prepareRun({ deps, signal, meter, onPlan: (id, plan) => watchers.get(id)?.(plan) }, runId),
      ),
    isOver,
    stages: (runId) => runs.stages(runId),
    applyChunk: (runId, chunk, signal) => meter.during(runId, () => applyChunk(runId, chunk, signal)),
    openChunks: (runId) => runs.openChunks(runId),
    giveUp: async (runId, chunk) => leaveNothingOpen(deps, runId, await runs.chunk(runId, chunk)),
    finish: async (runId, signal, ending) => {
      await meter.during(runId, () => finishRun(deps, runId, ending ?? {}, { signal, meter }));
      applied.delete(runId);
    },
    fail: async (runId, error) => {
      applied.delete(runId);
      const status = isRollcallError(error) && error.details['stopped'] === true ? 'stopped' : 'failed';
      const code = isRollcallError(error) ? error.code : undefined;
      deps.logger.warn('A run has ended before its time.', { runId, status, code });
      await runs.update(runId, {
        status,
        phase: 'done',
        finishedAt: new Date(deps.clock.now()).toISOString(),
        problem: error instanceof Error ? error.message : String(error),
      });
    },
    watch: (runId, listener) => {
      watchers.set(runId, listener);
      return () => void watchers.delete(runId);
    },
  };
}
