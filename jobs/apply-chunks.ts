import { z } from 'zod';
import { isRollcallError } from '../src/app/ports/errors.ts';
import { defineJob, type DefinedJob, type NewJob } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';

/** Numbers of chunks, separated by commas: payloads hold plain values. */
const Chunks = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .transform((text) => text.split(',').map(Number));
const Payload = z.strictObject({ runId: z.string(), chunks: Chunks });

const APPLY_CHUNKS_JOB = 'apply-chunks';

/** A job for each request would cost the queue as much as the store; more than this would keep other workers idle. */
const MOST_CHUNKS = 10;
/** So many jobs at least, where there are that many chunks: they are shared among the workers. */
const FEWEST_JOBS = 16;

/** The jobs that apply these chunks. */
export function applyChunksJobs(runId: string, chunks: readonly number[]): NewJob[] {
  const size = Math.min(MOST_CHUNKS, Math.ceil(chunks.length / FEWEST_JOBS));
  const jobs: NewJob[] = [];
  for (let from = 0; from < chunks.length; from += size)
    jobs.push({
      name: APPLY_CHUNKS_JOB,
      payload: { runId, chunks: chunks.slice(from, from + size).join(',') },
    });
  return jobs;
}

const ATTEMPTS = 3;

/**
 * Brings some chunks of a plan to their end, one after the other; delivered twice, it finds out what was done before.
 * Whatever is still open when it cannot be tried again gets its outcome here, so that an open operation means a lost job
 * and nothing else.
 */
export function applyChunksJob(runner: Runner): DefinedJob {
  return defineJob({
    name: APPLY_CHUNKS_JOB,
    payload: Payload,
    attempts: ATTEMPTS,
    process: async ({ payload: { runId, chunks }, attempt, signal }) => {
      let refusal: unknown = null;
      for (const [index, chunk] of chunks.entries())
        try {
          await runner.applyChunk(runId, chunk, signal);
        } catch (error) {
          if (signal.aborted) throw error;
          const mayPass = isRollcallError(error) && error.retryable;
          if (mayPass && attempt < ATTEMPTS) throw error;
          // A CRM that is away is away for the rest as well; a refusal is of this chunk alone.
          for (const left of mayPass ? chunks.slice(index) : [chunk]) await runner.giveUp(runId, left);
          if (mayPass) throw error;
          refusal = error;
        }
      if (refusal !== null) throw refusal;
      return { kind: 'done' };
    },
  });
}
