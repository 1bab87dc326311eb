import type { AppDeps } from './deps.ts';
import type { Hint } from './ports/hints.ts';

/** Which telephony records hints are about. */
export interface ResolvedHints {
  /** `null`: so many that it does not matter which. */
  readonly records: ReadonlySet<string> | null;
  /** The hints that the records are of. */
  readonly resolved: readonly Hint[];
  /** Their rows are not there yet: they may have been told of before they were committed. */
  readonly unread: readonly Hint[];
  /** Nobody knew their rows, and they are not there any more. */
  readonly gone: readonly Hint[];
}

/** Rows that are looked for in the CRM, at most; where more are unknown, everybody is read anyway. */
const MOST_LOOKED_FOR = 250;

/**
 * Finds the telephony records behind hints: what links know by themselves, the rest by asking the CRM, 25 ids a request.
 * A licence or role row is understood by its link after it is gone, too (design §6).
 *
 * @param many from so many records on, it does not matter which
 */
export async function resolveHints(
  { store, crm, mapping }: Pick<AppDeps, 'store' | 'crm' | 'mapping'>,
  hints: readonly Hint[],
  many: number,
  signal: AbortSignal,
): Promise<ResolvedHints> {
  const everybody = { records: null, resolved: hints, unread: [], gone: [] };
  const { entity: recordEntity } = mapping.record;
  if (hints.filter(({ entity }) => entity === recordEntity).length >= many) return everybody;

  const linked = await store.links.recordsBehind(
    mapping.directory,
    hints.map(({ rowId }) => rowId),
  );
  const records = new Map<Hint, Set<string>>();
  const lookedFor: Hint[] = [];
  for (const hint of hints) {
    const record = linked.get(hint.rowId);
    records.set(hint, new Set(record === undefined ? [] : [record]));
    // A licence or role row that was changed may have gone from one record to another.
    if (record === undefined || (hint.entity !== recordEntity && hint.event === 'modified'))
      lookedFor.push(hint);
  }
  if (lookedFor.length > MOST_LOOKED_FOR) return everybody;

  for (const [entity, column] of recordColumns()) {
    const own = lookedFor.filter((hint) => hint.entity === entity);
    if (own.length === 0) continue;
    const rows = await crm.findRows({
      entity,
      columns: column === 'Id' ? [] : [column],
      by: { column: 'Id', values: own.map(({ rowId }) => rowId) },
      signal,
    });
    const found = new Map(rows.map((row) => [row['Id'], row[column]]));
    for (const hint of own) {
      const record = found.get(hint.rowId);
      if (typeof record === 'string') records.get(hint)?.add(record);
    }
  }

  const isResolved = (hint: Hint): boolean => (records.get(hint)?.size ?? 0) > 0;
  const rest = hints.filter((hint) => !isResolved(hint));
  return {
    records: new Set([...records.values()].flatMap((ids) => [...ids])),
    resolved: hints.filter(isResolved),
    unread: rest.filter(({ event }) => event !== 'deleted'),
    gone: rest.filter(({ event }) => event === 'deleted'),
  };

  /** The column of each entity that says which record a row is of. */
  function recordColumns(): Map<string, string> {
    const columns = new Map([[recordEntity, 'Id']]);
    for (const set of [mapping.licences, mapping.roles])
      if (set !== undefined) columns.set(set.detail.entity, set.detail.record);
    return columns;
  }
}
