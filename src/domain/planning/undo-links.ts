import type { Mapping } from '../mapping/schema.ts';
import { PERSON_FIELDS, type BaseSetPair, type Link, type PersonField } from '../person.ts';
import type { Operation } from './plan.ts';
import { setCell } from './push/cells.ts';

/** What is known of one link when a run has been undone. */
export interface UndoneLink {
  readonly directoryUserId: string;
  /** As it stood before the run; `null`: the run made it. */
  readonly former: Link | null;
  /** As it stands now; `null`: nobody is linked. */
  readonly current: Link | null;
  /** Something that the run did for this person was left as it is. */
  readonly isPartial: boolean;
}

/** What becomes of links: a base never lists rows that the undo has deleted, lest they look like an administrator's edit. */
export interface LinksAfterUndo {
  readonly removed: readonly string[];
  readonly saved: readonly Link[];
}

/**
 * Takes back what a run did to links. One that it made ends, whatever is left of the rows: the next run meets both sides as
 * for the first time, which takes nothing from anybody. One that it changed gets its earlier form back, for what was kept
 * excepted. One that somebody else has ended since stays ended.
 *
 * @param undoneOf what the undo did for a person, by directory user id
 */
export function linksAfterUndo(
  links: readonly UndoneLink[],
  undoneOf: (directoryUserId: string) => readonly Operation[],
  mapping: Mapping,
): LinksAfterUndo {
  const removed: string[] = [];
  const saved: Link[] = [];
  // Records that go back to the user of whom the run had taken them over.
  const returned = new Set<string>();
  for (const { directoryUserId, former, current, isPartial } of links) {
    if (former !== null) continue;
    removed.push(directoryUserId);
    if (current !== null && !isPartial) returned.add(current.recordId);
  }
  for (const { directoryUserId, former, current, isPartial } of links) {
    if (former === null) continue;
    if (current === null) {
      if (returned.has(former.recordId)) saved.push(former);
    } else saved.push(isPartial ? mixed(former, current, undoneOf(directoryUserId), mapping) : former);
  }
  return { removed, saved };
}

/** The link as the run left it, with the earlier form of what was taken back. */
function mixed(former: Link, current: Link, undone: readonly Operation[], mapping: Mapping): Link {
  const fields = { ...current.base.fields };
  let { licences, roles } = current.base;
  let ids: Pick<Link, 'recordId' | 'contactId' | 'crmUserId'> = current;
  const giveBack = (field: PersonField): void => {
    const pair = former.base.fields[field];
    if (pair === undefined) delete fields[field];
    else fields[field] = pair;
  };
  for (const { entity, kind, target, before, after } of undone) {
    const cells = Object.keys({ ...before, ...after });
    if (entity === 'telephonyRecord') {
      if (kind === 'delete') return former;
      for (const field of PERSON_FIELDS)
        if (cells.includes(mapping.record.fields[field]?.column ?? '')) giveBack(field);
      if (cells.includes(mapping.record.contact)) ids = { ...ids, contactId: former.contactId };
      if (cells.includes(mapping.record.crmUser)) ids = { ...ids, crmUserId: former.crmUserId };
    } else if (entity === 'recordLicence')
      licences = withKeys(licences, former.base.licences, keysOf(target.id, current, former, 'licences'));
    else if (entity === 'recordRole')
      roles = withKeys(roles, former.base.roles, keysOf(target.id, current, former, 'roles'));
    else if (entity === 'directoryUser')
      for (const name of cells) {
        const cell = setCell(name);
        if (cell?.set === 'licence') licences = withKeys(licences, former.base.licences, [cell.key]);
        else if (cell?.set === 'role') roles = withKeys(roles, former.base.roles, [cell.key]);
        else for (const field of PERSON_FIELDS) if (field === name) giveBack(field);
      }
  }
  const { recordId, contactId, crmUserId } = ids;
  return { ...current, recordId, contactId, crmUserId, base: { fields, licences, roles } };
}

/** The licences or roles that a row stands for, in either form of the link. */
function keysOf(rowId: string, current: Link, former: Link, set: 'licences' | 'roles'): string[] {
  return [current, former].flatMap(({ base }) =>
    Object.entries(base[set].rows).flatMap(([key, id]) => (id === rowId ? [key] : [])),
  );
}

/** The set with these keys as they stood earlier. */
function withKeys(current: BaseSetPair, former: BaseSetPair, keys: readonly string[]): BaseSetPair {
  const side = (now: readonly string[], then: readonly string[]): string[] =>
    [...now.filter((key) => !keys.includes(key)), ...then.filter((key) => keys.includes(key))].toSorted();
  const rows = [
    ...Object.entries(current.rows).filter(([key]) => !keys.includes(key)),
    ...Object.entries(former.rows).filter(([key]) => keys.includes(key)),
  ];
  return {
    crm: side(current.crm, former.crm),
    directory: side(current.directory, former.directory),
    rows: Object.fromEntries(rows),
  };
}
