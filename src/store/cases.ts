import { createHash } from 'node:crypto';
import { sql, type Insertable, type Kysely, type Selectable } from 'kysely';
import { z } from 'zod';
import { RollcallError } from '../app/ports/errors.ts';
import { CASE_KINDS, type CaseRecord, type CaseStore } from '../app/ports/cases.ts';
import type { Verdict } from '../domain/person.ts';
import { chunks, toJson, type Database, type Tables } from './database.ts';
import { Candidates, Ids, iso, isoOrNull } from './rows.ts';

const BULK = 200;
const CaseKind = z.enum(CASE_KINDS);
const CaseStatus = z.enum(['open', 'decided', 'closed']);
const VerdictKind = z.enum(['same', 'different', 'create']);

/** Short enough to be typed, and the same when a run that was interrupted opens its cases again. */
function caseIdOf(directory: string, directoryUserId: string, runId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([directory, directoryUserId, runId]))
    .digest('hex')
    .slice(0, 12);
}

function toVerdictRow(verdict: Verdict, caseId: string | null, now: string): Insertable<Tables['verdict']> {
  return {
    id: verdict.id,
    directory: verdict.directory,
    directory_user_id: verdict.directoryUserId,
    kind: verdict.kind,
    contact_id: verdict.contactId,
    rejected: toJson(verdict.rejected),
    case_id: caseId,
    given_at: new Date(now),
    revoked_at: null,
  };
}

function toVerdict(row: Selectable<Tables['verdict']>): Verdict {
  return {
    id: row.id,
    directory: row.directory,
    directoryUserId: row.directory_user_id,
    kind: VerdictKind.parse(row.kind),
    contactId: row.contact_id,
    rejected: Ids.parse(row.rejected),
  };
}

function noSuchCase(id: string): RollcallError {
  return new RollcallError('NOT_FOUND', `There is no case ${id}.`, {
    cure: 'List the cases with `rollcall cases`.',
  });
}

