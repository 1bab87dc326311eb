import { foldIdentifier } from '../names/fold.ts';
import type { Contact, CrmUser, DirectoryUser, Link, TelephonyRecord } from '../person.ts';
import { joinNames, type NameJoin } from './names-join.ts';
import type { CorrelationInput } from './types.ts';

/** What a person decided about one directory user. */
export interface Decided {
  readonly same: string | null;
  readonly create: boolean;
  /** Contacts that the user is not. */
  readonly rejected: ReadonlySet<string>;
}

/** A contact, a CRM user, or both: who a directory user may be. */
export interface Target {
  readonly contactId: string | null;
  readonly crmUserId: string | null;
}

/** Both sides, ready to be looked up. Logins and e-mails are keys as `foldIdentifier` makes them. */
export interface Batch {
  readonly users: readonly DirectoryUser[];
  readonly userById: ReadonlyMap<string, DirectoryUser>;
  readonly contactById: ReadonlyMap<string, Contact>;
  readonly crmUserById: ReadonlyMap<string, CrmUser>;
  readonly crmUsersByContact: ReadonlyMap<string, readonly CrmUser[]>;
  readonly usersByLogin: ReadonlyMap<string, readonly DirectoryUser[]>;
  readonly usersByEmail: ReadonlyMap<string, readonly DirectoryUser[]>;
  readonly crmUsersByLogin: ReadonlyMap<string, readonly CrmUser[]>;
  /** Contacts, and CRM users without one, with this e-mail: a person who has it twice stands here once. */
  readonly targetsByEmail: ReadonlyMap<string, readonly Target[]>;
  readonly linkByUser: ReadonlyMap<string, Link>;
  readonly recordById: ReadonlyMap<string, TelephonyRecord>;
  readonly recordsByUser: ReadonlyMap<string, readonly TelephonyRecord[]>;
  /** Records without a directory user id. */
  readonly looseByLogin: ReadonlyMap<string, readonly TelephonyRecord[]>;
  readonly looseByContact: ReadonlyMap<string, readonly TelephonyRecord[]>;
  readonly looseByCrmUser: ReadonlyMap<string, readonly TelephonyRecord[]>;
  /** Records of directory users that are not in the batch, by login. */
  readonly orphansByLogin: ReadonlyMap<string, readonly TelephonyRecord[]>;
  readonly goneUserIds: ReadonlySet<string>;
  readonly names: NameJoin;
  decidedFor(user: DirectoryUser): Decided;
}

const UNDECIDED: Decided = { same: null, create: false, rejected: new Set() };

export function createBatch(input: CorrelationInput): Batch {
  const { users, contacts, crmUsers, records, links } = input;
  const userById = new Map(users.map((user) => [user.id, user]));
  const loose = records.filter((record) => record.directoryUserId === null);
  const goneLogins = new Map(links.map((link) => [link.directoryUserId, link.login]));
  const orphans = records.filter(
    ({ directoryUserId }) => directoryUserId !== null && !userById.has(directoryUserId),
  );
  const decided = decisions(input);
  return {
    users,
    userById,
    contactById: new Map(contacts.map((contact) => [contact.id, contact])),
    crmUserById: new Map(crmUsers.map((crmUser) => [crmUser.id, crmUser])),
    crmUsersByContact: groupBy(crmUsers, (crmUser) => crmUser.contactId),
    usersByLogin: groupBy(users, (user) => foldIdentifier(user.login)),
    usersByEmail: groupBy(users, (user) => foldIdentifier(user.email)),
    crmUsersByLogin: groupBy(crmUsers, (crmUser) => foldIdentifier(crmUser.login)),
    targetsByEmail: targetsByEmail(contacts, crmUsers),
    linkByUser: new Map(
      links
        .filter((link) => link.status === 'active' && userById.has(link.directoryUserId))
        .map((link) => [link.directoryUserId, link]),
    ),
    recordById: new Map(records.map((record) => [record.id, record])),
    recordsByUser: groupBy(records, (record) => record.directoryUserId),
    looseByLogin: groupBy(loose, loginOf),
    looseByContact: groupBy(loose, (record) => record.contactId),
    looseByCrmUser: groupBy(loose, (record) => record.crmUserId),
    orphansByLogin: groupBy(
      orphans,
      (record) => loginOf(record) ?? foldIdentifier(goneLogins.get(record.directoryUserId ?? '') ?? null),
    ),
    goneUserIds: input.goneUserIds,
    names: joinNames(users, contacts),
    decidedFor: (user) => decided.get(user.id) ?? UNDECIDED,
  };
}

function loginOf(record: TelephonyRecord): string | null {
  const { login } = record.fields;
  return typeof login === 'string' ? foldIdentifier(login) : null;
}

function decisions(input: CorrelationInput): Map<string, Decided> {
  const all = new Map<string, { same: string | null; create: boolean; rejected: Set<string> }>();
  for (const verdict of input.verdicts) {
    let decided = all.get(verdict.directoryUserId);
    if (decided === undefined) {
      decided = { same: null, create: false, rejected: new Set() };
      all.set(verdict.directoryUserId, decided);
    }
    if (verdict.kind === 'same') decided.same = verdict.contactId;
    else if (verdict.kind === 'create') decided.create = true;
    else if (verdict.contactId === null) for (const id of verdict.rejected) decided.rejected.add(id);
    else decided.rejected.add(verdict.contactId);
  }
  return all;
}

function targetsByEmail(
  contacts: readonly Contact[],
  crmUsers: readonly CrmUser[],
): Map<string, readonly Target[]> {
  const people = new Map<string, Map<string, Target>>();
  const add = (email: string | null, target: Target): void => {
    const key = foldIdentifier(email);
    if (key === null) return;
    let targets = people.get(key);
    if (targets === undefined) {
      targets = new Map();
      people.set(key, targets);
    }
    const person = target.contactId ?? `user ${target.crmUserId ?? ''}`;
    if (!targets.has(person)) targets.set(person, target);
  };
  for (const contact of contacts) add(contact.email, { contactId: contact.id, crmUserId: null });
  for (const { id, email, contactId } of crmUsers)
    add(email, contactId === null ? { contactId, crmUserId: id } : { contactId, crmUserId: null });
  return new Map([...people].map(([email, targets]) => [email, [...targets.values()]]));
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The CRM user of a contact, where it has exactly one. */
export function onlyCrmUserOf(batch: Batch, contactId: string | null): string | null {
  if (contactId === null) return null;
  const crmUsers = batch.crmUsersByContact.get(contactId) ?? [];
  return crmUsers.length === 1 ? (crmUsers[0]?.id ?? null) : null;
}
