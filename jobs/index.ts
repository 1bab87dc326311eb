import type { DefinedJob } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';
import { applyChunksJob } from './apply-chunks.ts';
import { runJob } from './run.ts';

/** Every kind of job; the queue refuses to start when one is missing or doubled. */
export function createJobs(runner: Runner): readonly DefinedJob[] {
  return [runJob(runner), applyChunksJob(runner)];
}
