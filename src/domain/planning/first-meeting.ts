import type { CellValue } from '../../app/ports/crm.ts';
import type { Correlation } from '../correlation/types.ts';
import type { BasePair, DirectoryUser, FieldValue, PersonField, TelephonyRecord } from '../person.ts';
import type { Operation, PlannedIssue } from './plan.ts';
import { planDetails } from './details.ts';
import { doubleIssues } from './doubled-records.ts';
import { leftBehind, planContact } from './new-contact.ts';
import { NO_CRM_USER, planCrmUser, type CrmUserPlan } from './new-crm-user.ts';
import {
  belongingCreations,
  changeInWords,
  fillStatus,
  licenceKeys,
  recordOperation,
  roleKeys,
  show,
  type PersonContext,
  type PersonPlan,
} from './person-plan.ts';
import { cellOf, namesOf } from './row-names.ts';
import { fieldSides } from './sides.ts';
import { tooLong } from './too-long.ts';

/** A person without a telephony record: contact (where there is none), record, licence and role rows. */
export function planNewRecord(user: DirectoryUser, found: Correlation, context: PersonContext): PersonPlan {
  const { mapping } = context;
  const { contactId, creations } = contactOf(user, found, context);
  // An earlier run may have made the contact and come no further.
  const isOurs = found.situation === 'unmatched' || contactId === context.ownContactId(user.id);
  const crmUser = isOurs ? planCrmUser(user, found, contactId, creations, context) : NO_CRM_USER;
  const crmUserId = found.crmUserId ?? crmUser.id;
  const operations: Operation[] = [...creations];

  const recordId = context.rowId(user.id, mapping.record.entity, '');
  const after: Record<string, CellValue> = { [mapping.record.directoryUserId]: user.id };
  const fields: Partial<Record<PersonField, BasePair>> = {};
  for (const { field, column, directory } of fieldSides(user, mapping.record)) {
    if (field === 'active') {
      after[column] = true;
      fields[field] = { crm: true, directory: null };
    }
    if (field === 'stun') fields[field] = { crm: false, directory: null };
    if (directory === undefined) continue;
    if (directory !== null) after[column] = directory;
    fields[field] = { crm: directory, directory };
  }
  if (contactId !== null) after[mapping.record.contact] = contactId;
  if (crmUserId !== null) after[mapping.record.crmUser] = crmUserId;
  Object.assign(after, belonging(context));

  const record: Operation = {
    id: `telephonyRecord.create:${recordId}`,
    entity: 'telephonyRecord',
    kind: 'create',
    person: user.id,
    target: { entity: mapping.record.entity, id: recordId },
    before: null,
    after,
    reason: `${user.displayName} (${user.login}) has no telephony record yet. ${found.reason}`,
    dependsOn: operations.map(({ id }) => id).concat(belongingCreations(context)),
    ...waiting(crmUser, context),
  };
  if (crmUser.creation !== null) operations.push(crmUser.creation);
  const licences = planDetails(
    'recordLicence',
    user,
    recordId,
    [],
    licenceKeys(user),
    context.licences,
    context,
    [record.id],
  );
  const roles = planDetails('recordRole', user, recordId, [], roleKeys(user), context.roles, context, [
    record.id,
  ]);
  operations.push(record, ...licences.operations, ...roles.operations);

  const issues = tooLong(operations, context.schema);
  if (issues.length > 0)
    return {
      operations: [],
      recordId,
      contactId: null,
      ownCrmUserId: null,
      lacksCrmUser: false,
      base: null,
      issues,
      pendingPush: false,
    };
  return {
    operations,
    recordId,
    contactId,
    ownCrmUserId: crmUser.id,
    lacksCrmUser: crmUser.isOmitted,
    base: { fields, licences: licences.base, roles: roles.base },
    issues: crmUser.issues,
    pendingPush: false,
  };
}

/**
 * The first meeting with a record that stood before: empty CRM values are filled, different ones are kept as a pair
 * and reported, sets are united into the CRM; nothing is overwritten (design §5, Linked).
 */
