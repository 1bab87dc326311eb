import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '../domain/steps.ts';

/**
 * Does long work of the domain so that everything else in this process has its turn between two steps: webhooks are
 * answered, and the lock of the job and the lease of the run are renewed. Without it, planning for 100,000 people looks
 * like a worker that has died, and the run is planned a second time beside the first.
 *
 * @throws the reason of `signal` once it is aborted
 */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}
