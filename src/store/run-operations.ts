import { sql, type Kysely, type Selectable } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { RunStore, SettledOperation, StoredOperation } from '../app/ports/runs.ts';
import { PASSING_LOSSES } from '../domain/planning/losses.ts';
import { Operation } from '../domain/planning/plan.ts';
import { OPERATION_STATES } from '../domain/run.ts';
import { toJson, type Database, type Tables } from './database.ts';
import { keepLinks, toLink, upsertLinks } from './links.ts';
import { Image } from './rows.ts';
import { addSpent } from './spent.ts';

/** Codes of failures that may pass by themselves; repeating cures them. */
export const PASSING = ['UNAVAILABLE', 'RATE_LIMITED', 'UNKNOWN_OUTCOME', 'STALE', 'DEPENDENCY'];

/** The same for directory users: a seat is freed, a right granted, without anything about the person changing. */
const PASSING_IN_DIRECTORY = ['QUOTA', 'FORBIDDEN'];

/** States that say what became of an operation, as `lastingFailures` sees it; one that was only listed says nothing new. */
export const OUTCOMES = sql`('confirmed', 'failed', 'stale')`;

/** An operation `o` that its person can do without: `isDispensable`, where the rows are. */
export const isDispensed = sql`(o.body ->> 'entity' = 'crmUser' AND o.body ->> 'kind' = 'create'
  AND o.code IS NOT NULL AND o.code <> ALL (${[...PASSING_LOSSES]}::text[]))`;

export const OperationStateOf = z.enum(OPERATION_STATES);

export const STORED_COLUMNS = ['body', 'position', 'state', 'code', 'message'] as const;

export function toStoredOperation(
  row: Pick<Selectable<Tables['operation']>, (typeof STORED_COLUMNS)[number]>,
): StoredOperation {
  return {
    operation: Operation.parse(row.body),
    position: row.position,
    state: OperationStateOf.parse(row.state),
    code: row.code,
    message: row.message,
  };
}

type OperationStore = Pick<
  RunStore,
  | 'operations'
  | 'operationsById'
  | 'images'
  | 'chunk'
  | 'openChunks'
  | 'markIntended'
  | 'settle'
  | 'settleUnsent'
  | 'completeLinks'
  | 'formerLinks'
  | 'countByState'
  | 'removedSince'
  | 'lastingFailures'
>;