export function planAdoption(
  user: DirectoryUser,
  found: Correlation,
  record: TelephonyRecord,
  context: PersonContext,
  standing: Readonly<Record<string, CellValue>>,
): PersonPlan {
  const { mapping } = context;
  const before: Record<string, CellValue> = {};
  const after: Record<string, CellValue> = {};
  const issues: PlannedIssue[] = [];
  const filled: string[] = [];
  const fill: Fill = (name, column, now, value, shown = [now, value]) => {
    before[column] = now;
    after[column] = value;
    filled.push(changeInWords(name, ...shown));
  };

  if (record.directoryUserId !== user.id)
    fill('directory user id', mapping.record.directoryUserId, record.directoryUserId, user.id);
  const { contactId, creations } = contactOf(user, found, context);
  // A contact that the record bears and correlation does not believe was ruled out by a person.
  const isOverruled = record.contactId !== null && record.contactId !== contactId;
  if (record.contactId !== contactId)
    fill(
      'contact',
      mapping.record.contact,
      record.contactId,
      contactId,
      namesOf(record.contactId, contactId, context, cellOf(creations[0], mapping.contact.name)),
    );
  const mayHaveUser = found.situation === 'unmatched' && (record.crmUserId === null || isOverruled);
  const crmUser = mayHaveUser ? planCrmUser(user, found, contactId, creations, context) : NO_CRM_USER;
  // What the CRM lets stand in one record only cannot be filled in while another one of theirs holds it.
  const doubles = context.doublesOf(user, record);
  issues.push(...crmUser.issues, ...doubleIssues(user, record, doubles));
  const crmUserId = found.crmUserId ?? crmUser.id;
  const isUserFree = crmUserId === null || doubles.every((other) => other.crmUserId !== crmUserId);
  if (record.crmUserId !== crmUserId && isUserFree && (record.crmUserId === null || isOverruled))
    fill(
      'CRM user',
      mapping.record.crmUser,
      record.crmUserId,
      crmUserId,
      namesOf(record.crmUserId, crmUserId, context, cellOf(crmUser.creation, mapping.crmUser.login)),
    );
  if (isOverruled) issues.push(...leftBehind(user, record, crmUserId, context));

  const fields: Partial<Record<PersonField, BasePair>> = {};
  for (const { field, column, directory } of fieldSides(user, mapping.record)) {
    if (field === 'active' || field === 'stun')
      fields[field] = { crm: record.fields[field] === true, directory: null };
    if (directory === undefined) continue;
    const crm: FieldValue = record.fields[field] ?? null;
    const isHeld = field === 'extension' && doubles.some(({ fields: held }) => held[field] === directory);
    if (crm === null && directory !== null && !isHeld) {
      fill(field, column, null, directory);
      fields[field] = { crm: directory, directory };
      continue;
    }
    fields[field] = { crm, directory };
    if (crm !== directory) issues.push(keptPair(field, crm, directory));
  }
  fillBelonging(context, standing, fill);
  if (filled.length > 0) fillStatus(context, standing, before, after);

  const overruling = isOverruled ? ' A person ruled out the contact that the record bears.' : '';
  const recordUpdate = recordOperation(
    user,
    record.id,
    before,
    after,
    context,
    filled,
    `${found.reason}${overruling}`,
    creations.map(({ id }) => id),
    waiting(crmUser, context),
  );
  const parents = recordUpdate === null ? [] : [recordUpdate.id];
  const licences = planDetails(
    'recordLicence',
    user,
    record.id,
    record.licences,
    licenceKeys(user),
    context.licences,
    context,
    parents,
  );
  const roles = planDetails(
    'recordRole',
    user,
    record.id,
    record.roles,
    roleKeys(user),
    context.roles,
    context,
    parents,
  );
  const operations = [
    ...creations,
    ...(crmUser.creation === null ? [] : [crmUser.creation]),
    ...(recordUpdate === null ? [] : [recordUpdate]),
    ...licences.operations,
    ...roles.operations,
  ];
  const obstacles = tooLong(operations, context.schema);
  if (obstacles.length > 0)
    return {
      operations: [],
      recordId: record.id,
      contactId,
      ownCrmUserId: null,
      lacksCrmUser: false,
      base: null,
      issues: obstacles,
      pendingPush: false,
    };
  return {
    operations,
    recordId: record.id,
    contactId,
    ownCrmUserId: crmUser.id,
    lacksCrmUser: crmUser.isOmitted,
    base: { fields, licences: licences.base, roles: roles.base },
    issues,
    pendingPush: false,
  };
}

/** Fills a column of a record; rows of other tables are shown by their names. */
type Fill = (
  name: string,
  column: string,
  now: CellValue,
  value: CellValue,
  shown?: readonly [now: CellValue, value: CellValue],
) => void;

/** The contact that the user is; a new one where the user is nobody in the CRM. */
function contactOf(
  user: DirectoryUser,
  found: Correlation,
  context: PersonContext,
): { contactId: string | null; creations: readonly Operation[] } {
  if (found.contactId !== null || found.situation !== 'unmatched' || !context.createContacts)
    return { contactId: found.contactId, creations: [] };
  const { id, creation } = planContact(user, found, context);
  return { contactId: id, creations: creation === null ? [] : [creation] };
}

/** A record waits for its new CRM user, and goes without it where that is refused. */
function waiting({ creation }: CrmUserPlan, { mapping }: PersonContext): Pick<Operation, 'waitsFor'> {
  if (creation === null) return {};
  return { waitsFor: [{ operation: creation.id, columns: [mapping.record.crmUser] }] };
}

/** Directory and status of a new record. */
function belonging(context: PersonContext): Record<string, CellValue> {
  const { directory, status } = context.mapping.record;
  const cells: Record<string, CellValue> = {};
  if (directory !== undefined && context.directoryRow !== null)
    cells[directory.column] = context.directoryRow.id;
  if (status !== undefined && context.statusRow !== null) cells[status.column] = context.statusRow.id;
  return cells;
}

function fillBelonging(
  context: PersonContext,
  standing: Readonly<Record<string, CellValue>>,
  fill: Fill,
): void {
  const { directory } = context.mapping.record;
  if (
    directory !== undefined &&
    context.directoryRow !== null &&
    (standing[directory.column] ?? null) === null
  )
    fill('directory', directory.column, null, context.directoryRow.id, [null, directory.name]);
}

function keptPair(field: PersonField, crm: FieldValue, directory: FieldValue): PlannedIssue {
  return {
    severity: 'warning',
    code: `${field}.kept`,
    message: `${field} differs and is kept on both sides: the CRM has ${show(crm)}, the directory ${show(directory)}.`,
  };
}
