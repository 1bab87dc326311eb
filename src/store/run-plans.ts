import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { RunReading, RunStore } from '../app/ports/runs.ts';
import { Plan, PlanHead, PlannedGone, PlannedPerson } from '../domain/planning/plan.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';
import { digestOfOperation } from './rows.ts';
import { takePlaces } from './take-place.ts';

/**
 * Rows per statement. More are hardly quicker and leave megabytes of texts and messages behind each time: with 500, an
 * import of 10,000 takes some 40 MB more.
 */
const BULK = 100;

/** Operations of a plan from which on statistics are worth their time. */
const ANALYZE_FROM = 500;

const Reading = z.object({
  readAt: z.string(),
  askedAt: z.string().optional(),
  domainId: z.string(),
  sizes: z.array(z.object({ entity: z.string(), rows: z.number(), pageSize: z.number() })),
  showsOwnRows: z.boolean(),
  isPartial: z.boolean().default(false),
  strangers: z.array(z.string()).nullable().default(null),
  crmUserRight: z
    .union([
      z.object({ allowed: z.literal(true) }),
      z.object({ allowed: z.literal(false), message: z.string(), cure: z.string() }),
    ])
    .nullable(),
}) satisfies z.ZodType<RunReading>;
const Notes = z.array(z.string());

type PlanStore = Pick<
  RunStore,
  | 'savePlan'
  | 'plan'
  | 'planHead'
  | 'reading'
  | 'noteReading'
  | 'notes'
  | 'people'
  | 'peopleIn'
  | 'failedPeople'
  | 'takenIn'
  | 'findPerson'
  | 'gone'
  | 'stages'
>;

/**
 * On a sample of 3,000 rows: the usual one, of 30,000 with their bodies, takes tens of megabytes in the embedded engine,
 * which never gives memory back.
 */
async function analyzeOperations(trx: Transaction<Tables>): Promise<void> {
  await sql`SET LOCAL default_statistics_target = 10`.execute(trx);
  await sql`ANALYZE rollcall.operation`.execute(trx);
}

