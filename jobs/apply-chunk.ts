import { z } from 'zod';
import { defineJob, type DefinedJob } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';

const Payload = z.strictObject({ runId: z.string(), index: z.number().int().nonnegative() });

export const APPLY_CHUNK_JOB = 'apply-chunk';

/** Brings one chunk of a plan to its end; delivered twice, it finds out what was done before. */
export function applyChunkJob(runner: Runner): DefinedJob {
  return defineJob({
    name: APPLY_CHUNK_JOB,
    payload: Payload,
    attempts: 3,
    process: async ({ payload: { runId, index }, signal }) => {
      await runner.applyChunk(runId, index, signal);
      return { kind: 'done' };
    },
  });
}