/** The operations of runs and what becomes of them, with the links that they complete. */
export function createOperationStore({ db, transaction }: Database, clock: Clock): OperationStore {
  const now = (): Date => new Date(clock.now());
  const select = (runId: string) =>
    db.selectFrom('operation').select(STORED_COLUMNS).where('run_id', '=', runId).orderBy('position');

  async function keepOutcomes(
    trx: Kysely<Tables>,
    id: string,
    outcomes: readonly SettledOperation[],
    states: readonly string[],
  ): Promise<bigint> {
    const values = toJson(
      outcomes.map(({ operationId, state, code, message, image }) => ({
        id: operationId,
        state,
        code,
        message,
        image,
      })),
    );
    const settled = await sql`
      UPDATE rollcall.operation AS o
         SET state = v.state, code = v.code, message = v.message,
             image = nullif(v.image, 'null'::jsonb), changed_at = ${now()}
        FROM jsonb_to_recordset(${values}::jsonb)
          AS v (id text, state text, code text, message text, image jsonb)
       WHERE o.run_id = ${id} AND o.id = v.id AND o.state = any(${[...states]}::text[])`.execute(trx);
    return settled.numAffectedRows ?? 0n;
  }

  return {
    async operations(id, { states, kinds } = {}) {
      let query = select(id);
      if (states !== undefined) query = query.where('state', '=', sql<string>`any(${[...states]}::text[])`);
      if (kinds !== undefined)
        query = query.where(sql<string>`body ->> 'kind'`, '=', sql<string>`any(${[...kinds]}::text[])`);
      return (await query.execute()).map(toStoredOperation);
    },

    async images(id) {
      const rows = await db
        .selectFrom('operation')
        .select(['id', 'image'])
        .where('run_id', '=', id)
        .where('image', 'is not', null)
        .execute();
      return new Map(
        rows.flatMap((row) => {
          const image = Image.parse(row.image);
          return image === null ? [] : [[row.id, image]];
        }),
      );
    },

    async operationsById(id, operationIds) {
      if (operationIds.length === 0) return [];
      const rows = await select(id)
        .where('id', '=', sql<string>`any(${[...operationIds]}::text[])`)
        .execute();
      return rows.map(toStoredOperation);
    },

    async chunk(id, chunk) {
      const rows = await select(id)
        .select(sql`CASE WHEN body ->> 'entity' = 'directoryUser' THEN image END`.as('image'))
        .where('chunk', '=', chunk)
        .execute();
      return rows.map((row) => ({ ...toStoredOperation(row), image: Image.parse(row.image ?? null) }));
    },

    async openChunks(id) {
      const rows = await db
        .selectFrom('operation')
        .select('chunk')
        .distinct()
        .where('run_id', '=', id)
        .where('state', 'in', ['planned', 'intended'])
        .orderBy('chunk')
        .execute();
      return rows.map(({ chunk }) => chunk);
    },

    async markIntended(id, operationIds) {
      const rows = await db
        .updateTable('operation')
        .set({ state: 'intended', changed_at: now() })
        .where('run_id', '=', id)
        .where('id', '=', sql<string>`any(${[...operationIds]}::text[])`)
        .where('state', 'in', ['planned', 'intended'])
        .returning('id')
        .execute();
      return new Set(rows.map((row) => row.id));
    },

    async settle(id, outcomes, links, spent = {}) {
      if (outcomes.length === 0 && links.length === 0 && Object.keys(spent).length === 0) return;
      await transaction(async (trx) => {
        const settled = await keepOutcomes(trx, id, outcomes, OPERATION_STATES);
        if (settled !== BigInt(outcomes.length))
          throw new RollcallError(
            'NOT_FOUND',
            `Some of the operations to be settled are not in the run ${id}.`,
            { details: { outcomes: outcomes.length, found: Number(settled) } },
          );
        await upsertLinks(trx, links, id);
        await addSpent(trx, id, spent);
      });
    },

    async settleUnsent(id, outcomes) {
      if (outcomes.length > 0) await keepOutcomes(db, id, outcomes, ['planned']);
    },

    async completeLinks(id, directory) {
      const isOpen = (user: string) => sql`EXISTS (
        SELECT 1 FROM rollcall.operation AS o
         WHERE o.run_id = ${id} AND o.person = ${sql.raw(user)} AND o.state <> 'confirmed' AND NOT ${isDispensed})`;
      // What the directory made of a change was kept together with its outcome.
      const isPushed = (user: string) => sql`EXISTS (
        SELECT 1 FROM rollcall.operation AS o
         WHERE o.run_id = ${id} AND o.person = ${sql.raw(user)} AND o.body ->> 'entity' = 'directoryUser')`;
      const standsAlone = sql`EXISTS (
        SELECT 1 FROM rollcall.operation AS o
         WHERE o.run_id = ${id} AND o.person = p.user_id AND ${isDispensed})`;
      await transaction(async (trx) => {
        await keepLinks(
          trx,
          sql`
            SELECT ${directory}::text AS directory, p.user_id AS directory_user_id, p.body ->> 'login' AS login,
                   p.body ->> 'recordId' AS record_id, p.body ->> 'contactId' AS contact_id,
                   CASE WHEN ${standsAlone} THEN NULL ELSE p.body ->> 'crmUserId' END AS crm_user_id, 'active'::text AS status, p.body -> 'base' AS base
              FROM rollcall.plan_person AS p
             WHERE p.run_id = ${id} AND NOT p.failed AND p.body ->> 'recordId' IS NOT NULL
               AND p.situation <> 'added' AND NOT ${isPushed('p.user_id')}
               AND p.body -> 'base' <> 'null'::jsonb AND NOT ${isOpen('p.user_id')}`,
          id,
        );
        await keepLinks(
          trx,
          sql`
            SELECT l.directory, l.directory_user_id, l.login, l.record_id, l.contact_id, l.crm_user_id,
                   'gone'::text AS status, l.base
              FROM rollcall.link AS l
              JOIN rollcall.plan_gone AS g ON g.run_id = ${id} AND g.user_id = l.directory_user_id
             WHERE l.directory = ${directory} AND g.is_new AND NOT ${isOpen('g.user_id')}`,
          id,
        );
        const parted = sql`
          SELECT p.body ->> 'succeeds' FROM rollcall.plan_person AS p
           WHERE p.run_id = ${id} AND p.body ->> 'succeeds' IS NOT NULL
          UNION ALL
          SELECT o.person FROM rollcall.operation AS o
           WHERE o.run_id = ${id} AND o.state = 'confirmed' AND o.body ->> 'entity' = 'directoryUser'
             AND o.body ->> 'kind' = 'delete'`;
        await sql`
          INSERT INTO rollcall.run_link (run_id, directory, directory_user_id, former)
          SELECT ${id}, l.directory, l.directory_user_id, to_jsonb(l)
            FROM rollcall.link AS l
           WHERE l.directory = ${directory} AND l.directory_user_id IN (${parted})
          ON CONFLICT DO NOTHING`.execute(trx);
        await sql`
          DELETE FROM rollcall.link AS l
           WHERE l.directory = ${directory} AND l.directory_user_id IN (${parted})`.execute(trx);
      });
    },

    async formerLinks(id) {
      const rows = await db
        .selectFrom('run_link')
        .select(['directory_user_id', 'former'])
        .where('run_id', '=', id)
        .orderBy('directory_user_id')
        .execute();
      return rows.map(({ directory_user_id, former }) => ({
        directoryUserId: directory_user_id,
        link: former === null ? null : toLink(former),
      }));
    },

    async countByState(id) {
      const rows = await db
        .selectFrom('operation')
        .select(['state', sql<number>`count(*)::int`.as('count')])
        .where('run_id', '=', id)
        .groupBy('state')
        .execute();
      const counts = { planned: 0, intended: 0, confirmed: 0, failed: 0, stale: 0, skipped: 0 };
      for (const row of rows) counts[OperationStateOf.parse(row.state)] = row.count;
      return counts;
    },

    async removedSince(sinceMs) {
      const { rows } = await sql<{ count: number }>`
        SELECT count(DISTINCT person)::int AS count FROM rollcall.operation
         WHERE state = 'confirmed' AND body ->> 'entity' = 'directoryUser' AND body ->> 'kind' = 'delete'
           AND changed_at >= ${new Date(sinceMs)}`.execute(db);
      return rows[0]?.count ?? 0;
    },

    async lastingFailures() {
      const { rows } = await sql<{ id: string; digest: string; code: string; message: string | null }>`
        SELECT last.id, last.digest, last.code, last.message
          FROM (SELECT DISTINCT ON (known.id) known.*
                  FROM (SELECT o.id, o.digest, o.state, o.code, o.message, o.changed_at, r.started_at
                          FROM rollcall.operation AS o
                          JOIN rollcall.run AS r ON r.id = o.run_id
                         WHERE o.state IN ${OUTCOMES}
                           AND o.id IN (SELECT f.id FROM rollcall.operation AS f WHERE f.state = 'failed'
                                        UNION SELECT l.operation_id FROM rollcall.lasting_failure AS l)
                         UNION ALL
                        SELECT l.operation_id, l.digest, 'failed', l.code, l.message, l.changed_at, l.run_started_at
                          FROM rollcall.lasting_failure AS l) AS known
                 ORDER BY known.id, known.changed_at DESC, known.started_at DESC) AS last
         WHERE last.state = 'failed' AND last.code IS NOT NULL
           AND last.code <> ALL (${PASSING}::text[])
           AND NOT (last.id LIKE 'directoryUser.%' AND last.code = ANY (${PASSING_IN_DIRECTORY}::text[]))`.execute(
        db,
      );
      return new Map(
        rows.map(({ id, digest, code, message }) => [id, { digest, code, message: message ?? '' }]),
      );
    },
  };
}
