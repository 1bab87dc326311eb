import { z } from 'zod';
import { defineJob, type DefinedJob } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';

const Payload = z.strictObject({ runId: z.string(), chunk: z.number().int().nonnegative() });

export const APPLY_CHUNK_JOB = 'apply-chunk';

/** Brings one chunk of a plan to its end; delivered twice, it finds out what was done before. */
export function applyChunkJob(runner: Runner): DefinedJob {
  return defineJob({
    name: APPLY_CHUNK_JOB,
    payload: Payload,
    attempts: 5,
    process: async ({ payload: { runId, chunk }, signal }) => {
      await runner.applyChunk(runId, chunk, signal);
      return { kind: 'done' };
    },
  });
}
