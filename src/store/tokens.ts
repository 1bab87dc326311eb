import type { Selectable } from 'kysely';
import { z } from 'zod';
import { SCOPES, type ApiToken, type TokenStore } from '../app/ports/tokens.ts';
import { toJson, type Database, type Tables } from './database.ts';
import { iso, isoOrNull } from './rows.ts';

const Scopes = z.array(z.enum(SCOPES));

function toToken(row: Selectable<Tables['api_token']>): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: Scopes.parse(row.scopes),
    createdAt: iso(row.created_at),
    expiresAt: isoOrNull(row.expires_at),
    revokedAt: isoOrNull(row.revoked_at),
  };
}

export function createTokenStore({ db }: Database): TokenStore {
  return {
    async add({ id, name, scopes, createdAt, expiresAt, revokedAt }, hash) {
      await db
        .insertInto('api_token')
        .values({
          id,
          name,
          hash,
          scopes: toJson(scopes),
          created_at: new Date(createdAt),
          expires_at: expiresAt === null ? null : new Date(expiresAt),
          revoked_at: revokedAt === null ? null : new Date(revokedAt),
        })
        .execute();
    },
    async all() {
      const rows = await db
        .selectFrom('api_token')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toToken);
    },
    async find(id) {
      const row = await db.selectFrom('api_token').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : { token: toToken(row), hash: row.hash };
    },
    async revoke(id, now) {
      const result = await db
        .updateTable('api_token')
        .set({ revoked_at: new Date(now) })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}
