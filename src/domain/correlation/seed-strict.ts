import type { Contact, DirectoryUser } from '../person.ts';
import { onlyCrmUserOf, type Batch } from './batch.ts';
import { say } from './explain.ts';
import { doubtful, type Finding, type Hit } from './findings.ts';
import { indexBy } from './index-by.ts';

/**
 * The documented rule alone: the directory login, or else the directory name, equals the contact's name
 * (design §5, preset `seed-strict`). Compared trimmed, in NFC, blanks as one, without case; staff
 * contacts only, unique on both sides.
 */
export function createStrictRule(batch: Batch): (user: DirectoryUser) => Finding {
  const contactsByName = indexBy(batch.contactById.values(), (contact) => plainly(contact.name));
  const usersByLogin = indexBy(batch.users, (user) => plainly(user.login));
  const usersByName = indexBy(batch.users, (user) => plainly(user.displayName));
  return (user) => {
    const { rejected } = batch.decidedFor(user);
    const steps = [
      { field: 'login' as const, text: plainly(user.login), users: usersByLogin },
      { field: 'name' as const, text: plainly(user.displayName), users: usersByName },
    ];
    for (const { field, text, users } of steps) {
      if (text === null) continue;
      const found = contactsByName.get(text);
      if (found.length > 0) return decide(field, found, rejected, users.get(text).length, batch);
    }
    return { kind: 'nothing' };
  };
}

function decide(
  field: Hit['field'],
  found: readonly Contact[],
  rejected: ReadonlySet<string>,
  users: number,
  batch: Batch,
): Finding {
  const staff = found.filter((contact) => contact.staff);
  const [contact] = staff;
  const contactIds = (staff.length > 0 ? staff : found).map(({ id }) => id).filter((id) => !rejected.has(id));
  if (contactIds.length === 0) return { kind: 'nothing' };
  if (contact === undefined) return doubtful(contactIds, say('notAmongStaff'));
  if (staff.length > 1) return doubtful(contactIds, say('manyContacts', { count: staff.length }));
  if (users > 1) return doubtful(contactIds, say('manyUsers', { count: users }));
  const target = { contactId: contact.id, crmUserId: onlyCrmUserOf(batch, contact.id) };
  return { kind: 'decisive', hits: [{ rule: 'name', field, target }], target };
}

function plainly(text: string): string | null {
  const plain = text.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
  return plain === '' ? null : plain;
}
