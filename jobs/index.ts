import type { DefinedJob } from '../src/app/ports/jobs.ts';
import type { Runner } from '../src/app/runner.ts';
import { applyChunksJob } from './apply-chunks.ts';
import { runJob } from './run.ts';
import { tellRequestJob } from './tell-request.ts';

/** What jobs call. */
export interface JobWork {
  readonly runner: Runner;
  /** Tells a row of the CRM's request entity how its run stands. */
  tellRequest(requestId: string, signal: AbortSignal): Promise<void>;
}

/** Every kind of job; the queue refuses to start when one is missing or doubled. */
export function createJobs({ runner, tellRequest }: JobWork): readonly DefinedJob[] {
  return [runJob(runner), applyChunksJob(runner), tellRequestJob(tellRequest)];
}
