import type { CellValue } from '../../../app/ports/crm.ts';
import { applyTransform } from '../../mapping/transforms.ts';
import type { Base, BasePair, CrmUser, PersonField, TelephonyRecord } from '../../person.ts';
import type { Catalogue } from '../catalogue.ts';
import { belongingCreations, fillStatus, type PersonContext } from '../person-plan.ts';
import type { Operation, PlannedIssue, PlannedPerson } from '../plan.ts';
import { displayNameOf } from '../words.ts';
import { DIRECTORY_USERS, licenceCell, roleCell, SCALAR_CELLS } from './cells.ts';
import type { PushContext } from './context.ts';
import { obstacleTo } from './directory-change.ts';

/** The person of a record whose user the directory has yet to make: its user id is not known. */
export function addedPersonId(recordId: string): string {
  return `${ADDED}${recordId}`;
}

/** Is this the id of such a person? */
export function isAddedPerson(userId: string): boolean {
  return userId.startsWith(ADDED);
}

const ADDED = 'record:';

export interface AdditionPlan {
  readonly person: PlannedPerson;
  readonly operations: readonly Operation[];
}

export interface AdditionInput {
  readonly record: TelephonyRecord;
  /** The CRM user whom the record names, if it was read. */
  readonly crmUser: CrmUser | null;
  /** The name of the contact, where it is known. */
  readonly contactName: string | null;
  readonly context: PersonContext;
  readonly push: PushContext;
  /** Status and directory columns of the record as they stand. */
  readonly standing: Readonly<Record<string, CellValue>>;
}

/**
 * A telephony record that an administrator added: the directory user is made with everything at once, and its id and
 * default device come back to the record (design §6). Login and contact follow from the CRM user that the record names,
 * where they are not filled in.
 */
export function planAddition(input: AdditionInput): AdditionPlan {
  const { record, crmUser, contactName, context, push, standing } = input;
  const { mapping } = context;
  const values = {
    ...record.fields,
    login: record.fields.login ?? crmUser?.login ?? null,
    displayName: record.fields.displayName ?? contactName ?? crmUser?.login ?? null,
  };
  const person = addedPersonId(record.id);
  const issues = obstaclesTo(input, values);
  const login = typeof values.login === 'string' ? values.login : '';
  const displayName = typeof values.displayName === 'string' ? values.displayName : login;
  const entry = (base: Base | null, reason: string): PlannedPerson => ({
    userId: person,
    login,
    displayName,
    situation: 'added',
    rule: null,
    reason,
    recordId: record.id,
    contactId: record.contactId ?? crmUser?.contactId ?? null,
    contactName,
    crmUserId: record.crmUserId,
    evidence: [],
    candidates: [],
    issues,
    pendingPush: false,
    base:
      base === null
        ? null
        : { fields: base.fields, licences: copyOf(base.licences), roles: copyOf(base.roles) },
    succeeds: null,
    held: false,
  });
  if (issues.length > 0)
    return { person: entry(null, 'The record cannot be carried to the directory as it is.'), operations: [] };
  if (record.fields.active === false && mapping.record.fields.active !== undefined)
    return { person: entry(null, 'The record is not active; the user is made when it is.'), operations: [] };

  const after: Record<string, CellValue> = {};
  const fields: Partial<Record<PersonField, BasePair>> = {};
  for (const field of SCALAR_CELLS) {
    const mapped = mapping.record.fields[field];
    if (mapped === undefined || !push.writes.has(field)) continue;
    const value = values[field] ?? null;
    fields[field] = { crm: value, directory: applyTransform(mapped.transform, value) };
    if (value !== null) after[field] = value;
  }
  for (const field of ['active', 'stun'] as const)
    if (mapping.record.fields[field] !== undefined)
      fields[field] = { crm: record.fields[field] ?? null, directory: null };
  const licences = keysOf(record.licences, context.licences);
  const roles = keysOf(record.roles, context.roles);
  for (const key of Object.keys(licences)) after[licenceCell(key)] = true;
  for (const key of Object.keys(roles)) after[roleCell(key)] = true;
  // The id says which create this is, however often it is tried.
  const reference = context.rowId(person, 'directoryUser', '');
  const creation: Operation = {
    id: `directoryUser.create:${reference}`,
    entity: 'directoryUser',
    kind: 'create',
    person,
    target: { entity: DIRECTORY_USERS, id: reference },
    before: null,
    after,
    reason: `An administrator added ${displayNameOf({ displayName, login })} in the CRM.`,
    dependsOn: [],
  };
  const base: Base = { fields, licences: setBase(licences), roles: setBase(roles) };
  return {
    person: entry(base, creation.reason),
    operations: [creation, writeBack(input, values, creation, standing)],
  };
}

