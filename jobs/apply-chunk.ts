import { z } from 'zod';
import { isRollcallError } from '../src/app/ports/errors.ts';
import { defineJob, type DefinedJob } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';

const Payload = z.strictObject({ runId: z.string(), chunk: z.number().int().nonnegative() });

export const APPLY_CHUNK_JOB = 'apply-chunk';

const ATTEMPTS = 3;

/**
 * Brings one chunk of a plan to its end; delivered twice, it finds out what was done before. Whatever is still open when
 * the last attempt has failed gets its outcome here, so that an open operation means a lost job and nothing else.
 */
export function applyChunkJob(runner: Runner): DefinedJob {
  return defineJob({
    name: APPLY_CHUNK_JOB,
    payload: Payload,
    attempts: ATTEMPTS,
    process: async ({ payload: { runId, chunk }, attempt, signal }) => {
      try {
        await runner.applyChunk(runId, chunk, signal);
      } catch (error) {
        const isLast = attempt >= ATTEMPTS || !isRollcallError(error) || !error.retryable;
        if (isLast && !signal.aborted) await runner.giveUp(runId, chunk);
        throw error;
      }
      return { kind: 'done' };
    },
  });
}
