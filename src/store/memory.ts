import type { MemoryStore } from '../app/ports/store.ts';
import type { Database } from './database.ts';

export function createMemoryStore({ db }: Database): MemoryStore {
  return {
    async get(key) {
      const row = await db.selectFrom('memory').select('value').where('key', '=', key).executeTakeFirst();
      return row?.value;
    },
    async set(key, value) {
      await db
        .insertInto('memory')
        .values({ key, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
    },
  };
}
