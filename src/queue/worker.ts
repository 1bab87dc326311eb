import { UnrecoverableError, WaitingChildrenError, WaitingError, type Processor } from 'bullmq';
import { RollcallError } from '../app/ports/errors.ts';
import type { DefinedJob, NewJob } from '../app/ports/jobs.ts';
import type { LogFields, Logger } from '../app/ports/logger.ts';
import { Envelope } from './backend.ts';
import { encodeFailure, toRollcallError } from './failure.ts';
import { fromKey } from './keys.ts';

type LibraryJob = Parameters<Processor<Envelope, void>>[0];

export interface ProcessorDeps {
  readonly jobs: ReadonlyMap<string, DefinedJob>;
  readonly logger: Logger;
  /** Does the work of a job such that every line logged meanwhile carries these fields. */
  within<T>(fields: LogFields, work: () => Promise<T>): Promise<T>;
  /** Aborted when the queue closes and will not wait any longer. */
  readonly stop: AbortSignal;
  addChildren(children: readonly NewJob[], parent: LibraryJob): Promise<void>;
  /** Waits for an engine that is away, and repeats. */
  patiently<T>(work: () => Promise<T>): Promise<T>;
}

/** What the library calls for every job: finds its definition, runs it, and says in the library's words how it went. */
export function createProcessor({
  jobs,
  logger,
  within,
  stop,
  addChildren,
  patiently,
}: ProcessorDeps): Processor<Envelope, void> {
  /** @returns true when the job waits for children now. */
  async function enter(job: LibraryJob, token: string, signal: AbortSignal, log: Logger): Promise<boolean> {
    const defined = jobs.get(job.name);
    if (defined === undefined) {
      throw new RollcallError('CONTRACT', `No job named ${job.name} is defined.`, {
        cure: 'It was added by another version of the product; start the run again.',
      });
    }
    const envelope = Envelope.safeParse(job.data);
    if (!envelope.success) {
      throw new RollcallError('CONTRACT', `The job ${job.name} cannot be read.`, { cause: envelope.error });
    }
    const { payload } = envelope.data;
    let { step } = envelope.data;
    for (;;) {
      signal.throwIfAborted();
      const result = await defined.run({
        id: fromKey(job.id ?? ''),
        payload,
        step,
        attempt: job.attemptsMade + 1,
        signal,
        logger: log,
      });
      if (result.kind === 'done') return false;
      // The children first: a crash in between enters the old step again, which adds them a second time at worst.
      await addChildren(result.children, job);
      step = result.step;
      const reached = step;
      await patiently(() => job.updateData({ payload, step: reached }));
      if (await patiently(() => job.moveToWaitingChildren(token))) return true;
    }
  }

  return async (job, token = '', librarySignal) => {
    const signal = librarySignal === undefined ? stop : AbortSignal.any([stop, librarySignal]);
    const fields = {
      ...idsOf(job.data),
      job: job.name,
      jobId: fromKey(job.id ?? ''),
      attempt: job.attemptsMade + 1,
    };
    const log = logger.child(fields);
    let waits: boolean;
    try {
      waits = await within(fields, () => enter(job, token, signal, log));
    } catch (problem) {
      if (stop.aborted) {
        // Not the job's fault: it goes back as it came, without losing an attempt.
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const error = toRollcallError(problem);
      const attempts = jobs.get(job.name)?.attempts ?? 1;
      if (error.retryable && job.attemptsMade + 1 < attempts) {
        log.warn('A job failed and will be tried again.', { error });
        throw new Error(encodeFailure(error), { cause: problem });
      }
      log.error('A job failed for good.', { error });
      throw new UnrecoverableError(encodeFailure(error));
    }
    if (waits) throw new WaitingChildrenError();
  };
}

/** The ids that a payload carries (`runId`), which is what its lines in the log are found by. */
function idsOf(data: unknown): LogFields {
  const envelope = Envelope.safeParse(data);
  if (!envelope.success) return {};
  const { payload } = envelope.data;
  return Object.fromEntries(
    Object.entries(payload).filter(([name, value]) => name.endsWith('Id') && typeof value === 'string'),
  );
}
