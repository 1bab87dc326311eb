import type { CellValue } from '../../app/ports/crm.ts';
import type { Base, BasePair, DirectoryUser, Link, PersonField, TelephonyRecord } from '../person.ts';
import type { Catalogue } from './catalogue.ts';
import { detailOperation } from './details.ts';
import {
  fillStatus,
  licenceKeys,
  recordOperation,
  roleKeys,
  show,
  type PersonContext,
  type PersonPlan,
} from './person-plan.ts';
import type { Operation, PlannedIssue } from './plan.ts';
import { linkedActivity, type Activity } from './push/activity.ts';
import { directoryChange, obstacleTo, type DirectoryChange } from './push/directory-change.ts';
import { mergeSet, type SetMerge } from './push/merge-set.ts';
import { fieldSides, judgeField, setNeedsPush, type FieldSides } from './sides.ts';

/** A linked person on the way through the table of design §6. */
interface Merging {
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

/**
 * A linked person: what the directory owns is refreshed in the CRM. What was changed in the CRM is carried to the directory
 * where the run pushes; else it is left alone and reported.
 */
export function planLinked(
  user: DirectoryUser,
  link: Link,
  record: TelephonyRecord,
  context: PersonContext,
  standing: Readonly<Record<string, CellValue>>,
): PersonPlan {
  const merging: Merging = {
    user,
    link,
    record,
    context,
    before: {},
    after: {},
    changed: [],
    fields: { ...link.base.fields },
    issues: [],
    directory: directoryChange(user),
    pendingPush: false,
  };
  const { before, after, changed, fields, issues } = merging;
  for (const side of fieldSides(user, context.mapping.record)) mergeField(merging, side);
  const activity = linkedActivity(record, link.base, context);
  if (activity.pair !== null) fields.active = activity.pair;
  if (activity.isPending) merging.pendingPush = true;
  if (activity.endsSessions) merging.directory.signOut();

  const licences = mergeKeys(merging, 'recordLicence', activity);
  const roles = mergeKeys(merging, 'recordRole', null);
  if (record.contactId === null && link.contactId !== null)
    issues.push({
      severity: 'warning',
      code: 'contact.cleared',
      message: `The telephony record of ${user.displayName} has lost its contact in the CRM; it is not filled again.`,
    });

  const returned = link.status === 'gone';
  if (returned || changed.length > 0) fillStatus(context, standing, before, after);
  const recordUpdate = recordOperation(
    user,
    record.id,
    before,
    after,
    context,
    changed,
    returned ? 'The user is back in the directory.' : 'The directory owns what changed.',
  );
  const push = merging.directory.operation(activity.why ?? 'The CRM owns what changed.');
  return {
    operations: [
      ...(recordUpdate === null ? [] : [recordUpdate]),
      ...licences.operations,
      ...roles.operations,
      ...(push === null ? [] : [push]),
    ],
    recordId: record.id,
    contactId: record.contactId,
    ownCrmUserId: null,
    lacksCrmUser: false,
    base: { fields, licences: licences.base, roles: roles.base },
    issues,
    pendingPush: merging.pendingPush,
  };
}

function mergeField(merging: Merging, side: FieldSides): void {
  const { link, record, before, after, changed, fields, issues } = merging;
  const { field, column, owner, directory } = side;
  const crm = record.fields[field] ?? null;
  const base = link.base.fields[field];
  if (directory === undefined) {
    if (field !== 'active') noteUnreadable(merging, side);
    return;
  }
  if (base === undefined) {
    // The mapping learnt this field after the link was made: a first meeting.
    if (crm === null && directory !== null) {
      before[column] = null;
      after[column] = directory;
      changed.push(field);
      fields[field] = { crm: directory, directory };
    } else fields[field] = { crm, directory };
    return;
  }
  switch (judgeField(base, crm, directory, owner)) {
    case 'same':
      break;
    case 'new-base':
      fields[field] = { crm, directory };
      break;
    case 'take-into-crm':
      if (crm !== directory) {
        before[column] = crm;
        after[column] = directory;
        changed.push(field);
      }
      fields[field] = { crm: directory, directory };
      break;
    case 'restore-crm':
      before[column] = crm;
      after[column] = base.crm;
      changed.push(field);
      break;
    case 'conflict':
      merging.pendingPush = true;
      issues.push({
        severity: 'warning',
        code: `${field}.conflict`,
        message: `${field} was changed on both sides: the CRM has ${show(crm)}, the directory ${show(directory)}.`,
      });
      break;
    case 'push':
      pushField(merging, side, base);
      break;
  }
}

/** A field that the directory does not show us, STUN: the CRM keeps it, and a change is reported once. */
function noteUnreadable(
  { link, record, context, fields, issues }: Merging,
  { field, owner }: FieldSides,
): void {
  if (owner === 'directory') return;
  const crm = record.fields[field] ?? null;
  const base = link.base.fields[field];
  if (base === undefined || base.crm === crm) {
    if (base === undefined) fields[field] = { crm, directory: null };
    return;
  }
  if (context.push === null) return;
  fields[field] = { crm, directory: null };
  issues.push({
    severity: 'warning',
    code: `${field}.notWritable`,
    message: `${field} is kept in the CRM only: in the directory nobody but the user can set it.`,
  });
}

function pushField(merging: Merging, side: FieldSides, base: BasePair): void {
  const { record, user, context, fields, issues } = merging;
  const { field, directory = null, transform } = side;
  const { push } = context;
  if (push === null) {
    merging.pendingPush = true;
    return;
  }
  const crm = record.fields[field] ?? null;
  const isDrift = crm === base.crm;
  const wanted = isDrift ? base.directory : crm;
  if (!push.writes.has(field)) {
    fields[field] = { crm, directory };
    issues.push({
      severity: 'warning',
      code: `${field}.notWritable`,
      message: `${field} cannot be set in the directory: the CRM has ${show(crm)}, the directory ${show(directory)}.`,
    });
    return;
  }
  const obstacle = obstacleTo(field, wanted, push);
  if (obstacle !== null) {
    merging.pendingPush = true;
    issues.push({ severity: 'failure', ...obstacle });
    return;
  }
  const shown = transform(wanted);
  fields[field] = { crm, directory: shown };
  if (shown === directory) return;
  merging.directory.set(field, valueOf(user, field, directory), wanted);
  if (isDrift)
    issues.push({
      severity: 'warning',
      code: `${field}.drift`,
      message: `${field} was changed in the directory to ${show(directory)}, and the CRM decides; it is put back to ${show(wanted)}.`,
    });
}

/** The directory's own value, which a transform of the mapping may hide. */
function valueOf(
  user: DirectoryUser,
  field: PersonField,
  shown: BasePair['directory'],
): BasePair['directory'] {
  switch (field) {
    case 'login':
    case 'displayName':
    case 'email':
    case 'chatName':
    case 'extension':
      return user[field];
    default:
      return shown;
  }
}

interface MergedSet {
  readonly base: Base['licences'];
  readonly operations: readonly Operation[];
}

function mergeKeys(
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
    return { base: needed ? base : setBase(crm, held, rows), operations: [] };
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
