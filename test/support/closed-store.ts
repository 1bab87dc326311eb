import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { join } from 'node:path';
import type { World } from './world.ts';

/** The database of a world whose product is shut, on whatever engine it is kept. */
export interface ClosedStore {
  query(text: string, parameters?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Works on the database itself, past the product, which is shut first. */
export async function inClosedStore<T>(
  world: Pick<World, 'directory' | 'env' | 'shut'>,
  work: (store: ClosedStore) => Promise<T>,
): Promise<T> {
  await world.shut();
  const { DATABASE_URL } = world.env;
  if (DATABASE_URL === undefined) {
    const embedded = await PGlite.create(join(world.directory, '.rollcall', 'postgres'));
    try {
      return await work(embedded);
    } finally {
      await embedded.close();
    }
  }
  const client = new Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
