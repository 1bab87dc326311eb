import type { AppDeps } from './deps.ts';
import { isRollcallError } from './ports/errors.ts';

/** What became of a job that was retried. */
export interface RetriedJob {
  readonly id: string;
  readonly outcome: 'done' | 'failed';
  /** Why it failed again. */
  readonly code: string | null;
  readonly message: string | null;
}

/**
 * Retries a job that failed for good and waits for its end. This process works on it, too: nobody else may be there to do
 * it. A job whose run has ended meanwhile does nothing.
 */
export async function retryDeadLetter(
  { queue, startWork }: Pick<AppDeps, 'queue' | 'startWork'>,
  id: string,
  signal?: AbortSignal,
): Promise<RetriedJob> {
  await queue.retry(id);
  await startWork(signal);
  try {
    await queue.waitFor(id, signal);
    return { id, outcome: 'done', code: null, message: null };
  } catch (error) {
    if (signal?.aborted === true || !isRollcallError(error)) throw error;
    return { id, outcome: 'failed', code: error.code, message: error.message };
  }
}
