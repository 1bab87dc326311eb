import type { CellValue, CrmSchema } from '../../app/ports/crm.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Base, DirectoryUser } from '../person.ts';
import type { Catalogue } from './catalogue.ts';
import type { DoublesOf } from './doubled-records.ts';
import type { CrmUserContext } from './new-crm-user.ts';
import type { Operation, PlannedIssue } from './plan.ts';
import type { PushContext } from './push/context.ts';

/** Parts of a personal name as far as they are certain. */
export interface NameParts {
  readonly surname: string | null;
  readonly givenName: string | null;
  readonly middleName: string | null;
}

/** What planning one person needs beside the person. */
export interface PersonContext {
  readonly mapping: Mapping;
  readonly schema: CrmSchema;
  readonly licences: Catalogue | null;
  readonly roles: Catalogue | null;
  /** Row of the lookup that says which directory a record belongs to. */
  readonly directoryRow: { readonly id: string; readonly createdBy: string | null } | null;
  readonly statusRow: { readonly id: string; readonly createdBy: string | null } | null;
  /** Id for a row that we create: the same for the same directory user, entity and key (design §5, Apply). */
  rowId(userId: string, entity: string, key: string): string;
  splitName(name: string): NameParts;
  readonly createContacts: boolean;
  /** The id of the contact that we create for a user. */
  ownContactId(userId: string): string;
  /** Did we make this contact for the user? */
  isOwnContact(userId: string, contactId: string): boolean;
  /** The name of a contact or the login of a CRM user as the CRM has them; `null` where it has none with this id. */
  nameOf(id: string): string | null;
  /** Does the CRM have a contact with this id? */
  hasContact(id: string): boolean;
  readonly doublesOf: DoublesOf;
  /** `null` where the run only reads the directory. */
  readonly push: PushContext | null;
  /** `null` where no CRM users are made. */
  readonly crmUsers: CrmUserContext | null;
}

export interface PersonPlan {
  readonly operations: readonly Operation[];
  readonly recordId: string;
  readonly contactId: string | null;
  /** The CRM user that we make, or made in an earlier run, for a person who was found to have none. */
  readonly ownCrmUserId: string | null;
  /** They would get a CRM user if any were made. */
  readonly lacksCrmUser: boolean;
  readonly base: Base | null;
  readonly issues: readonly PlannedIssue[];
  readonly pendingPush: boolean;
}

/**
 * The update of a telephony record; `null` when there is nothing to write.
 *
 * @param changes what becomes of each column, in words
 */
export function recordOperation(
  user: DirectoryUser,
  recordId: string,
  before: Record<string, CellValue>,
  after: Record<string, CellValue>,
  context: PersonContext,
  changes: readonly string[],
  why: string,
  parents: readonly string[] = [],
  waiting: Pick<Operation, 'waitsFor'> = {},
): Operation | null {
  if (Object.keys(after).length === 0) return null;
  const what = changes.length === 0 ? 'status' : changes.join(', ');
  return {
    id: `telephonyRecord.update:${recordId}`,
    entity: 'telephonyRecord',
    kind: 'update',
    person: user.id,
    target: { entity: context.mapping.record.entity, id: recordId },
    before,
    after,
    reason: `The telephony record of ${user.displayName} (${user.login}) gets ${what}. ${why}`,
    dependsOn: parents.concat(belongingCreations(context)),
    ...waiting,
  };
}

/** Operations that create the lookup rows which every record refers to. */
export function belongingCreations(context: PersonContext): string[] {
  return [context.directoryRow?.createdBy, context.statusRow?.createdBy].filter(
    (id) => typeof id === 'string',
  );
}

/** Sets the status, which is written only together with another change (design §5, Apply). */
export function fillStatus(
  context: PersonContext,
  standing: Readonly<Record<string, CellValue>>,
  before: Record<string, CellValue>,
  after: Record<string, CellValue>,
): void {
  const { status } = context.mapping.record;
  if (status === undefined || context.statusRow === null) return;
  const now = standing[status.column] ?? null;
  if (now === context.statusRow.id) return;
  before[status.column] = now;
  after[status.column] = context.statusRow.id;
}

/** Longer values are cut short in sentences. */
const LONGEST_SHOWN = 120;

/** A value in words. */
export function show(value: CellValue): string {
  if (value === null) return 'nothing';
  const text = String(value);
  return text.length <= LONGEST_SHOWN ? `“${text}”` : `“${text.slice(0, LONGEST_SHOWN)}…”`;
}

/** What becomes of one value, in words. */
export function changeInWords(name: string, now: CellValue, wanted: CellValue): string {
  return `${name} ${show(wanted)} instead of ${show(now)}`;
}

/** The products that a user holds. */
export function licenceKeys(user: DirectoryUser): string[] {
  return [...new Set(user.licences.map((licence) => licence.product))];
}

/** The ids of the roles that a user has. */
export function roleKeys(user: DirectoryUser): string[] {
  return [...new Set(user.roles.map((role) => role.id))];
}