export function createCaseStore({ db, transaction }: Database): CaseStore {
  async function withVerdicts(rows: readonly Selectable<Tables['review_case']>[]): Promise<CaseRecord[]> {
    const verdicts = await db
      .selectFrom('verdict')
      .select(['id', 'case_id'])
      .where('case_id', '=', sql<string>`any(${rows.map((row) => row.id)}::text[])`)
      .where('revoked_at', 'is', null)
      .orderBy('given_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      kind: CaseKind.parse(row.kind),
      directory: row.directory,
      directoryUserId: row.directory_user_id,
      login: row.login,
      displayName: row.display_name,
      reason: row.reason,
      candidates: Candidates.parse(row.candidates),
      status: CaseStatus.parse(row.status),
      runId: row.run_id,
      openedAt: iso(row.opened_at),
      decidedAt: isoOrNull(row.decided_at),
      verdictIds: verdicts.filter((verdict) => verdict.case_id === row.id).map((verdict) => verdict.id),
    }));
  }

  async function statusOf(trx: Kysely<Tables>, id: string): Promise<z.infer<typeof CaseStatus>> {
    const row = await trx.selectFrom('review_case').select('status').where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw noSuchCase(id);
    return CaseStatus.parse(row.status);
  }

  return {
    async reconcile(directory, runId, found, now, scope = { kinds: CASE_KINDS, people: null }) {
      const rows = found.map((one) => ({
        id: caseIdOf(directory, one.directoryUserId, runId),
        directory,
        directory_user_id: one.directoryUserId,
        login: one.login,
        display_name: one.displayName,
        kind: one.kind,
        reason: one.reason,
        candidates: toJson(one.candidates),
        status: 'open',
        run_id: runId,
        opened_at: new Date(now),
      }));
      await transaction(async (trx) => {
        await trx
          .updateTable('review_case')
          .set({ status: 'closed' })
          .where('directory', '=', directory)
          .where('status', '=', 'open')
          .where('kind', 'in', [...scope.kinds])
          .where(
            'directory_user_id',
            '<>',
            sql<string>`all(${found.map((one) => one.directoryUserId)}::text[])`,
          )
          .$if(scope.people !== null, (query) =>
            query.where('directory_user_id', '=', sql<string>`any(${[...(scope.people ?? [])]}::text[])`),
          )
          .execute();
        // A case of this very run that a person has decided meanwhile stays decided.
        const decided = await trx
          .selectFrom('review_case')
          .select('directory_user_id')
          .where('directory', '=', directory)
          .where('run_id', '=', runId)
          .where('status', '<>', 'open')
          .execute();
        const ended = new Set(decided.map((row) => row.directory_user_id));
        for (const slice of chunks(
          rows.filter((row) => !ended.has(row.directory_user_id)),
          BULK,
        )) {
          await trx
            .insertInto('review_case')
            .values([...slice])
            .onConflict((conflict) =>
              conflict
                .columns(['directory', 'directory_user_id'])
                .where('status', '=', 'open')
                .doUpdateSet((row) => ({
                  login: row.ref('excluded.login'),
                  display_name: row.ref('excluded.display_name'),
                  kind: row.ref('excluded.kind'),
                  reason: row.ref('excluded.reason'),
                  candidates: sql<string>`excluded.candidates`,
                  run_id: row.ref('excluded.run_id'),
                })),
            )
            .execute();
        }
      });
    },

    async close(caseId, now) {
      await transaction(async (trx) => {
        const status = await statusOf(trx, caseId);
        if (status !== 'open') {
          throw new RollcallError('CONFLICT', `The case ${caseId} is ${status}, not open.`, {
            cure: 'Look at the open cases with `rollcall cases`.',
          });
        }
        await trx
          .updateTable('review_case')
          .set({ status: 'closed', decided_at: new Date(now) })
          .where('id', '=', caseId)
          .execute();
      });
    },

    async list(options = {}) {
      let query = db
        .selectFrom('review_case')
        .selectAll()
        .orderBy('opened_at')
        .orderBy('login')
        .orderBy('id');
      if (options.status !== undefined) query = query.where('status', '=', options.status);
      return withVerdicts(await query.execute());
    },

    async get(id) {
      const row = await db.selectFrom('review_case').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : ((await withVerdicts([row]))[0] ?? null);
    },

    async decide(caseId, verdict, now) {
      await transaction(async (trx) => {
        const status = await statusOf(trx, caseId);
        if (status !== 'open') {
          throw new RollcallError('CONFLICT', `The case ${caseId} is ${status}, not open.`, {
            cure: 'Revoke its verdict first, or look at the open cases.',
          });
        }
        await trx
          .insertInto('verdict')
          .values(toVerdictRow(verdict, caseId, now))
          .execute();
        await trx
          .updateTable('review_case')
          .set({ status: 'decided', decided_at: new Date(now) })
          .where('id', '=', caseId)
          .execute();
      });
    },

    async addVerdict(verdict, now) {
      await transaction((trx) =>
        trx
          .insertInto('verdict')
          .values(toVerdictRow(verdict, null, now))
          .execute(),
      );
    },

    async lastUnlinking(directory, directoryUserId) {
      const row = await db
        .selectFrom('verdict')
        .selectAll()
        .where('directory', '=', directory)
        .where('directory_user_id', '=', directoryUserId)
        .where('case_id', 'is', null)
        .where('revoked_at', 'is', null)
        .orderBy('given_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : toVerdict(row);
    },

    async revokeVerdict(id, now) {
      const { numUpdatedRows } = await db
        .updateTable('verdict')
        .set({ revoked_at: new Date(now) })
        .where('id', '=', id)
        .where('case_id', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n)
        throw new RollcallError('NOT_FOUND', `No verdict outside a case has the id ${id}.`, {
          cure: 'It was revoked already, or belongs to a case.',
        });
    },

    async verdicts(directory) {
      const rows = await db
        .selectFrom('verdict')
        .selectAll()
        .where('directory', '=', directory)
        .where('revoked_at', 'is', null)
        .orderBy('given_at')
        .orderBy('id')
        .execute();
      return rows.map(toVerdict);
    },

    async revoke(caseId, now) {
      await transaction(async (trx) => {
        if ((await statusOf(trx, caseId)) !== 'decided') {
          throw new RollcallError('CONFLICT', `The case ${caseId} has not been decided.`, {
            cure: 'Only a case that was decided has a verdict to revoke.',
          });
        }
        await trx
          .updateTable('verdict')
          .set({ revoked_at: new Date(now) })
          .where('case_id', '=', caseId)
          .where('revoked_at', 'is', null)
          .execute();
        // A user has at most one open case; where a later run has opened another, this one only loses its verdicts.
        await sql`
          UPDATE rollcall.review_case AS c
             SET decided_at = NULL,
                 status = CASE WHEN EXISTS (
                   SELECT 1 FROM rollcall.review_case AS o
                    WHERE o.directory = c.directory AND o.directory_user_id = c.directory_user_id
                      AND o.status = 'open') THEN 'closed' ELSE 'open' END
           WHERE c.id = ${caseId}`.execute(trx);
      });
    },
  };
}
