import { setMaxListeners } from 'node:events';
import type { Job, PgPool } from 'bullmq';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { DefinedJob, JobQueue, NewJob } from '../app/ports/jobs.ts';
import type { LogFields, Logger } from '../app/ports/logger.ts';
import {
  preparePostgresBackend,
  prepareRedisBackend,
  REDIS_PREFIX,
  type Envelope,
  type QueueBackend,
} from './backend.ts';
import { readDeadLetters, retryDeadLetter } from './dead-letters.ts';
import { createEnds } from './ends.ts';
import { decodeFailure, engineAway, isEncodedFailure, isEngineAway } from './failure.ts';
import { fromKey, toKey } from './keys.ts';
import { createProcessor } from './worker.ts';

export { QUEUE_TABLES } from './backend.ts';

export interface JobQueueOptions {
  /**
   * Where jobs are kept without Redis; unqualified names must resolve in the schema `bullmq` (`Engine.queuePool`).
   */
  readonly pool?: PgPool | undefined;
  /** Redis instead of the pool: the value of `REDIS_URL`. */
  readonly redisUrl?: string | undefined;
  /** What the names of its keys begin with there. */
  readonly redisPrefix?: string | undefined;
  readonly logger: Logger;
  /** Does the work of a job such that every line logged meanwhile, by whomever, carries these fields. */
  readonly within?: <T>(fields: LogFields, work: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  /** Ids for jobs that come without one. */
  readonly ids: () => string;
  readonly name?: string;
  /** The pause before the second attempt; it doubles with each further one, up to a minute. */
  readonly backoffMs?: number;
  /** How long a job stays with a worker that gives no sign of life. */
  readonly lockMs?: number;
}

const LONGEST_BACKOFF_MS = 60_000;
/** What a processor that was told to stop gets before it is left behind. */
const ABORT_MS = 5000;
const DAY_S = 86_400;
/** More attempts than any job has: the definition, which the adder need not know, sets the limit. */
const ATTEMPTS = 1000;
/** A job whose worker died is tried again this often; one that kills its workers must end somewhere. */
const STALLS = 25;
/** The library's pause before it repeats what failed for want of a connection. */
const RETRY_MS = 1000;
/** How long an engine that is away is waited for. */
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
const ENDED = ['completed', 'failed'];

/**
 * The queue on Redis where an address is given, else on Postgres, embedded or not; its tables are brought up to date
 * first.
 *
 * @throws RollcallError `CONFIGURATION`, `AUTHENTICATION`, `FORBIDDEN` or `UNAVAILABLE` when the engine cannot be used
 */
export async function createJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { pool, redisUrl, redisPrefix = REDIS_PREFIX, logger, clock } = options;
  if (redisUrl !== undefined)
    return openJobQueue(await prepareRedisBackend(redisUrl, redisPrefix, logger, clock), options);
  if (pool === undefined)
    throw new RollcallError('CONFIGURATION', 'There is neither a Redis nor a database to keep the queue in.');
  return openJobQueue(await preparePostgresBackend(pool), options);
}

