import type { CellValue } from '../../app/ports/crm.ts';
import type { Correlation } from '../correlation/types.ts';
import type { DirectoryUser, TelephonyRecord } from '../person.ts';
import type { PersonContext } from './person-plan.ts';
import type { Operation, PlannedIssue } from './plan.ts';
import { displayNameOf } from './words.ts';

/** The contact of a person whom nobody in the CRM is. */
export interface NewContact {
  readonly id: string;
  /** `null` where an earlier run has made it already, though no link came of it. */
  readonly creation: Operation | null;
}

/** Plans the contact of an unmatched user: the name as a whole together with its parts (design §5, Unmatched). */
export function planContact(user: DirectoryUser, found: Correlation, context: PersonContext): NewContact {
  const { contact } = context.mapping;
  const id = context.ownContactId(user.id);
  if (context.hasContact(id)) return { id, creation: null };
  const parts = context.splitName(user.displayName);
  const after: Record<string, CellValue> = {
    [contact.name]: user.displayName,
    [contact.type.column]: contact.type.employee,
  };
  const put = (column: string | undefined, value: string | null): void => {
    if (column !== undefined && value !== null) after[column] = value;
  };
  put(contact.surname, parts.surname);
  put(contact.givenName, parts.givenName);
  put(contact.middleName, parts.middleName);
  put(contact.email, user.email);
  put(contact.account?.column, contact.account?.default ?? null);
  const creation: Operation = {
    id: `contact.create:${id}`,
    entity: 'contact',
    kind: 'create',
    person: user.id,
    target: { entity: contact.entity, id },
    before: null,
    after,
    reason: `No contact of the CRM is ${user.displayName} (${user.login}). ${found.reason}`,
    dependsOn: [],
  };
  return { id, creation };
}

/** Says what we made for the user and nobody needs any more, now that their record goes to another contact. */
export function leftBehind(
  user: DirectoryUser,
  record: TelephonyRecord,
  crmUserId: string | null,
  context: PersonContext,
): PlannedIssue[] {
  const { contactId } = record;
  if (contactId === null || !context.isOwnContact(user.id, contactId)) return [];
  const contact = `The contact ${context.nameOf(contactId) ?? ''} (${contactId})`;
  const ownUserId = context.rowId(user.id, context.mapping.crmUser.entity, '');
  const isUserLeft = record.crmUserId === ownUserId && crmUserId !== ownUserId;
  const login = context.crmUsers?.byId(ownUserId)?.login ?? '';
  const left = isUserLeft ? `${contact} and the CRM user ${login} (${ownUserId})` : contact;
  const message = `${left} that Rollcall made for ${displayNameOf(user)} ${isUserLeft ? 'are' : 'is'} left without a telephony record; delete what nobody needs in the CRM.`;
  return [{ severity: 'warning', code: 'contact.left', message }];
}
