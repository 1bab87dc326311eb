import { z, type ZodType } from 'zod';
import { RollcallError } from './errors.ts';
import type { Logger } from './logger.ts';

/** What a processor sees of the job that it works on; nothing of the queue library shows. */
export interface JobContext<P> {
  readonly id: string;
  readonly payload: P;
  /** Where a step job stands; `null` at its first entry. */
  readonly step: string | null;
  /** From 1; delivery is at least once. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** A job to be added. Payloads carry ids, never records or secrets. */
export interface NewJob {
  readonly name: string;
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
  /** A job with an id that is waiting or under way already is not added twice. */
  readonly id?: string;
}

/**
 * What a processor answers. `wait` adds the children and enters the processor again with `step` once all of them have
 * ended, well or badly: the store, not the queue, says what is left.
 */
export type JobResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly children: readonly NewJob[]; readonly step: string };

/** One kind of job: its name, payload and options; `jobs/` holds one file for each (design §3). */
export interface JobDefinition<P> {
  readonly name: string;
  readonly payload: ZodType<P>;
  /** How often the job is tried before it is left as a dead letter; from 1. Waiting for children is no attempt. */
  readonly attempts: number;
  process(context: JobContext<P>): Promise<JobResult>;
}

/** A job as the queue runs it: the type of the payload is closed in. Made by `defineJob` alone. */
export interface DefinedJob {
  readonly name: string;
  readonly attempts: number;
  /** @throws RollcallError `CONTRACT` when the payload is not what the definition asks for. */
  run(context: JobContext<unknown>): Promise<JobResult>;
}

/** Closes a definition over the type of its payload, so that jobs of different payloads fit one list. */
export function defineJob<P>(definition: JobDefinition<P>): DefinedJob {
  return {
    name: definition.name,
    attempts: definition.attempts,
    async run(context) {
      const parsed = definition.payload.safeParse(context.payload);
      if (!parsed.success) {
        throw new RollcallError(
          'CONTRACT',
          `The payload of the job ${definition.name} is not what it should be.`,
          {
            cure: 'It was added by another version of the product; start the run again.',
            cause: parsed.error,
            details: { problem: z.prettifyError(parsed.error) },
          },
        );
      }
      return definition.process({ ...context, payload: parsed.data });
    },
  };
}

/** A job that failed for good; it is kept until it is retried by hand or too old. */
export interface DeadLetter {
  readonly id: string;
  readonly name: string;
  readonly payload: NewJob['payload'];
  /** ISO 8601, UTC. */
  readonly failedAt: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
}

/** The queue as use cases and commands see it. */
export interface JobQueue {
  /** Adds a job; answers its id. A job with this id that has ended, well or badly, is run again. */
  add(job: NewJob): Promise<string>;
  /**
   * Resolves when the job has ended, which may have happened before; rejects with its RollcallError when it failed for
   * good, `NOT_FOUND` when there is no such job, and with the signal's reason when that is aborted first.
   */
  waitFor(id: string, signal?: AbortSignal): Promise<void>;
  /**
   * Starts to work on jobs; every kind of job must have exactly one definition.
   *
   * @throws RollcallError `CONFIGURATION` when a name is defined twice, or a job that waits has no definition.
   */
  work(jobs: readonly DefinedJob[], options: { concurrency: number }): Promise<void>;
  /** Newest first. */
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /**
   * Lets a job that failed for good be tried again, in the step where it failed and as often as a new one.
   *
   * @throws RollcallError `NOT_FOUND`; `CONFLICT` when the job has not failed
   */
  retry(id: string): Promise<void>;
  /** Rejects when the engine of the queue does not answer. */
  ping(): Promise<void>;
  /** Drops waiting, active, delayed and ended jobs: for an embedded engine after a crash, when nobody else can work. */
  reset(): Promise<void>;
  /** Stops taking jobs, waits for those under way (or aborts them after `graceMs`), closes. */
  close(graceMs?: number): Promise<void>;
}
