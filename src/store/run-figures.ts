import { sql } from 'kysely';
import { z } from 'zod';
import type { RunFigures, RunStore } from '../app/ports/runs.ts';
import { OPERATION_ENTITIES, OPERATION_KINDS, PlannedIssue } from '../domain/planning/plan.ts';
import { type Database } from './database.ts';
import { isDispensed, OperationStateOf, STORED_COLUMNS, toStoredOperation } from './run-operations.ts';

const Situation = z.enum(['linked', 'matched', 'unmatched', 'disputed', 'excluded', 'invalid', 'added']);
const Group = z.object({
  entity: z.enum(OPERATION_ENTITIES),
  kind: z.enum(OPERATION_KINDS),
  target: z.string(),
  state: OperationStateOf,
  count: z.number(),
});

/** What a report says in figures, counted where the rows are: a long plan never comes as a whole. */
export function createFigureStore({ db }: Database): Pick<RunStore, 'figures'> {
  return {
    async figures(id): Promise<RunFigures> {
      const situations = { linked: 0, matched: 0, unmatched: 0, disputed: 0, excluded: 0, invalid: 0 };
      let held = 0;
      let pendingPush = 0;
      let added = 0;
      const people = await db
        .selectFrom('plan_person')
        .select([
          'situation',
          sql<number>`count(*)::int`.as('count'),
          sql<number>`(count(*) FILTER (WHERE held))::int`.as('held'),
          sql<number>`(count(*) FILTER (WHERE pending_push))::int`.as('pending'),
        ])
        .where('run_id', '=', id)
        .groupBy('situation')
        .execute();
      for (const row of people) {
        const situation = Situation.parse(row.situation);
        if (situation === 'added') added = row.count;
        else situations[situation] = row.count;
        held += row.held;
        pendingPush += row.pending;
      }
      const issues = await db
        .selectFrom('plan_person')
        .select(['user_id', sql`body -> 'issues'`.as('issues')])
        .where('run_id', '=', id)
        .where('has_issues', '=', true)
        .orderBy('position')
        .execute();
      const gone = await db
        .selectFrom('plan_gone')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('run_id', '=', id)
        .executeTakeFirst();
      const { rows: operations } = await sql`
        SELECT body ->> 'entity' AS entity, body ->> 'kind' AS kind, body -> 'target' ->> 'entity' AS target, state,
               count(*)::int AS count
          FROM rollcall.operation WHERE run_id = ${id}
         GROUP BY 1, 2, 3, 4 ORDER BY min(position)`.execute(db);
      const failures = await db
        .selectFrom('operation')
        .select(STORED_COLUMNS)
        .where('run_id', '=', id)
        .where('state', 'in', ['failed', 'stale'])
        .orderBy('position')
        .execute();
      const { rows: alone } = await sql<{ count: number }>`
        SELECT count(*)::int AS count
          FROM rollcall.operation AS o
          JOIN rollcall.plan_person AS p ON p.run_id = o.run_id AND p.user_id = o.person
         WHERE o.run_id = ${id} AND o.state = 'confirmed' AND o.body ->> 'entity' = 'telephonyRecord'
           AND o.body ->> 'kind' = 'create' AND p.body ->> 'crmUserId' IS NULL AND p.situation = 'matched'`.execute(
        db,
      );
      const { rows: refused } = await sql<{ count: number; message: string | null }>`
        SELECT count(*)::int AS count, (array_agg(o.message ORDER BY o.position))[1] AS message
          FROM rollcall.operation AS o
         WHERE o.run_id = ${id} AND ${isDispensed}`.execute(db);
      return {
        situations,
        held,
        gone: gone?.count ?? 0,
        added,
        pendingPush,
        issues: issues.flatMap((row) =>
          z
            .array(PlannedIssue)
            .parse(row.issues)
            .map((issue) => ({ ...issue, person: row.user_id })),
        ),
        operations: z.array(Group).parse(operations),
        failures: failures.map(toStoredOperation),
        recordsAlone: alone[0]?.count ?? 0,
        crmUsersRefused: { count: refused[0]?.count ?? 0, message: refused[0]?.message ?? '' },
      };
    },
  };
}
