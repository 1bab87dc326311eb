import type { CellValue } from '../../app/ports/crm.ts';
import type {
  Base,
  BasePair,
  DirectoryUser,
  FieldValue,
  Link,
  PersonField,
  TelephonyRecord,
} from '../person.ts';
import type { Catalogue } from './catalogue.ts';
import {
  fillStatus,
  licenceKeys,
  recordOperation,
  roleKeys,
  show,
  type PersonContext,
  type PersonPlan,
} from './person-plan.ts';
import type { PlannedIssue } from './plan.ts';
import { fieldSides, judgeField, setNeedsPush } from './sides.ts';

/** A linked person: what the directory owns is refreshed, everything else is left alone and reported for a push. */
export function planLinked(
  user: DirectoryUser,
  link: Link,
  record: TelephonyRecord,
  context: PersonContext,
  standing: Readonly<Record<string, CellValue>>,
): PersonPlan {
  const before: Record<string, CellValue> = {};
  const after: Record<string, CellValue> = {};
  const fields: Partial<Record<PersonField, BasePair>> = { ...link.base.fields };
  const changed: string[] = [];
  let pendingPush = false;
  const issues: PlannedIssue[] = [];

  for (const { field, column, owner, directory } of fieldSides(user, context.mapping.record)) {
    if (directory === undefined) continue;
    const crm: FieldValue = record.fields[field] ?? null;
    const base = link.base.fields[field];
    if (base === undefined) {
      // The mapping learnt this field after the link was made: a first meeting.
      if (crm === null && directory !== null) {
        before[column] = null;
        after[column] = directory;
        changed.push(field);
        fields[field] = { crm: directory, directory };
      } else fields[field] = { crm, directory };
      continue;
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
        pendingPush = true;
        issues.push({
          severity: 'warning',
          code: `${field}.conflict`,
          message: `${field} was changed on both sides: the CRM has ${show(crm)}, the directory ${show(directory)}.`,
        });
        break;
      case 'push':
        pendingPush = true;
        break;
    }
  }

  const licences = linkedSet(link.base.licences, record.licences, licenceKeys(user), context.licences);
  const roles = linkedSet(link.base.roles, record.roles, roleKeys(user), context.roles);
  if (licences.pendingPush || roles.pendingPush) pendingPush = true;
  if (record.contactId === null && link.contactId !== null)
    issues.push({
      severity: 'warning',
      code: 'contact.cleared',
      message: `The telephony record of ${user.displayName} has lost its contact in the CRM; it is not filled again.`,
    });

  const returned = link.status === 'gone';
  if (returned || changed.length > 0) fillStatus(context, standing, before, after);
  const operation = recordOperation(
    user,
    record.id,
    before,
    after,
    context,
    changed,
    returned ? 'The user is back in the directory.' : 'The directory owns what changed.',
  );
  const base: Base = { fields, licences: licences.base, roles: roles.base };
  return {
    operations: operation === null ? [] : [operation],
    recordId: record.id,
    contactId: record.contactId,
    ownCrmUserId: null,
    lacksCrmUser: false,
    base,
    issues,
    pendingPush,
  };
}

function linkedSet(
  base: Base['licences'],
  rows: TelephonyRecord['licences'],
  held: readonly string[],
  catalogue: Catalogue | null,
): { base: Base['licences']; pendingPush: boolean } {
  if (catalogue === null) return { base, pendingPush: false };
  const directory = held.filter((key) => catalogue.rowOf(key) !== undefined);
  const crm = [...new Set(rows.map((row) => row.key).filter((key) => key !== null))];
  if (setNeedsPush(base, crm, directory)) return { base, pendingPush: true };
  return { base: setBase(crm, directory, rows), pendingPush: false };
}

function setBase(
  crm: readonly string[],
  directory: readonly string[],
  rows: TelephonyRecord['licences'],
): Base['licences'] {
  const ids: Record<string, string> = {};
  for (const row of rows) if (row.key !== null) ids[row.key] ??= row.id;
  return { crm: crm.toSorted(), directory: directory.toSorted(), rows: ids };
}
