import type { Link } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import type { CrmRow } from './ports/crm.ts';
import { knownStrangers, lastSize } from './remembered.ts';

/**
 * So many rows a reading of a collection of the CRM has to come near to, to be believed; `null` before the first complete
 * one. That is what the last complete reading had, less what has left since in ways that we saw: a record whose removal was
 * carried out, a licence or role row whose loss was, is known to no link any more.
 */
export async function yardstickOf(
  deps: AppDeps,
  entity: string,
  links: readonly Link[],
): Promise<number | null> {
  const last = await lastSize(deps, entity);
  if (last === null) return null;
  const known = knownIn(deps, entity, links);
  if (known === null) return last;
  const strangers = entity === deps.mapping.record.entity ? await knownStrangers(deps) : new Set();
  return strangers === null ? last : Math.min(last, known.size + strangers.size);
}

/** How many rows that links know are gone from a collection, each asked for by its id. */
export async function goneFrom(
  deps: AppDeps,
  entity: string,
  rows: readonly CrmRow[],
  links: readonly Link[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const shown = new Set(rows.map((row) => String(row['Id'])));
  const absent = [...(knownIn(deps, entity, links) ?? [])].filter((id) => !shown.has(id));
  if (absent.length === 0) return 0;
  const found = await deps.crm.findRows({
    entity,
    columns: ['Id'],
    by: { column: 'Id', values: absent },
    ...(signal === undefined ? {} : { signal }),
  });
  return absent.length - found.length;
}

/** Rows of a collection that active links know; `null` for a collection that links say nothing about. */
function knownIn({ mapping }: AppDeps, entity: string, links: readonly Link[]): ReadonlySet<string> | null {
  const rowsOf = rowsOfLink(mapping, entity);
  if (rowsOf === null) return null;
  return new Set(links.filter(({ status }) => status === 'active').flatMap(rowsOf));
}

function rowsOfLink(
  { record, licences, roles }: AppDeps['mapping'],
  entity: string,
): ((link: Link) => readonly string[]) | null {
  switch (entity) {
    case record.entity:
      return ({ recordId }) => [recordId];
    case licences?.detail.entity:
      return ({ base }) => Object.values(base.licences.rows);
    case roles?.detail.entity:
      return ({ base }) => Object.values(base.roles.rows);
    default:
      return null;
  }
}
