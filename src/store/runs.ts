import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { RunRecord, RunStore, StoredOperation } from '../app/ports/store.ts';
import { Operation, Plan } from '../domain/planning/plan.ts';
import { OPERATION_STATES, Report, RUN_STATUSES } from '../domain/run.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';
import { upsertLinks } from './links.ts';
import { digestOfOperation, iso, isoOrNull, PLAN_PARTS, PlanHead } from './rows.ts';

/** Rows per statement: large enough to be quick, small enough not to hold the embedded engine's one session long. */
const BULK = 500;
const PEOPLE_PER_PART = 200;

/** Codes of failures that may pass by themselves; repeating cures them. */
const PASSING = ['UNAVAILABLE', 'RATE_LIMITED', 'UNKNOWN_OUTCOME', 'STALE', 'DEPENDENCY'];

const OperationStateOf = z.enum(OPERATION_STATES);
const RunParts = z.object({
  kind: z.enum(['import']),
  trigger: Report.shape.trigger,
  status: z.enum(RUN_STATUSES),
  phase: z.enum(['reading', 'applying', 'done']),
  report: Report.nullable(),
});

function toRun(row: Selectable<Tables['run']>): RunRecord {
  return {
    id: row.id,
    ...RunParts.parse(row),
    startedAt: iso(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    problem: row.problem,
  };
}

function toStoredOperation(
  row: Pick<Selectable<Tables['operation']>, 'body' | 'position' | 'state' | 'code' | 'message'>,
): StoredOperation {
  return {
    operation: Operation.parse(row.body),
    position: row.position,
    state: OperationStateOf.parse(row.state),
    code: row.code,
    message: row.message,
  };
}

function noSuchRun(id: string): RollcallError {
  return new RollcallError('NOT_FOUND', `There is no run ${id}.`, {
    cure: 'List the runs with `rollcall runs`.',
  });
}

export function createRunStore({ db, transaction }: Database, clock: Clock): RunStore {
  const now = (): Date => new Date(clock.now());
  const selectOperations = (runId: string) =>
    db
      .selectFrom('operation')
      .select(['body', 'position', 'state', 'code', 'message'])
      .where('run_id', '=', runId)
      .orderBy('position');

  return {
    async create(run) {
      await db
        .insertInto('run')
        .values({
          id: run.id,
          kind: run.kind,
          trigger: run.trigger,
          status: run.status,
          phase: run.phase,
          started_at: new Date(run.startedAt),
          finished_at: run.finishedAt === null ? null : new Date(run.finishedAt),
          report: run.report === null ? null : toJson(run.report),
          problem: run.problem,
          plan_head: null,
        })
        .execute();
    },

    async get(id) {
      const row = await db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toRun(row);
    },

    async list(limit) {
      const rows = await db
        .selectFrom('run')
        .selectAll()
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toRun);
    },

    async unfinished() {
      const rows = await db
        .selectFrom('run')
        .selectAll()
        .where('finished_at', 'is', null)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(toRun);
    },

    async update(id, changes) {
      const { status, phase, finishedAt, report, problem } = changes;
      const set = {
        ...(status === undefined ? {} : { status }),
        ...(phase === undefined ? {} : { phase }),
        ...(finishedAt === undefined
          ? {}
          : { finished_at: finishedAt === null ? null : new Date(finishedAt) }),
        ...(report === undefined ? {} : { report: report === null ? null : toJson(report) }),
        ...(problem === undefined ? {} : { problem }),
      };
      if (Object.keys(set).length === 0) return;
      const result = await db.updateTable('run').set(set).where('id', '=', id).executeTakeFirst();
      if (result.numUpdatedRows === 0n) throw noSuchRun(id);
    },

    async savePlan(id, plan) {
      const { people, gone, operations, ...head } = plan;
      const parts = Object.entries({ people, gone }).flatMap(([part, items]) =>
        chunks<unknown>(items, PEOPLE_PER_PART).map((slice, position) => ({
          run_id: id,
          part,
          position,
          items: toJson(slice),
        })),
      );
      const changedAt = now();
      const rows = operations.map((operation, position) => ({
        id: operation.id,
        position,
        body: operation,
        digest: digestOfOperation(operation),
      }));
      await transaction(async (trx) => {
        const run = await trx
          .updateTable('run')
          .set({ phase: 'applying', plan_head: toJson(head) })
          .where('id', '=', id)
          .where('phase', '=', 'reading')
          .executeTakeFirst();
        if (run.numUpdatedRows === 0n) {
          const present = await trx.selectFrom('run').select('id').where('id', '=', id).executeTakeFirst();
          if (present === undefined) throw noSuchRun(id);
          throw new RollcallError('CONFLICT', `The run ${id} has a plan already.`, {
            cure: 'Start a new run; a plan that was kept is never replaced.',
          });
        }
        for (const slice of chunks(parts, 20))
          await trx
            .insertInto('plan_part')
            .values([...slice])
            .execute();
        for (const slice of chunks(rows, BULK)) {
          // One parameter for all rows: the embedded engine is slow at taking thousands.
          await sql`
            INSERT INTO rollcall.operation (run_id, id, position, body, digest, state, changed_at)
            SELECT ${id}, v.id, v.position, v.body, v.digest, 'planned', ${changedAt}
              FROM jsonb_to_recordset(${toJson(slice)}::jsonb)
                AS v (id text, position integer, body jsonb, digest text)`.execute(trx);
        }
      });
    },

    async plan(id) {
      const run = await db.selectFrom('run').select('plan_head').where('id', '=', id).executeTakeFirst();
      if (run === undefined || run.plan_head === null) return null;
      const parts = await db
        .selectFrom('plan_part')
        .select(['part', 'items'])
        .where('run_id', '=', id)
        .orderBy('position')
        .execute();
      const operations = await db
        .selectFrom('operation')
        .select('body')
        .where('run_id', '=', id)
        .orderBy('position')
        .execute();
      const all = (part: string): unknown[] =>
        parts.filter((row) => row.part === part).flatMap((row) => z.array(z.unknown()).parse(row.items));
      return {
        ...PlanHead.parse(run.plan_head),
        people: PLAN_PARTS.people.parse(all('people')),
        gone: PLAN_PARTS.gone.parse(all('gone')),
        operations: Plan.shape.operations.parse(operations.map((row) => row.body)),
      };
    },

    async operations(id, states) {
      const query = selectOperations(id);
      const rows = await (
        states === undefined ? query : query.where('state', '=', sql<string>`any(${[...states]}::text[])`)
      ).execute();
      return rows.map(toStoredOperation);
    },

    async operationsById(id, operationIds) {
      if (operationIds.length === 0) return [];
      const rows = await selectOperations(id)
        .where('id', '=', sql<string>`any(${[...operationIds]}::text[])`)
        .execute();
      return rows.map(toStoredOperation);
    },

    async markIntended(id, operationIds) {
      // A job that is delivered twice must not forget what was confirmed.
      await db
        .updateTable('operation')
        .set({ state: 'intended', changed_at: now() })
        .where('run_id', '=', id)
        .where('id', '=', sql<string>`any(${[...operationIds]}::text[])`)
        .where('state', '<>', 'confirmed')
        .execute();
    },

    async settle(id, outcomes, links) {
      if (outcomes.length === 0 && links.length === 0) return;
      const values = toJson(
        outcomes.map(({ operationId, state, code, message, image }) => ({
          id: operationId,
          state,
          code,
          message,
          image,
        })),
      );
      await transaction(async (trx) => {
        const settled = await sql`
          UPDATE rollcall.operation AS o
             SET state = v.state, code = v.code, message = v.message,
                 image = nullif(v.image, 'null'::jsonb), changed_at = ${now()}
            FROM jsonb_to_recordset(${values}::jsonb)
              AS v (id text, state text, code text, message text, image jsonb)
           WHERE o.run_id = ${id} AND o.id = v.id`.execute(trx);
        if (settled.numAffectedRows !== BigInt(outcomes.length)) {
          throw new RollcallError(
            'NOT_FOUND',
            `Some of the operations to be settled are not in the run ${id}.`,
            {
              details: { outcomes: outcomes.length, found: Number(settled.numAffectedRows ?? 0n) },
            },
          );
        }
        await upsertLinks(trx, links);
      });
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

    async lastingFailures() {
      // A later run that only listed the operation (skipped) says nothing new about it.
      const { rows } = await sql<{ id: string; digest: string; code: string; message: string | null }>`
        SELECT last.id, last.digest, last.code, last.message
          FROM (SELECT DISTINCT ON (o.id) o.id, o.digest, o.state, o.code, o.message
                  FROM rollcall.operation AS o
                  JOIN rollcall.run AS r ON r.id = o.run_id
                 WHERE o.state IN ('confirmed', 'failed', 'stale')
                   AND o.id IN (SELECT f.id FROM rollcall.operation AS f WHERE f.state = 'failed')
                 ORDER BY o.id, o.changed_at DESC, r.started_at DESC) AS last
         WHERE last.state = 'failed' AND last.code IS NOT NULL
           AND last.code <> ALL (${PASSING}::text[])`.execute(db);
      return new Map(
        rows.map(({ id, digest, code, message }) => [id, { digest, code, message: message ?? '' }]),
      );
    },
  };
}