function obstaclesTo({ record, push }: AdditionInput, values: TelephonyRecord['fields']): PlannedIssue[] {
  if (record.crmUserId === null)
    return [
      {
        severity: 'failure',
        code: 'crmUser.required',
        message:
          'The record names no CRM user, and only a registered user can get a telephony user; pick one.',
      },
    ];
  return SCALAR_CELLS.flatMap((field) => {
    const obstacle = obstacleTo(field, values[field] ?? null, push);
    return obstacle === null ? [] : [{ severity: 'failure' as const, ...obstacle }];
  });
}

/** What the directory decided comes back to the record, together with what was derived for it. */
function writeBack(
  { record, crmUser, context }: AdditionInput,
  values: TelephonyRecord['fields'],
  creation: Operation,
  standing: Readonly<Record<string, CellValue>>,
): Operation {
  const { mapping } = context;
  const before: Record<string, CellValue> = { [mapping.record.directoryUserId]: null };
  const after: Record<string, CellValue> = {};
  const fill = (column: string, now: CellValue, value: CellValue): void => {
    before[column] = now;
    after[column] = value;
  };
  for (const field of ['login', 'displayName'] as const) {
    const column = mapping.record.fields[field]?.column;
    if (column !== undefined && (record.fields[field] ?? null) === null)
      fill(column, null, values[field] ?? null);
  }
  const contactId = crmUser?.contactId ?? null;
  if (record.contactId === null && contactId !== null) fill(mapping.record.contact, null, contactId);
  const { directory } = mapping.record;
  if (
    directory !== undefined &&
    context.directoryRow !== null &&
    (standing[directory.column] ?? null) === null
  )
    fill(directory.column, null, context.directoryRow.id);
  fillStatus(context, standing, before, after);
  const device = mapping.record.fields.defaultDevice?.column;
  if (device !== undefined) before[device] = record.fields.defaultDevice ?? null;
  return {
    id: `telephonyRecord.update:${record.id}`,
    entity: 'telephonyRecord',
    kind: 'update',
    person: creation.person,
    target: { entity: mapping.record.entity, id: record.id },
    before,
    after,
    reason: 'The record gets what the directory gave to the new user: id and default device.',
    dependsOn: [creation.id, ...belongingCreations(context)],
    takes: [
      { operation: creation.id, cell: 'Id', column: mapping.record.directoryUserId },
      ...(device === undefined ? [] : [{ operation: creation.id, cell: 'defaultDevice', column: device }]),
    ],
  };
}

/** Keys of managed rows, each with the id of its row. */
function keysOf(rows: TelephonyRecord['licences'], catalogue: Catalogue | null): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const { key, id } of rows) if (key !== null && catalogue?.rowOf(key) !== undefined) ids[key] ??= id;
  return ids;
}

function setBase(ids: Readonly<Record<string, string>>): Base['licences'] {
  const keys = Object.keys(ids).toSorted();
  return { crm: keys, directory: keys, rows: ids };
}

function copyOf(pair: Base['licences']) {
  return { crm: [...pair.crm], directory: [...pair.directory], rows: { ...pair.rows } };
}
