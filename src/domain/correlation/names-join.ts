import { compareNames } from '../names/compare.ts';
import { Buckets, Gathered } from '../names/hash.ts';
import { eachKey } from '../names/lookup.ts';
import { createNameReader } from '../names/name-reader.ts';
import type { Name } from '../names/name.ts';
import type { Contact, DirectoryUser } from '../person.ts';
import { eachInSteps, type Steps } from '../steps.ts';
import { ContactGroup, Users, type UserGroup } from './groups.ts';
import { joinLoosely, type LeftOver, type LooseHits, type NearPair } from './loose-join.ts';

export interface NameJoin {
  nameOfUser(user: DirectoryUser): Name;
  nameOfContact(contact: Contact): Name;
  groupOf(user: DirectoryUser): UserGroup;
  /** Is it the same full name, and does nothing speak against it? No need to compare what has been compared. */
  haveSameName(user: DirectoryUser, contact: Contact): boolean;
  /** The one user with the full name of the contact, where each side has it once. */
  ownerOf(contact: Contact): DirectoryUser | null;
  /**
   * Names that may be one person's: those of users without a claim with all staff contacts that are not settled, and those
   * of users who have a contact by its name alone with the contacts that are free. An Arabic contact that a user has by its
   * name alone counts as free, for in the other script another name may be the same. What has the same full name is not
   * among them. One pass for all, once.
   */
  looseHits(leftOver: LeftOver): Steps<LooseHits>;
}

/** A key under which more spellings meet than this says nothing; its names count as ambiguous. */
export const MOST_IN_BLOCK = 500;

/** Most names have two or three keys. */
const KEYS_OF_NAME = 2;

/** Brings the names of both sides together by hash: no pair is looked at that shares no key. */
export function* joinNames(users: readonly DirectoryUser[], contacts: readonly Contact[]): Steps<NameJoin> {
  const readName = createNameReader();
  const userGroups = new Map<string, Users>();
  yield* eachInSteps(users, (user) => {
    const group = userGroups.get(user.displayName);
    if (group === undefined) userGroups.set(user.displayName, new Users(readName(user.displayName), user));
    else group.add(user);
  });
  const contactGroups = new Map<string, ContactGroup>();
  for (const contact of contacts) {
    const group = contactGroups.get(contact.name);
    if (group === undefined) contactGroups.set(contact.name, new ContactGroup(contact));
    else group.add(contact);
  }
  const groups = [...userGroups.values()];
  const near = yield* joinFull(groups, contactGroups, readName);
  return {
    nameOfUser: (user) => userGroups.get(user.displayName)?.name ?? readName(user.displayName),
    nameOfContact: (contact) => contactGroups.get(contact.name)?.read(readName) ?? readName(contact.name),
    groupOf: (user) => userGroups.get(user.displayName) ?? new Users(readName(user.displayName), user),
    haveSameName: (user, contact) => {
      const group = contactGroups.get(contact.name);
      return group !== undefined && userGroups.get(user.displayName)?.full.includes(group) === true;
    },
    ownerOf: (contact) => ownerOf(contactGroups.get(contact.name)),
    *looseHits(leftOver) {
      const hits = yield* joinLoosely({ groups, contactGroups, readName, near }, leftOver);
      contactGroups.forEach((group) => group.forget());
      return hits;
    },
  };
}

function ownerOf(group: ContactGroup | undefined): DirectoryUser | null {
  if (group?.users !== 1 || group.onlyStaff === null || group.spelling === null) return null;
  const { full, users } = group.spelling;
  return full.filter(({ hasStaff }) => hasStaff).length === 1 ? (users[0] ?? null) : null;
}

/** Fills the groups with the names that are the same; answers those that may be the same in Belarusian. */
function* joinFull(
  groups: readonly Users[],
  contactGroups: ReadonlyMap<string, ContactGroup>,
  readName: (text: string) => Name,
): Steps<readonly NearPair[]> {
  const near: NearPair[] = [];
  const buckets = new Buckets(groups.length * KEYS_OF_NAME);
  groups.forEach((group, index) => eachKey(group.name, (hash) => buckets.add(hash, index)));
  const met = new Gathered(groups.length);
  let isCrowded = false;
  const gather = (hash: number): void => {
    isCrowded = !buckets.gather(hash, MOST_IN_BLOCK, met) || isCrowded;
  };
  yield* eachInSteps(contactGroups.values(), (contacts) => {
    const name = contacts.read(readName);
    met.clear();
    isCrowded = false;
    eachKey(name, gather);
    met.forEach((index) => {
      const group = groups[index];
      if (group === undefined) return;
      const { strength, agreement, conflict } = compareNames(group.name, name);
      if (conflict !== null) return;
      if (agreement === 'akanye') near.push({ index, contacts });
      if (strength !== 'full') return;
      group.meet(contacts);
      contacts.users += group.users.length;
      contacts.spelling = group;
    });
    // So many spellings of one name: nobody among them is unique.
    if (isCrowded && contacts.users > 0) contacts.users += MOST_IN_BLOCK;
  });
  return near;
}
