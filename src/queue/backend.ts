import {
  createPostgresBackend,
  Queue,
  runMigrations,
  Worker,
  type PgPool,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import { z } from 'zod';

/** What lies in a job of the library: our payload, and where a step job stands. */
export const Envelope = z.strictObject({
  payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  step: z.string().nullable(),
});
export type Envelope = z.infer<typeof Envelope>;

/** The library's classes, tied to what they keep their jobs in. */
export interface QueueBackend {
  openQueue(name: string, options: Omit<QueueOptions, 'connection'>): ReturnType<typeof openPostgresQueue>;
  openWorker(
    name: string,
    processor: Processor<Envelope, void>,
    options: Omit<WorkerOptions, 'connection'>,
  ): ReturnType<typeof openPostgresWorker>;
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

/**
 * The library's Postgres backend on a pool whose unqualified names resolve in its schema, `bullmq`. Its tables are
 * brought up to date here, since it does not migrate a pool that is handed to it (design §7).
 */
export async function preparePostgresBackend(pool: PgPool): Promise<QueueBackend> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  return {
    openQueue: (name, options) => openPostgresQueue(pool, name, options),
    openWorker: (name, processor, options) => openPostgresWorker(pool, name, processor, options),
  };
}
