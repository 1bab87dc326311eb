import { foldIdentifier } from '../names/fold.ts';
import type { Contact, CrmUser, DirectoryUser, Link, TelephonyRecord } from '../person.ts';
import type { Steps } from '../steps.ts';
import { Index, indexBy } from './index-by.ts';
import { joinNames, type NameJoin } from './names-join.ts';
import { createNumbers, type Numbers } from './numbers.ts';
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
  readonly contactById: ReadonlyMap<string, Contact>;
  readonly crmUserById: ReadonlyMap<string, CrmUser>;
  readonly crmUsersByContact: Index<CrmUser>;
  /** Logins and e-mails that nobody has on the other side are left out. */
  readonly usersByLogin: Index<DirectoryUser>;
  readonly usersByEmail: Index<DirectoryUser>;
  readonly crmUsersByLogin: Index<CrmUser>;
  /** Contacts, and CRM users without one, with this e-mail: a person who has it twice stands here once. */
  readonly targetsByEmail: Index<Target>;
  readonly linkByUser: ReadonlyMap<string, Link>;
  readonly recordsByUser: Index<TelephonyRecord>;
  /** Records without a directory user id. */
  readonly hasLooseRecords: boolean;
  readonly looseByLogin: Index<TelephonyRecord>;
  readonly looseByContact: Index<TelephonyRecord>;
  readonly looseByCrmUser: Index<TelephonyRecord>;
  /** Records of directory users that are not in the batch, by login. */
  readonly orphansByLogin: Index<TelephonyRecord>;
  /** Who has a telephone number or an extension; made when somebody asks for it. */
  readonly numbers: Numbers;
  readonly goneUserIds: ReadonlySet<string>;
  readonly names: NameJoin;
  decidedFor(user: DirectoryUser): Decided;
}

const UNDECIDED: Decided = { same: null, create: false, rejected: new Set() };

export function* createBatch(input: CorrelationInput): Steps<Batch> {
  const { users, contacts, crmUsers, records, links } = input;
  // A first import has neither, and the users are many.
  const present = new Set(records.length + links.length > 0 ? users.map(({ id }) => id) : []);
  const loose = records.filter((record) => record.directoryUserId === null);
  const goneLogins = new Map(links.map((link) => [link.directoryUserId, link.login]));
  const orphans = records.filter(
    ({ directoryUserId }) => directoryUserId !== null && !present.has(directoryUserId),
  );
  const decided = decisions(input);
  const crmUsersByLogin = indexBy(crmUsers, (crmUser) => foldIdentifier(crmUser.login));
  const looseByLogin = indexBy(loose, loginOf);
  const orphansByLogin = indexBy(
    orphans,
    (record) => loginOf(record) ?? foldIdentifier(goneLogins.get(record.directoryUserId ?? '') ?? null),
  );
  const byLogin = [crmUsersByLogin, looseByLogin, orphansByLogin];
  const byEmail = targetsByEmail(contacts, crmUsers);
  return {
    users,
    contactById: mapById(contacts),
    crmUserById: mapById(crmUsers),
    crmUsersByContact: indexBy(crmUsers, (crmUser) => crmUser.contactId),
    usersByLogin: indexBy(users, (user) => knownIn(foldIdentifier(user.login), byLogin)),
    usersByEmail: indexBy(users, (user) => knownIn(foldIdentifier(user.email), [byEmail])),
    crmUsersByLogin,
    targetsByEmail: byEmail,
    linkByUser: new Map(
      links
        .filter((link) => link.status === 'active' && present.has(link.directoryUserId))
        .map((link) => [link.directoryUserId, link]),
    ),
    recordsByUser: indexBy(records, (record) => record.directoryUserId),
    hasLooseRecords: loose.length > 0,
    looseByLogin,
    looseByContact: indexBy(loose, (record) => record.contactId),
    looseByCrmUser: indexBy(loose, (record) => record.crmUserId),
    orphansByLogin,
    goneUserIds: input.goneUserIds,
    names: yield* joinNames(users, contacts),
    numbers: createNumbers(users, contacts, input.policy.country ?? null),
    decidedFor: (user) => decided.get(user.id) ?? UNDECIDED,
  };
}

function knownIn(key: string | null, indexes: readonly { has(key: string): boolean }[]): string | null {
  return key !== null && indexes.some((index) => index.has(key)) ? key : null;
}

function mapById<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  const byId = new Map<string, T>();
  for (const item of items) byId.set(item.id, item);
  return byId;
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

function targetsByEmail(contacts: readonly Contact[], crmUsers: readonly CrmUser[]): Index<Target> {
  const index = new Index<Target>();
  const add = (email: string | null, target: Target): void => {
    const key = foldIdentifier(email);
    if (key === null) return;
    const isKnown = index
      .get(key)
      .some((one) =>
        target.contactId === null ? one.crmUserId === target.crmUserId : one.contactId === target.contactId,
      );
    if (!isKnown) index.add(key, target);
  };
  for (const contact of contacts) add(contact.email, { contactId: contact.id, crmUserId: null });
  for (const { id, email, contactId } of crmUsers)
    add(email, contactId === null ? { contactId, crmUserId: id } : { contactId, crmUserId: null });
  return index;
}

/** The CRM user of a contact, where it has exactly one. */
export function onlyCrmUserOf(batch: Batch, contactId: string | null): string | null {
  if (contactId === null) return null;
  const crmUsers = batch.crmUsersByContact.get(contactId);
  return crmUsers.length === 1 ? (crmUsers[0]?.id ?? null) : null;
}
