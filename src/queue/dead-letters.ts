import { RollcallError } from '../app/ports/errors.ts';
import type { DeadLetter } from '../app/ports/jobs.ts';
import { Envelope, type LibraryQueue } from './backend.ts';
import { decodeFailure } from './failure.ts';
import { fromKey, toKey } from './keys.ts';

/** Newest first. */
export async function readDeadLetters(queue: LibraryQueue, limit: number): Promise<DeadLetter[]> {
  if (limit < 1) return [];
  const jobs = await queue.getJobs(['failed'], 0, limit - 1);
  return jobs.map((job) => {
    const envelope = Envelope.safeParse(job.data);
    const { code, message } = decodeFailure(job.failedReason);
    return {
      id: fromKey(job.id ?? ''),
      name: job.name,
      payload: envelope.success ? envelope.data.payload : {},
      failedAt: new Date(job.finishedOn ?? job.timestamp).toISOString(),
      code,
      message,
      attempts: job.attemptsMade,
    };
  });
}

/** @param patiently repeats what may be done twice while the engine is away */
export async function retryDeadLetter(
  queue: LibraryQueue,
  id: string,
  patiently: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const key = toKey(id);
  const job = await patiently(() => queue.getJob(key));
  if (job === undefined)
    throw new RollcallError('NOT_FOUND', `There is no job ${id}.`, {
      cure: '`rollcall dead-letters` lists those that failed for good.',
    });
  const state = await patiently(() => queue.getJobState(key));
  if (state !== 'failed')
    throw new RollcallError('CONFLICT', `The job ${id} is ${state}; only one that failed is retried.`, {
      cure: '`rollcall dead-letters` lists those that failed for good.',
    });
  await patiently(async () => {
    // The answer to an earlier attempt may have been lost on the way.
    if ((await queue.getJobState(key)) === 'failed')
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
  });
}
