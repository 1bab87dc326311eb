import {
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  Queue,
  runMigrations,
  Worker,
  type PgPool,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import { isRollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import { openRedis, type RedisClient } from './redis.ts';

/** What lies in a job of the library: our payload, and where a step job stands. */
export const Envelope = z.strictObject({
  payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  step: z.string().nullable(),
});
export type Envelope = z.infer<typeof Envelope>;

/** What we use of the library's queue; the class itself has another type for each engine. */
export type LibraryQueue = Pick<
  ReturnType<typeof openPostgresQueue>,
  'add' | 'addBulk' | 'close' | 'getJob' | 'getJobs' | 'getJobState' | 'obliterate' | 'remove' | 'resume'
>;
export type LibraryWorker = Pick<ReturnType<typeof openPostgresWorker>, 'close' | 'waitUntilReady'>;

/** Told by the library, at any time. */
export interface WorkerListeners {
  onError(error: Error): void;
  onCompleted(jobId: string): void;
  onFailed(job: { readonly id: string; readonly name: string | undefined }, error: Error): void;
}

/** The library's classes, tied to what they keep their jobs in. */
export interface QueueBackend {
  openQueue(
    name: string,
    options: Omit<QueueOptions, 'connection'>,
    onError: (error: Error) => void,
  ): LibraryQueue;
  openWorker(
    name: string,
    processor: Processor<Envelope, void>,
    options: Omit<WorkerOptions, 'connection'>,
    listeners: WorkerListeners,
  ): LibraryWorker;
  /** After queues and workers are closed; leaves what was handed over open. */
  close(): Promise<void>;
}

function openPostgresQueue(pool: PgPool, name: string, options: Omit<QueueOptions, 'connection'>) {
  return new Queue(name, { ...options, connection: pool }, createPostgresBackend);
}

function openPostgresWorker(
  pool: PgPool,
  name: string,
  processor: Processor<Envelope, void>,
  options: Omit<WorkerOptions, 'connection'>,
) {
  return new Worker(name, processor, { ...options, connection: pool }, createPostgresBackend);
}

function openRedisQueue(connection: RedisClient, name: string, options: Omit<QueueOptions, 'connection'>) {
  return new Queue(name, { ...options, connection });
}

function openRedisWorker(
  connection: RedisClient,
  name: string,
  processor: Processor<Envelope, void>,
  options: Omit<WorkerOptions, 'connection'>,
) {
  return new Worker(name, processor, { ...options, connection });
}

/** The library repeats what failed for want of a connection only where the error has this code. */
function toLibraryError(error: unknown): unknown {
  if (!isRollcallError(error, 'UNAVAILABLE')) return error;
  return Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNREFUSED' });
}

/** The same pool or client, whose errors the library understands. */
function inLibraryWords<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member !== 'function') return member;
      if (name !== 'query' && name !== 'connect') return member.bind(object) as unknown;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        try {
          const result: unknown = await Reflect.apply(member, object, args);
          const isClient = name === 'connect' && typeof result === 'object' && result !== null;
          return isClient ? inLibraryWords(result) : result;
        } catch (error) {
          throw toLibraryError(error);
        }
      };
    },
  });
}

/**
 * The library's Postgres backend on a pool whose unqualified names resolve in its schema, `bullmq`. Its tables are
 * brought up to date here, since it does not migrate a pool that is handed to it (design §7).
 */
export async function preparePostgresBackend(pool: PgPool): Promise<QueueBackend> {
  await migrate(pool);
  const connection = inLibraryWords(pool);
  return {
    openQueue: (name, options, onError) => openPostgresQueue(connection, name, options).on('error', onError),
    openWorker: (name, processor, options, { onError, onCompleted, onFailed }) =>
      openPostgresWorker(connection, name, processor, options)
        .on('error', onError)
        .on('completed', (job) => onCompleted(job.id ?? ''))
        .on('failed', (job, error) => onFailed({ id: job?.id ?? '', name: job?.name }, error)),
    close: () => Promise.resolve(),
  };
}

async function migrate(pool: PgPool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}

/** The tables of the queue, for a database that is prepared with them. */
export const QUEUE_TABLES = { key: `queue ${LATEST_SCHEMA_VERSION}`, prepare: migrate };

/** What the names of all keys begin with, unless the user says otherwise. */
export const REDIS_PREFIX = 'rollcall';

/**
 * The library on the Redis that `REDIS_URL` names.
 *
 * @throws RollcallError as `openRedis`
 */
export async function prepareRedisBackend(
  url: string,
  prefix: string,
  logger: Logger,
  clock: Clock,
): Promise<QueueBackend> {
  const redis = await openRedis(url, logger, clock);
  // In a cluster, all keys of a queue must lie on one node: braces see to that.
  const whole = redis.place.kind === 'cluster' && !/\{[^}]+\}/u.test(prefix) ? `{${prefix}}` : prefix;
  return {
    openQueue: (name, options, onError) =>
      openRedisQueue(redis.producer, name, { ...options, prefix: whole }).on('error', onError),
    openWorker: (name, processor, options, { onError, onCompleted, onFailed }) =>
      openRedisWorker(redis.worker(), name, processor, { ...options, prefix: whole })
        .on('error', onError)
        .on('completed', (job) => onCompleted(job.id ?? ''))
        .on('failed', (job, error) => onFailed({ id: job?.id ?? '', name: job?.name }, error)),
    close: () => redis.close(),
  };
}
