import type { Clock } from '../app/ports/clock.ts';
import type { LeaseStore } from '../app/ports/store.ts';
import type { Database } from './database.ts';

export function createLeaseStore({ db }: Database, clock: Clock): LeaseStore {
  return {
    async acquire(name, owner, ttlMs) {
      const now = clock.now();
      const held_until = new Date(now + ttlMs);
      const row = await db
        .insertInto('lease')
        .values({ name, owner, held_until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ owner, held_until })
            .where((where) =>
              where.or([where('lease.owner', '=', owner), where('lease.held_until', '<=', new Date(now))]),
            ),
        )
        .returning('owner')
        .executeTakeFirst();
      return row !== undefined;
    },
    async release(name, owner) {
      await db.deleteFrom('lease').where('name', '=', name).where('owner', '=', owner).execute();
    },
  };
}
