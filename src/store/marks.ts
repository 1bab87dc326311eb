import { sql, type Kysely } from 'kysely';
import type { Tables } from './database.ts';

/**
 * Tells whether a transaction got through whose commit was not answered. Each leaves a mark, a lease that nobody holds,
 * under a name of its own; whoever repeats it under the same name finds the mark, or waits for the first one to end.
 * The number of a transaction would not do: a server that was killed gives the same ones again.
 */
export interface Marks {
  /**
   * Leaves the mark of a transaction as its first statement.
   *
   * @param name of an earlier attempt; without it, a new one
   * @returns its name; `null` when that attempt got through
   */
  leave(trx: Kysely<Tables>, name: string | null): Promise<string | null>;
  /** Nobody will ask about it any more. */
  forget(name: string): void;
}

export function createMarks(): Marks {
  const forgotten: string[] = [];
  return {
    async leave(trx, name) {
      // Whoever has them takes them along: two who delete the same row would wait for each other.
      const old = forgotten.splice(0);
      try {
        const { rows } = await sql<{ name: string }>`
          WITH gone AS (DELETE FROM rollcall.lease WHERE name = ANY (${old}::text[]))
          INSERT INTO rollcall.lease (name, owner, held_until)
          VALUES (coalesce(${name}::text, 'done:' || gen_random_uuid()), 'nobody', now() + interval '1 hour')
          ON CONFLICT DO NOTHING
          RETURNING name`.execute(trx);
        return rows[0]?.name ?? null;
      } catch (error) {
        forgotten.push(...old);
        throw error;
      }
    },
    forget: (name) => void forgotten.push(name),
  };
}
