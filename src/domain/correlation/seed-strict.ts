import type { Contact, DirectoryUser } from '../person.ts';
import { groupBy, onlyCrmUserOf, type Batch } from './batch.ts';
import type { Finding, Hit } from './findings.ts';

/**
 * The documented rule alone: the directory login, or else the directory name, equals the contact's name (facts/
 * requirements.md A-01; design §5, preset `seed-strict`). Compared trimmed, in NFC, blanks as one, without case; staff
 * contacts only, unique on both sides.
 */
export function createStrictRule(batch: Batch): (user: DirectoryUser) => Finding {
  const contactsByName = groupBy([...batch.contactById.values()], (contact) => plainly(contact.name));
  const usersByLogin = groupBy(batch.users, (user) => plainly(user.login));
  const usersByName = groupBy(batch.users, (user) => plainly(user.displayName));
  return (user) => {
    const { rejected } = batch.decidedFor(user);
    const steps = [
      { field: 'login' as const, text: plainly(user.login), users: usersByLogin },
      { field: 'name' as const, text: plainly(user.displayName), users: usersByName },
    ];
    for (const { field, text, users } of steps) {
      if (text === null) continue;
      const found = contactsByName.get(text) ?? [];
      if (found.length > 0) return decide(field, found, rejected, (users.get(text) ?? []).length, batch);
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
  const doubtful = (reason: string): Finding => ({ kind: 'doubtful', contactIds, reason });
  if (contact === undefined) return doubtful('the name is met only among contacts that are not staff');
  if (staff.length > 1) return doubtful(`${staff.length} staff contacts have this name`);
  if (users > 1) return doubtful(`${users} directory users have the name of this contact`);
  const target = { contactId: contact.id, crmUserId: onlyCrmUserOf(batch, contact.id) };
  return { kind: 'decisive', hits: [{ rule: 'name', field, target }], target };
}

function plainly(text: string): string | null {
  const plain = text.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
  return plain === '' ? null : plain;
}