function openJobQueue(
  backend: QueueBackend,
  options: Omit<JobQueueOptions, 'pool' | 'redisUrl' | 'redisPrefix'>,
): JobQueue {
  const { clock, ids, logger, name = 'rollcall', backoffMs = 1000, lockMs = 30_000 } = options;
  const closed = new AbortController();
  const ends = createEnds(clock, closed.signal);
  const stop = new AbortController();
  // One listener for every call that waits, not a leak.
  setMaxListeners(0, closed.signal, stop.signal);
  let worker: ReturnType<QueueBackend['openWorker']> | null = null;
  let names: ReadonlySet<string> | null = null;
  let closing: Promise<void> | null = null;

  const queue = backend.openQueue(
    name,
    {
      defaultJobOptions: {
        attempts: ATTEMPTS,
        backoff: { type: 'rollcall' },
        removeOnComplete: { age: 7 * DAY_S, count: 1000 },
        // Dead letters.
        removeOnFail: { age: 30 * DAY_S, count: 1000 },
        stackTraceLimit: 3,
      },
    },
    (error) => logger.warn('The queue has a problem.', { error }),
  );

  /** Repeats what may be done twice until the engine is back; gives up after a while, or when the queue closes. */
  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    const until = clock.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!isEngineAway(error)) throw error;
        if (closed.signal.aborted || clock.now() >= until) throw engineAway(error);
        await clock.sleep(pause, closed.signal).catch(() => undefined);
      }
    }
  }

  /** The keys are made once: a second attempt adds no second job. */
  function addAll(jobs: readonly NewJob[], parent?: Job<Envelope, void>): Promise<string[]> {
    const keyed = new Map(jobs.map((job) => [toKey(job.id ?? ids()), job]));
    return patiently(() => addKeyed(keyed, parent));
  }

  async function addKeyed(
    keyed: ReadonlyMap<string, NewJob>,
    parent?: Job<Envelope, void>,
  ): Promise<string[]> {
    for (const [key, job] of keyed) {
      if (names !== null && !names.has(job.name)) {
        throw new RollcallError('CONTRACT', `No job named ${job.name} is defined.`);
      }
      // The library would take an ended job of the same id for the new one and run nothing.
      if (job.id !== undefined && ENDED.includes(await queue.getJobState(key))) await queue.remove(key);
    }
    const family =
      parent?.id === undefined
        ? {}
        : { parent: { id: parent.id, queue: parent.queueQualifiedName }, ignoreDependencyOnFailure: true };
    const entries = [...keyed].map(([key, job]) => ({
      name: job.name,
      data: { payload: job.payload, step: null },
      opts: { jobId: key, ...family },
    }));
    const [only] = entries;
    // A bulk of one costs the Postgres backend several times as much as a single add.
    const added =
      entries.length === 1 && only !== undefined
        ? [await queue.add(only.name, only.data, only.opts)]
        : await queue.addBulk(entries);
    // The backend tells by a negative number that the job belongs to another parent that is still there.
    if (added.some((job) => job.id === undefined || /^-\d+$/.test(job.id))) {
      throw new RollcallError('CONFLICT', 'A job of the same id already belongs to another job.');
    }
    return [...keyed.keys()].map(fromKey);
  }

  /** The library leaves queries unanswered once it closes; nobody shall wait for those. */
  function unlessClosed<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onClose = (): void => reject(new RollcallError('UNAVAILABLE', 'The queue was closed.'));
      if (closed.signal.aborted) onClose();
      closed.signal.addEventListener('abort', onClose, { once: true });
      work.then(resolve, reject).finally(() => closed.signal.removeEventListener('abort', onClose));
    });
  }

  function checkDefinitions(jobs: readonly DefinedJob[]): Map<string, DefinedJob> {
    const byName = new Map(jobs.map((job) => [job.name, job]));
    const twice = jobs.find((job) => byName.get(job.name) !== job);
    if (twice !== undefined || byName.size === 0) {
      const problem =
        twice === undefined ? 'No jobs are defined.' : `The job ${twice.name} is defined twice.`;
      throw new RollcallError('CONFIGURATION', problem, { cure: 'Correct the list in jobs/index.ts.' });
    }
    return byName;
  }

  async function closeWorker(graceMs: number): Promise<void> {
    if (worker === null) return;
    const done = new AbortController();
    const closedWorker = worker.close().then(() => done.abort());
    const wait = (ms: number): Promise<void> =>
      Promise.race([closedWorker, clock.sleep(ms, done.signal).catch(() => undefined)]);
    await wait(graceMs);
    if (done.signal.aborted) return;
    stop.abort(new RollcallError('UNAVAILABLE', 'The worker stops.'));
    await wait(ABORT_MS);
    if (!done.signal.aborted) logger.warn('A job did not stop in time and was left behind.');
  }

  return {
    async add(job) {
      const [id] = await unlessClosed(addAll([job]));
      if (id === undefined) throw new RollcallError('CONTRACT', 'The queue gave no id.');
      return id;
    },

    async waitFor(id, signal) {
      const key = toKey(id);
      const look = async (): Promise<'completed' | undefined> => {
        const state = await unlessClosed(patiently(() => queue.getJobState(key)));
        if (state === 'completed') return state;
        if (state === 'failed') {
          const job = await unlessClosed(patiently(() => queue.getJob(key)));
          throw decodeFailure(job?.failedReason ?? 'no reason was kept');
        }
        if (state === 'unknown') throw new RollcallError('NOT_FOUND', `There is no job ${id}.`);
        return undefined;
      };
      await ends.until(key, look, signal);
    },

    async work(jobs, { concurrency }) {
      const byName = checkDefinitions(jobs);
      if (worker !== null) throw new RollcallError('CONTRACT', 'This queue is being worked on already.');
      const waiting = await unlessClosed(
        patiently(() =>
          queue.getJobs(['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'], 0, 999),
        ),
      );
      const unknown = waiting.find((job) => !byName.has(job.name));
      if (unknown !== undefined) {
        throw new RollcallError('CONFIGURATION', `A job named ${unknown.name} waits, but none is defined.`, {
          cure: 'Start the version of the product that added it, or let it end there first.',
        });
      }
      names = new Set(byName.keys());
      const addChildren = async (children: readonly NewJob[], parent: Job<Envelope, void>): Promise<void> => {
        if (children.length > 0) await addAll(children, parent);
      };
      worker = backend.openWorker(
        name,
        createProcessor({
          jobs: byName,
          logger,
          within: options.within ?? ((_fields, work) => work()),
          stop: stop.signal,
          addChildren,
          patiently,
        }),
        {
          concurrency,
          lockDuration: lockMs,
          stalledInterval: Math.ceil(lockMs / 2),
          maxStalledCount: STALLS,
          runRetryDelay: RETRY_MS,
          settings: {
            backoffStrategy: (attempt) => Math.min(backoffMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS),
          },
        },
        {
          onError: (error) => logger.warn('The worker has a problem.', { error }),
          onCompleted: (key) => ends.tell(key),
          onFailed: (job, error) => {
            if (!isEncodedFailure(error.message)) {
              logger.error('A job was given up.', { job: job.name, jobId: fromKey(job.id), error });
            }
            ends.tell(job.id);
          },
        },
      );
      await unlessClosed(worker.waitUntilReady());
    },

    deadLetters: (limit) => unlessClosed(patiently(() => readDeadLetters(queue, limit))),
    retry: (id) => unlessClosed(retryDeadLetter(queue, id, patiently)),

    async ping() {
      await unlessClosed(queue.getJobState('ping'));
    },

    async reset() {
      await unlessClosed(patiently(() => queue.obliterate({ force: true })));
      await unlessClosed(patiently(() => queue.resume()));
    },

    close(graceMs = 10_000) {
      closing ??= (async () => {
        await closeWorker(graceMs);
        closed.abort();
        await queue.close();
        await backend.close();
      })();
      return closing;
    },
  };
}
