import { compareNames, type NameComparison } from '../names/compare.ts';
import { foldIdentifier } from '../names/fold.ts';
import type { Contact, DirectoryUser } from '../person.ts';
import { differenceInWords } from './agreement.ts';
import { onlyCrmUserOf, type Batch, type Target } from './batch.ts';
import { say } from './explain.ts';
import { areNumberedApart, mailboxesDiffer } from './mailboxes.ts';
import type { ContactGroup } from './groups.ts';
import type { RuleName } from './types.ts';

/** Nobody looks through more namesakes than this. */
const MOST_NAMESAKES = 100;

/** A rule that found one person, unique on both sides. */
export interface Hit {
  readonly rule: Extract<RuleName, 'login' | 'email' | 'name' | 'number'>;
  readonly field: 'login' | 'email' | 'name' | 'number';
  readonly target: Target;
}

/** What rules 5 to 7 say of one user. */
export type Finding =
  /** All decisive rules agree, and nothing speaks against it. */
  | { readonly kind: 'decisive'; readonly hits: readonly Hit[]; readonly target: Target }
  /** Something plausible was found that a person has to decide; `reason` is a sentence. */
  | { readonly kind: 'doubtful'; readonly contactIds: readonly string[]; readonly reason: string }
  | { readonly kind: 'nothing' };

/** Applies rules 5 to 7 to a user whose contact is open. */
export function findingOf(user: DirectoryUser, batch: Batch): Finding {
  const { rejected } = batch.decidedFor(user);
  const allowed = (hit: Hit | null): Hit | null =>
    hit !== null && hit.target.contactId !== null && rejected.has(hit.target.contactId) ? null : hit;
  const byLogin = allowed(hitByLogin(user, batch));
  const byEmail = allowed(hitByEmail(user, batch));
  const byName = allowed(hitByName(user, batch));
  return judge(user, together(byLogin, byEmail, byName), batch);
}

/** Most users have one hit or none: a list that grows would have room for many. */
function together(byLogin: Hit | null, byEmail: Hit | null, byName: Hit | null): readonly Hit[] {
  if (byLogin === null && byEmail === null) return byName === null ? NO_HITS : [byName];
  return [byLogin, byEmail, byName].filter((hit) => hit !== null);
}

const NO_HITS: readonly Hit[] = [];

function judge(user: DirectoryUser, hits: readonly Hit[], batch: Batch): Finding {
  const [strongest] = hits;
  if (strongest === undefined) return namesakesOnly(user, batch);
  let contactId: string | null = null;
  for (const { target } of hits) contactId ??= target.contactId;
  if (hits.some(({ target }) => target.contactId !== null && target.contactId !== contactId))
    return doubtful(
      hits.flatMap(({ target }) => target.contactId ?? []),
      say('hitsDiffer', { fields: hits.map(({ field }) => field).join(' and the ') }),
    );

  if (contactId === null) {
    // A CRM user without a contact: the name may still say who it is, but not among several.
    const namesakes = namesakesOf(user, 'staff', batch);
    if (namesakes.length > 0) return doubtful(namesakes, say('userWithoutContact'));
    return { kind: 'decisive', hits, target: strongest.target };
  }
  const contact = batch.contactById.get(contactId);
  if (contact !== undefined) {
    const source = hits.find(({ target }) => target.contactId === contactId) ?? strongest;
    const against = objection(user, contact, source, batch);
    if (against !== null) return doubtful([contactId, ...namesakesOf(user, 'staff', batch)], against);
  }
  const byCrmUser = hits.find(({ target }) => target.crmUserId !== null)?.target.crmUserId ?? null;
  const own = batch.crmUsersByContact.get(contactId);
  if (byCrmUser !== null && own.length > 0 && !own.some(({ id }) => id === byCrmUser))
    return doubtful([contactId], say('userOfAnother'));
  return {
    kind: 'decisive',
    hits,
    target: { contactId, crmUserId: byCrmUser ?? onlyCrmUserOf(batch, contactId) },
  };
}

function namesakesOnly(user: DirectoryUser, batch: Batch): Finding {
  const namesakes = namesakesOf(user, 'staff', batch);
  const { full, users } = batch.names.groupOf(user);
  if (namesakes.length > 0) {
    const count = full.reduce((sum, { staff }) => sum + staff.length, 0);
    const rivals = Math.max(users.length, ...full.map((group) => group.users));
    return doubtful(
      namesakes,
      count > 1 ? say('manyContacts', { count }) : say('manyUsers', { count: rivals }),
    );
  }
  const outside = namesakesOf(user, 'others', batch);
  return outside.length > 0 ? doubtful(outside, say('notAmongStaff')) : { kind: 'nothing' };
}

