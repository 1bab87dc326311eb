import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { RunRecord, RunStore } from '../app/ports/runs.ts';
import { Report, RUN_KINDS, RUN_PHASES, RUN_STATUSES, RunOrder, TRIGGERS } from '../domain/run.ts';
import { toJson, type Database, type Tables } from './database.ts';
import { createCleaningStore } from './run-cleaning.ts';
import { createFigureStore } from './run-figures.ts';
import { addSpent } from './spent.ts';
import { createOperationStore } from './run-operations.ts';
import { createPlanStore } from './run-plans.ts';
import { iso, isoOrNull } from './rows.ts';

/** Phases in which a run works on the CRM; the index `run_under_way` lets one run be in them at a time. */
export const UNDER_WAY = ['reading', 'approved', 'applying'];

const RunParts = z.object({
  kind: z.enum(RUN_KINDS),
  trigger: z.enum(TRIGGERS),
  status: z.enum(RUN_STATUSES),
  phase: z.enum(RUN_PHASES),
  report: Report.nullable(),
});

const COLUMNS = [
  'id',
  'kind',
  'trigger',
  'status',
  'phase',
  'started_at',
  'finished_at',
  'report',
  'problem',
  'run_order',
] as const;

function toRun(row: Pick<Selectable<Tables['run']>, (typeof COLUMNS)[number]>): RunRecord {
  return {
    id: row.id,
    ...RunParts.parse(row),
    order: RunOrder.parse(row.run_order),
    startedAt: iso(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    problem: row.problem,
  };
}

export function noSuchRun(id: string): RollcallError {
  return new RollcallError('NOT_FOUND', `There is no run ${id}.`, {
    cure: 'List the runs with `rollcall runs`.',
  });
}

/** Runs with their plans and operations. */
export function createRunStore(database: Database, clock: Clock): RunStore {
  const { db, transaction } = database;
  const select = () => db.selectFrom('run').select(COLUMNS);

  async function underWay(): Promise<RunRecord | null> {
    const row = await select().where('phase', 'in', UNDER_WAY).executeTakeFirst();
    return row === undefined ? null : toRun(row);
  }

  async function busy(): Promise<RollcallError> {
    const other = await underWay();
    return new RollcallError(
      'BUSY',
      `Run ${other?.id ?? 'of another process'} is under way; one run at a time works on a CRM.`,
      {
        cure: 'Wait until it has ended; `rollcall runs` shows where it stands.',
        ...(other === null ? {} : { details: { runId: other.id } }),
      },
    );
  }

  function changesOf(changes: Parameters<RunStore['update']>[1]) {
    const { status, phase, order, finishedAt, report, problem } = changes;
    return {
      ...(status === undefined ? {} : { status }),
      ...(phase === undefined ? {} : { phase }),
      ...(order === undefined ? {} : { run_order: toJson(order) }),
      ...(finishedAt === undefined ? {} : { finished_at: finishedAt === null ? null : new Date(finishedAt) }),
      ...(report === undefined ? {} : { report: report === null ? null : toJson(report) }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /** @throws RollcallError BUSY when the index refuses a second run under way */
  async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isUniqueViolation(error)) throw await busy();
      throw error;
    }
  }

  return {
    async create(run) {
      const inserted = await transaction((trx) =>
        trx
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
            run_order: toJson(run.order),
            reading: null,
            notes: '[]',
            alive_until: null,
            cleaned_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst(),
      );
      if (inserted.numInsertedOrUpdatedRows !== 1n) throw await busy();
    },

    async get(id) {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toRun(row);
    },

    async list(limit) {
      const rows = await select().orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toRun);
    },

    underWay,

    async waiting() {
      const rows = await select()
        .where('phase', '=', 'planned')
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(toRun);
    },

    async undoing(id) {
      const rows = await select()
        .where('kind', '=', 'undo')
        .where(sql<string>`run_order ->> 'undoes'`, '=', id)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(toRun);
    },

    async update(id, changes) {
      const set = changesOf(changes);
      if (Object.keys(set).length === 0) return;
      const result = await oneAtATime(() =>
        db.updateTable('run').set(set).where('id', '=', id).executeTakeFirst(),
      );
      if (result.numUpdatedRows === 0n) throw noSuchRun(id);
    },

    async advance(id, from, changes) {
      const result = await oneAtATime(() =>
        transaction((trx) =>
          trx
            .updateTable('run')
            .set(changesOf(changes))
            .where('id', '=', id)
            .where('phase', '=', from)
            .executeTakeFirst(),
        ),
      );
      return result.numUpdatedRows === 1n;
    },

    async keepAlive(id, untilMs) {
      await db
        .updateTable('run')
        .set({ alive_until: new Date(untilMs) })
        .where('id', '=', id)
        .execute();
    },

    async isAlive(id) {
      const row = await db
        .selectFrom('run')
        .select('id')
        .where('id', '=', id)
        .where('alive_until', '>', new Date(clock.now()))
        .executeTakeFirst();
      return row !== undefined;
    },

    addSpent: (id, spent) => transaction((trx) => addSpent(trx, id, spent)),

    async spent(id) {
      const rows = await db.selectFrom('run_spent').selectAll().where('run_id', '=', id).execute();
      return Object.fromEntries(rows.map(({ system, used, retries }) => [system, { used, retries }]));
    },

    ...createPlanStore(database, clock),
    ...createOperationStore(database, clock),
    ...createFigureStore(database),
    ...createCleaningStore(database, clock),
  };
}

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
