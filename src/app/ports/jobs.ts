import type { ZodType } from 'zod';
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
  readonly attempts: number;
  process(context: JobContext<P>): Promise<JobResult>;
}

/** The queue as use cases and commands see it. */
export interface JobQueue {
  /** Adds a job; answers its id. */
  add(job: NewJob): Promise<string>;
  /** Resolves when the job has ended, rejects with its error when it failed for good. */
  waitFor(id: string, signal?: AbortSignal): Promise<void>;
  /** Starts to work on jobs; every defined job must have exactly one definition. */
  work(definitions: readonly JobDefinition<never>[], options: { concurrency: number }): Promise<void>;
  /** Drops waiting, active, delayed and ended jobs: for an embedded engine after a crash, when nobody else can work. */
  reset(): Promise<void>;
  /** Stops taking jobs, waits for those under way (or aborts them after `graceMs`), closes. */
  close(graceMs?: number): Promise<void>;
}