export function doubtful(contactIds: readonly string[], reason: string): Finding {
  return { kind: 'doubtful', contactIds: [...new Set(contactIds)], reason };
}

/** What speaks against a contact that a decisive rule found; `null` when nothing does. */
function objection(user: DirectoryUser, contact: Contact, hit: Hit, batch: Batch): string | null {
  if (hit.rule === 'name')
    return mailboxesDiffer(user.email, emailsOf(contact, batch))
      ? say('emailsOfOneDomain')
      : batch.crmUsersByContact.get(contact.id).some(({ login }) => areNumberedApart(user.login, login))
        ? say('loginsNumbered')
        : ownerOf(user, contact, batch);
  const names = batch.names.haveSameName(user, contact) ? SAME_NAME : compareUserWith(user, contact, batch);
  if (names.conflict === 'patronymic') return say('patronymics');
  if (names.conflict === 'gender') return say('genders');
  if (names.different) {
    const difference = differenceInWords(batch.names.nameOfUser(user), batch.names.nameOfContact(contact));
    return `${say('otherName', { field: hit.field })} ${difference}`;
  }
  // The name of the contact is another user's: one of the two has what belongs to the other.
  const owner = hit.rule === 'email' || names.strength === 'none' ? batch.names.ownerOf(contact) : null;
  return owner === null || owner === user
    ? null
    : say('nameOfAnother', { who: `${owner.displayName} (${owner.login})` });
}

/** What the join has found of them already. */
const SAME_NAME = { strength: 'full', conflict: null, different: false } as const;

/** The e-mail address or the login of the contact is another user's, and nobody's beside. */
function ownerOf(user: DirectoryUser, contact: Contact, batch: Batch): string | null {
  const who = (owner: DirectoryUser): string => `${owner.displayName} (${owner.login})`;
  for (const { login } of batch.crmUsersByContact.get(contact.id)) {
    const key = foldIdentifier(login);
    const owner = batch.crmUsersByLogin.only(key) === null ? null : batch.usersByLogin.only(key);
    if (owner !== null && owner !== user) return say('loginOfAnother', { who: who(owner) });
  }
  for (const email of emailsOf(contact, batch)) {
    const key = foldIdentifier(email);
    const owner = batch.targetsByEmail.only(key) === null ? null : batch.usersByEmail.only(key);
    if (owner !== null && owner !== user) return say('emailOfAnother', { who: who(owner) });
  }
  return null;
}

export function compareUserWith(user: DirectoryUser, contact: Contact, batch: Batch): NameComparison {
  return compareNames(batch.names.nameOfUser(user), batch.names.nameOfContact(contact));
}

/** E-mail addresses of a contact and its CRM users. */
export function emailsOf(contact: Contact, batch: Batch): string[] {
  const crmUsers = batch.crmUsersByContact.get(contact.id);
  return [contact.email, ...crmUsers.map(({ email }) => email)].filter((email) => email !== null);
}

function hitByLogin(user: DirectoryUser, batch: Batch): Hit | null {
  const login = foldIdentifier(user.login);
  const crmUser = batch.crmUsersByLogin.only(login);
  if (crmUser === null || batch.usersByLogin.only(login) === null) return null;
  return { rule: 'login', field: 'login', target: { contactId: crmUser.contactId, crmUserId: crmUser.id } };
}

function hitByEmail(user: DirectoryUser, batch: Batch): Hit | null {
  const email = foldIdentifier(user.email);
  const target = batch.targetsByEmail.only(email);
  if (target === null || batch.usersByEmail.only(email) === null) return null;
  return { rule: 'email', field: 'email', target };
}

/** Rule 7. Uniqueness is counted over the whole batch: who is linked or rejected already counts, too. */
function hitByName(user: DirectoryUser, batch: Batch): Hit | null {
  const { full, users } = batch.names.groupOf(user);
  if (users.length > 1) return null;
  let group: ContactGroup | null = null;
  for (const one of full) {
    if (!one.hasStaff) continue;
    if (group !== null) return null;
    group = one;
  }
  const contact = group?.onlyStaff ?? null;
  if (group === null || contact === null || group.users !== 1) return null;
  return { rule: 'name', field: 'name', target: { contactId: contact.id, crmUserId: null } };
}

/** Contacts of the user's full name, without those that were rejected; of very many, the first by id. */
export function namesakesOf(user: DirectoryUser, who: 'staff' | 'others', batch: Batch): string[] {
  const { rejected } = batch.decidedFor(user);
  return batch.names
    .groupOf(user)
    .full.flatMap((group) => group[who].slice(0, MOST_NAMESAKES).map(({ id }) => id))
    .filter((id) => !rejected.has(id));
}
