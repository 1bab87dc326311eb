import { z } from 'zod';
import { RUN_JOB } from '../src/app/carry-out.ts';
import { isRollcallError, RollcallError } from '../src/app/ports/errors.ts';
import { defineJob, type DefinedJob, type JobResult } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';
import { applyChunksJobs } from './apply-chunks.ts';

const Payload = z.strictObject({ runId: z.string() });

/**
 * One run from trigger to report, as a step job: the chunks of each stage side by side, the stages one after the other,
 * and the report when all of them have ended. A chunk that fails for good does not fail the run; the store says what is
 * left. A run that waits for a person ends its job; the answer adds it again.
 */
export function runJob(runner: Runner): DefinedJob {
  return defineJob({
    name: RUN_JOB,
    payload: Payload,
    attempts: 5,
    process: async ({ payload: { runId }, step, signal }): Promise<JobResult> => {
      try {
        if (await runner.isOver(runId)) return { kind: 'done' };
        if (step === null && (await runner.prepare(runId, signal)) === 'ended') return { kind: 'done' };
        const stages = await runner.stages(runId);
        const stage = step === null ? 0 : Number(step.slice(STAGE.length));
        // Behind the stages come rounds for chunks whose jobs were lost: the store says what is left.
        const chunks = stages[stage] ?? (await runner.openChunks(runId));
        if (chunks.length > 0 && stage < stages.length + LOST_ROUNDS)
          return {
            kind: 'wait',
            children: applyChunksJobs(runId, chunks),
            step: `${STAGE}${stage + 1}`,
          };
        await runner.finish(runId, signal);
        return { kind: 'done' };
      } catch (error) {
        // Told to stop: whoever takes the job up next goes on.
        if (signal.aborted) throw error;
        await runner.fail(runId, error);
        throw forGood(error);
      }
    },
  });
}

const STAGE = 'stage:';

/** How often chunks whose jobs were lost are given to new ones. */
const LOST_ROUNDS = 5;

/** The run has ended with this error: the same job must not be tried again. */
function forGood(error: unknown): unknown {
  if (!isRollcallError(error) || !error.retryable) return error;
  return new RollcallError(error.code, error.message, {
    ...(error.cure === undefined ? {} : { cure: error.cure }),
    retryable: false,
    cause: error,
    details: error.details,
  });
}
