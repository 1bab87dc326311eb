import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { TOLD_STATES, type RequestStore, type RunRequestRow } from '../app/ports/run-requests.ts';
import type { Database, Tables } from './database.ts';

const State = z.enum(TOLD_STATES).nullable();

function toRequest(row: Selectable<Tables['request']>): RunRequestRow {
  return {
    id: row.id,
    runId: row.run_id,
    requestedBy: row.requested_by,
    telling: State.parse(row.telling),
    told: State.parse(row.told),
  };
}

export function createRequestStore({ db }: Database): RequestStore {
  return {
    async save({ id, runId, requestedBy }, now) {
      const row = {
        run_id: runId,
        requested_by: requestedBy,
        received_at: new Date(now),
        telling: null,
        told: null,
      };
      await db
        .insertInto('request')
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    },
    async get(id) {
      const row = await db.selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toRequest(row);
    },
    async open(limit) {
      const rows = await db
        .selectFrom('request')
        .selectAll()
        .where(sql<boolean>`told IS DISTINCT FROM 'done'`)
        .orderBy('received_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(toRequest);
    },
    async setTelling(id, runId, state) {
      await db
        .updateTable('request')
        .set({ telling: state })
        .where('id', '=', id)
        .where('run_id', '=', runId)
        .execute();
    },
    async setTold(id, runId, state) {
      await db
        .updateTable('request')
        .set({ told: state })
        .where('id', '=', id)
        .where('run_id', '=', runId)
        .execute();
    },
  };
}
