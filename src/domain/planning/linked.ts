import type { CellValue } from '../../app/ports/crm.ts';
import type { BasePair, DirectoryUser, Link, PersonField, TelephonyRecord } from '../person.ts';
import { mergeKeys, type Merging } from './linked-sets.ts';
import {
  changeInWords,
  fillStatus,
  recordOperation,
  show,
  type PersonContext,
  type PersonPlan,
} from './person-plan.ts';
import { linkedActivity } from './push/activity.ts';
import { directoryChange, obstacleTo } from './push/directory-change.ts';
import { fieldSides, judgeField, type FieldSides } from './sides.ts';

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
  return {
    operations: [
      ...(recordUpdate === null ? [] : [recordUpdate]),
      ...licences.operations,
      ...roles.operations,
      ...merging.directory.operations(activity.why ?? 'The CRM owns what changed.'),
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
      changed.push(changeInWords(field, null, directory));
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
        changed.push(changeInWords(field, crm, directory));
      }
      fields[field] = { crm: directory, directory };
      break;
    case 'restore-crm':
      before[column] = crm;
      after[column] = base.crm;
      changed.push(changeInWords(field, crm, base.crm));
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
  // An empty switch is off.
  const crm = record.fields[field] ?? false;
  const base = link.base.fields[field];
  if (base === undefined || (base.crm ?? false) === crm) {
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
