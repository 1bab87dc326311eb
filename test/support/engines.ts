import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** The variables that put a world on servers, and what takes its traces away again. */
export interface WorldEngines {
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export const EMBEDDED: WorldEngines = { env: {}, remove: () => Promise.resolve() };

/**
 * `TEST_DATABASE_URL` and `TEST_REDIS_URL` put every world on these servers instead of the embedded engine, each in a
 * database and under a prefix of its own; `npm run test:pairs` sets them.
 */
export async function worldEngines(): Promise<WorldEngines> {
  const { TEST_DATABASE_URL: database, TEST_REDIS_URL: redis } = process.env;
  const name = `world_${randomUUID().replaceAll('-', '')}`;
  const redisEnv = redis === undefined ? {} : { REDIS_URL: redis, ROLLCALL_REDIS_PREFIX: name };
  if (database === undefined) return { env: redisEnv, remove: () => Promise.resolve() };
  const run = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: database });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(`CREATE DATABASE ${name}`);
  const own = new URL(database);
  own.pathname = `/${name}`;
  return {
    env: { ...redisEnv, DATABASE_URL: own.href },
    remove: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
