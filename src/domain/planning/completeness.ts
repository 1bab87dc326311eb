import type { CollectionRead } from '../../app/ports/directory.ts';
import type { CrmRead } from '../../app/ports/crm.ts';

/** A complete reading holds at least this share of the last complete one (design §5, Read). */
export const LEAST_SHARE = 0.9;

/** So few may leave between two runs whatever the share: in a small directory one person is more than a tenth. */
export const FEW = 5;

/**
 * What keeps a reading of the directory's users from being believed, in words; empty means complete.
 *
 * @param ownUserId the account that we read as: a reading that lacks it shows less than there is
 * @param last users in the last complete reading, `null` before the first
 */
export function directoryProblems(
  read: CollectionRead<{ readonly id: string }>,
  ownUserId: string,
  last: number | null,
): string[] {
  const problems = [...pageProblems(read, 'users'), ...shrinkProblems(read.items.length, last, 'users')];
  if (!read.items.some((user) => user.id === ownUserId))
    problems.push(
      'the account that Rollcall works as is not among the users, so others may be hidden as well',
    );
  return problems;
}

/**
 * Users who are hidden from us still hold their seats: a licence with clearly more seats in use than holders shown
 * speaks against the reading, even the very first one.
 *
 * @param holders users with the serials that they hold
 * @param granted seats in use by serial, as the licences themselves count them
 */
export function seatProblems(
  holders: readonly { readonly licences: readonly { readonly serial: string }[] }[],
  granted: ReadonlyMap<string, number>,
): string[] {
  const seen = new Map<string, number>();
  for (const { licences } of holders)
    for (const { serial } of licences) seen.set(serial, (seen.get(serial) ?? 0) + 1);
  return [...granted].flatMap(([serial, used]) => {
    const shown = seen.get(serial) ?? 0;
    return shown < used * LEAST_SHARE && used - shown > FEW
      ? [`licence ${serial} has ${used} seats in use, but only ${shown} of its holders are shown`]
      : [];
  });
}

/** The same for one collection of the CRM, whose own count comes with the last page. */
export function crmProblems(read: CrmRead, last: number | null, name: string): string[] {
  const problems = [...pageProblems(read, name), ...shrinkProblems(read.items.length, last, name)];
  if (read.count !== null && read.count !== read.items.length)
    problems.push(`${name}: ${read.items.length} rows were read, but the CRM counts ${read.count}`);
  return problems;
}

/** The same for a lookup. Few rows or not: nobody empties one, but a right that was lost looks like that. */
export function lookupProblems(read: CrmRead, last: number | null, name: string): string[] {
  const problems = crmProblems(read, last, name);
  if (read.items.length === 0 && last !== null && last > 0)
    problems.push(`${name}: no row where the last complete reading had ${last}`);
  return problems;
}

/**
 * What speaks against rows of the CRM being gone although each was asked for by its id: whoever has lost the right to see
 * rows is shown none of them, whichever way they ask.
 *
 * @param read rows that are shown
 * @param gone rows that links know and that are not shown, neither in the list nor by id
 */
export function lossProblems(read: number, gone: number, name: string): string[] {
  if (gone <= FEW || gone <= read) return [];
  return [
    `${name}: ${gone} rows are gone at once, and ${read} are left (if that is right, say so with --accept-fewer)`,
  ];
}

/** What the pages of one list say against its completeness. */
export function pageProblems(read: CollectionRead<unknown>, name: string): string[] {
  const problems: string[] = [];
  if (!read.lastPageShort) problems.push(`${name}: the last page did not say that it was the last`);
  if (read.duplicates.length > 0)
    problems.push(
      `${name}: ${read.duplicates.length} ids came more than once, so others may have been passed over`,
    );
  return problems;
}

function shrinkProblems(count: number, last: number | null, name: string): string[] {
  if (last === null || count >= last * LEAST_SHARE || last - count <= FEW) return [];
  return [
    `${name}: ${count} where the last complete reading had ${last} (if the others really left, say so with rollcall import --accept-fewer)`,
  ];
}