/** The plans of runs: their heads, and a row for each person, each user gone and each operation. */
export function createPlanStore({ db, transaction }: Database, clock: Clock): PlanStore {
  async function headOf(id: string): Promise<PlanHead | null> {
    const run = await db.selectFrom('run').select('plan_head').where('id', '=', id).executeTakeFirst();
    return run === undefined || run.plan_head === null ? null : PlanHead.parse(run.plan_head);
  }

  async function goneOf(id: string): Promise<PlannedGone[]> {
    const rows = await db
      .selectFrom('plan_gone')
      .select('body')
      .where('run_id', '=', id)
      .orderBy('position')
      .execute();
    return rows.map(({ body }) => PlannedGone.parse(body));
  }

  const selectPeople = (id: string) =>
    db.selectFrom('plan_person').select('body').where('run_id', '=', id).orderBy('position');
  const toPerson = ({ body }: { body: unknown }): PlannedPerson => PlannedPerson.parse(body);

  return {
    async savePlan(id, { plan, places, reading, phase, isPartial = false, stale = new Map() }) {
      const { people, gone, operations, ...head } = plan;
      const changedAt = new Date(clock.now());
      const replaced = await transaction(async (trx) => {
        const run = await trx
          .updateTable('run')
          .set({
            phase,
            plan_head: toJson(head),
            ...(reading === null ? {} : { reading: toJson(reading) }),
          })
          .where('id', '=', id)
          .where('phase', 'in', ['reading', 'planned', 'approved'])
          .executeTakeFirst();
        if (run.numUpdatedRows === 0n) {
          const present = await trx.selectFrom('run').select('id').where('id', '=', id).executeTakeFirst();
          throw present === undefined
            ? new RollcallError('NOT_FOUND', `There is no run ${id}.`)
            : new RollcallError('CONFLICT', `The run ${id} is applied already.`, {
                cure: 'Start a new run; a plan that is being applied is never replaced.',
              });
        }
        const stopped = await takePlaces(trx, id, {
          isPartial,
          waits: phase === 'planned' && plan.guards.length > 0,
          at: changedAt,
        });
        // A plan that a person approved is kept anew once it was checked again.
        for (const table of ['plan_person', 'plan_gone', 'operation'] as const)
          await trx.deleteFrom(table).where('run_id', '=', id).execute();
        let position = 0;
        for (const slice of chunks(people, BULK)) {
          const rows = slice.map((person) => ({
            user_id: person.userId,
            position: position++,
            login: person.login.toLowerCase(),
            situation: person.situation,
            pending_push: person.pendingPush,
            held: person.held,
            failed: person.issues.some(({ severity }) => severity === 'failure'),
            has_issues: person.issues.length > 0,
            body: person,
          }));
          await sql`
            INSERT INTO rollcall.plan_person
                   (run_id, user_id, position, login, situation, pending_push, held, failed, has_issues, body)
            SELECT ${id}, v.user_id, v.position, v.login, v.situation, v.pending_push, v.held, v.failed,
                   v.has_issues, v.body
              FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
                AS v (user_id text, position integer, login text, situation text, pending_push boolean,
                      held boolean, failed boolean, has_issues boolean, body jsonb)`.execute(trx);
        }
        for (const slice of chunks(gone, BULK)) {
          const rows = slice.map((person, index) => ({
            run_id: id,
            user_id: person.userId,
            position: index,
            is_new: person.isNew,
            body: toJson(person),
          }));
          await trx.insertInto('plan_gone').values(rows).execute();
        }
        position = 0;
        for (const slice of chunks(operations, BULK)) {
          const rows = slice.map((operation) => {
            const place = places[position];
            const reason = stale.get(operation.id);
            return {
              id: operation.id,
              position: position++,
              person: operation.person,
              stage: place?.stage ?? 0,
              chunk: place?.chunk ?? 0,
              body: operation,
              digest: digestOfOperation(operation),
              state: reason === undefined ? 'planned' : 'stale',
              code: reason === undefined ? null : 'STALE',
              message: reason ?? null,
            };
          });
          // One parameter for all rows: the embedded engine is slow at taking thousands.
          await sql`
            INSERT INTO rollcall.operation
                   (run_id, id, position, person, stage, chunk, body, digest, state, code, message, changed_at)
            SELECT ${id}, v.id, v.position, v.person, v.stage, v.chunk, v.body, v.digest, v.state, v.code, v.message,
                   ${changedAt}
              FROM jsonb_to_recordset(${toJson(rows)}::jsonb)
                AS v (id text, position integer, person text, stage integer, chunk integer, body jsonb, digest text,
                      state text, code text, message text)`.execute(trx);
        }
        return stopped;
      });
      // The embedded engine keeps no statistics by itself; without them it looks at the whole table for each outcome.
      if (operations.length >= ANALYZE_FROM) await transaction(analyzeOperations);
      return replaced;
    },

    async plan(id) {
      const head = await headOf(id);
      if (head === null) return null;
      const people = await selectPeople(id).execute();
      const operations = await db
        .selectFrom('operation')
        .select('body')
        .where('run_id', '=', id)
        .orderBy('position')
        .execute();
      return {
        ...head,
        people: people.map(toPerson),
        gone: await goneOf(id),
        operations: Plan.shape.operations.parse(operations.map((row) => row.body)),
      };
    },

    planHead: headOf,
    gone: goneOf,

    async reading(id) {
      const run = await db.selectFrom('run').select('reading').where('id', '=', id).executeTakeFirst();
      return run === undefined || run.reading === null ? null : Reading.parse(run.reading);
    },

    async noteReading(id, reading, notes) {
      await transaction((trx) =>
        sql`
        UPDATE rollcall.run SET reading = ${toJson(reading)}::jsonb, notes = notes || ${toJson(notes)}::jsonb
         WHERE id = ${id}`.execute(trx),
      );
    },

    async notes(id) {
      const run = await db.selectFrom('run').select('notes').where('id', '=', id).executeTakeFirst();
      return run === undefined ? [] : Notes.parse(run.notes);
    },

    async people(id, userIds) {
      if (userIds.length === 0) return [];
      const rows = await selectPeople(id)
        .where('user_id', '=', sql<string>`any(${[...userIds]}::text[])`)
        .execute();
      return rows.map(toPerson);
    },

    async peopleIn(id, situation) {
      return (await selectPeople(id).where('situation', '=', situation).execute()).map(toPerson);
    },

    async failedPeople(id) {
      const { rows } = await sql<{ person: string }>`
        SELECT person FROM rollcall.operation
         WHERE run_id = ${id} AND person IS NOT NULL AND state IN ('failed', 'stale', 'skipped')
        UNION
        SELECT user_id FROM rollcall.plan_person WHERE run_id = ${id} AND failed
         ORDER BY 1`.execute(db);
      return rows.map(({ person }) => person);
    },

    async takenIn(id) {
      const { rows } = await sql<{ user_id: string }>`
        SELECT p.user_id FROM rollcall.plan_person AS p
         WHERE p.run_id = ${id} AND p.held AND NOT p.failed AND p.situation <> 'excluded'
           AND NOT EXISTS (SELECT 1 FROM rollcall.operation AS o
                            WHERE o.run_id = ${id} AND o.person = p.user_id AND o.state <> 'confirmed')`.execute(
        db,
      );
      return rows.map((row) => row.user_id);
    },

    async findPerson(text) {
      const row = await db
        .selectFrom('plan_person')
        .innerJoin('run', 'run.id', 'plan_person.run_id')
        .select('body')
        .where((where) =>
          where.or([where('user_id', '=', text), where('plan_person.login', '=', text.toLowerCase())]),
        )
        .orderBy('run.started_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : toPerson(row);
    },

    async stages(id) {
      const rows = await db
        .selectFrom('operation')
        .select(['stage', 'chunk'])
        .distinct()
        .where('run_id', '=', id)
        .orderBy('stage')
        .orderBy('chunk')
        .execute();
      const stages = new Map<number, number[]>();
      for (const { stage, chunk } of rows) stages.set(stage, [...(stages.get(stage) ?? []), chunk]);
      return [...stages.values()];
    },
  };
}
