import { z } from 'zod';
import { defineJob, type DefinedJob } from '../src/app/ports/jobs.ts';
import { IMPORT_JOB } from '../src/app/create-rollcall.ts';
import type { Runner } from '../src/app/runner.ts';
import { APPLY_CHUNK_JOB } from './apply-chunk.ts';

const Payload = z.strictObject({ runId: z.string() });

/**
 * One import from trigger to report, as a step job: the first chunk holds the shared lookup rows and goes alone, the
 * others follow side by side, and the report is written when all of them have ended. A chunk that fails for good does
 * not fail the run; the store says what is left.
 */
export function importJob(runner: Runner): DefinedJob {
  const chunk = (runId: string, index: number) => ({ name: APPLY_CHUNK_JOB, payload: { runId, index } });
  return defineJob({
    name: IMPORT_JOB,
    payload: Payload,
    attempts: 1,
    process: async ({ payload: { runId }, step, signal }) => {
      if (step === null) {
        const chunks = await runner.prepare(runId, signal);
        if (chunks > 0) return { kind: 'wait', children: [chunk(runId, 0)], step: `rest:${chunks}` };
      } else if (step.startsWith('rest:')) {
        const chunks = Number(step.slice('rest:'.length));
        const rest = Array.from({ length: chunks - 1 }, (_, index) => chunk(runId, index + 1));
        if (rest.length > 0) return { kind: 'wait', children: rest, step: 'finish' };
      }
      await runner.finish(runId, signal);
      return { kind: 'done' };
    },
  });
}
