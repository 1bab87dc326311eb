import type { CellValue } from '../../app/ports/crm.ts';
import type { Base, BasePair, DirectoryUser, Link, PersonField, TelephonyRecord } from '../person.ts';
import type { Catalogue } from './catalogue.ts';
import { detailOperation } from './details.ts';
import { licenceKeys, roleKeys, type PersonContext } from './person-plan.ts';
import type { Operation, PlannedIssue } from './plan.ts';
import type { Activity } from './push/activity.ts';
import type { DirectoryChange } from './push/directory-change.ts';
import { mergeSet, type SetMerge } from './push/merge-set.ts';
import { setNeedsPush } from './sides.ts';

/** A linked person on the way through the table of design §6. */
export interface Merging {
  readonly user: DirectoryUser;
  readonly link: Link;
  readonly record: TelephonyRecord;
  readonly context: PersonContext;
  readonly before: Record<string, CellValue>;
  readonly after: Record<string, CellValue>;
  /** Fields whose column is written. */
  readonly changed: string[];
  readonly fields: Partial<Record<PersonField, BasePair>>;
  readonly issues: PlannedIssue[];
  readonly directory: DirectoryChange;
  pendingPush: boolean;
}

interface MergedSet {
  readonly base: Base['licences'];
  readonly operations: readonly Operation[];
}

/** Merges the licences or the roles of a linked person, or says that a push is needed. */
export function mergeKeys(
  merging: Merging,
  entity: 'recordLicence' | 'recordRole',
  activity: Activity | null,
): MergedSet {
  const { user, link, record, context, issues } = merging;
  const isLicence = entity === 'recordLicence';
  const base = isLicence ? link.base.licences : link.base.roles;
  const rows = isLicence ? record.licences : record.roles;
  const held = isLicence ? licenceKeys(user) : roleKeys(user);
  const catalogue = isLicence ? context.licences : context.roles;
  // What nobody manages is remembered as it is held, so that nothing seems new on the day when somebody does.
  if (catalogue === null) return { base: { ...base, directory: held.toSorted() }, operations: [] };
  const isManaged = (key: string): boolean => catalogue.rowOf(key) !== undefined;
  if (context.push === null) {
    const crm = [...new Set(rows.flatMap(({ key }) => key ?? []))];
    const managed = { ...base, directory: base.directory.filter(isManaged) };
    const needed = setNeedsPush(managed, crm, held.filter(isManaged));
    if (needed) merging.pendingPush = true;
    // What comes back when a person is switched on again stands in the base that they were switched off with.
    const isOff = isLicence && link.base.fields.active?.crm === false;
    return { base: needed || isOff ? base : setBase(crm, held, rows), operations: [] };
  }
  const merged = mergeSet(base, rows, held, catalogue.mapping.owner, isManaged);
  const name = isLicence ? 'licence' : 'role';
  for (const key of merged.conflicts) {
    merging.pendingPush = true;
    issues.push({
      severity: 'warning',
      code: `${name}.conflict`,
      message: `The ${name} ${catalogue.nameOf(key)} was changed on both sides, and a person has to say which is right.`,
    });
  }
  const wanted = activity?.licences(merged, base, isManaged) ?? merged;
  for (const { key, system, isWanted, isDrift } of wanted.changes) {
    if (system === 'directory') merging.directory.grant(name, key, catalogue.nameOf(key), isWanted);
    if (isDrift)
      issues.push({
        severity: 'warning',
        code: `${name}.drift`,
        message: `The ${name} ${catalogue.nameOf(key)} was ${isWanted ? 'taken away' : 'added'} in the ${system === 'crm' ? 'CRM' : 'directory'}, and the other side decides; it is put back.`,
      });
  }
  const { operations, rows: ids } = crmChanges(merging, entity, catalogue, wanted);
  return {
    base: { crm: [...wanted.crm].toSorted(), directory: [...wanted.directory].toSorted(), rows: ids },
    operations,
  };
}

/** Detail rows that are added or taken away, where the directory decides. */
function crmChanges(
  { user, record, context }: Merging,
  entity: 'recordLicence' | 'recordRole',
  catalogue: Catalogue,
  { changes }: SetMerge,
): { operations: Operation[]; rows: Record<string, string> } {
  const rows = entity === 'recordLicence' ? record.licences : record.roles;
  const ids = rowIds(rows);
  const operations: Operation[] = [];
  for (const { key, system, isWanted } of changes) {
    if (system === 'directory') continue;
    if (isWanted) {
      const operation = detailOperation(entity, user, record.id, key, catalogue, context, []);
      if (operation === null) continue;
      operations.push(operation);
      ids[key] = operation.target.id;
      continue;
    }
    for (const row of rows.filter((one) => one.key === key))
      operations.push({
        id: `${entity}.delete:${row.id}`,
        entity,
        kind: 'delete',
        person: user.id,
        target: { entity: catalogue.mapping.detail.entity, id: row.id },
        before: { [catalogue.mapping.detail.record]: record.id, [catalogue.mapping.detail.item]: row.itemId },
        after: {},
        reason: `${user.displayName} (${user.login}) does not hold ${catalogue.nameOf(key)} in the directory any more.`,
        dependsOn: [],
      });
    delete ids[key];
  }
  return { operations, rows: ids };
}

function setBase(
  crm: readonly string[],
  directory: readonly string[],
  rows: TelephonyRecord['licences'],
): Base['licences'] {
  return { crm: crm.toSorted(), directory: directory.toSorted(), rows: rowIds(rows) };
}

function rowIds(rows: TelephonyRecord['licences']): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const row of rows) if (row.key !== null) ids[row.key] ??= row.id;
  return ids;
}
