import { compareNames } from '../names/compare.ts';
import { withOneLeftOut } from '../names/distance.ts';
import { keysOf, weakKeysOf } from '../names/keys.ts';
import { createNameReader, type Name } from '../names/name.ts';
import { masculine } from '../names/surnames.ts';
import type { Contact, DirectoryUser } from '../person.ts';

/** People of one side who are spelled exactly alike; names are compared once for all of them. */
export interface UserGroup {
  readonly name: Name;
  readonly users: DirectoryUser[];
  /** Contacts with the same full name, nothing speaking against it. */
  readonly full: ContactGroup[];
}

export interface ContactGroup {
  readonly name: Name;
  readonly staff: Contact[];
  readonly others: Contact[];
  /** Directory users with the same full name. */
  users: number;
}

export interface NameJoin {
  nameOfUser(user: DirectoryUser): Name;
  nameOfContact(contact: Contact): Name;
  groupOf(user: DirectoryUser): UserGroup;
  /** Free staff contacts whose name may be that of these users, by user id. One pass for all of them. */
  weakHits(
    users: readonly DirectoryUser[],
    isFree: (contact: Contact) => boolean,
  ): ReadonlyMap<string, readonly Contact[]>;
}

/** A key under which more spellings meet than this says nothing; its names count as ambiguous. */
const MOST_IN_BLOCK = 500;

/** Of more weak hits than this the rest is left out: they help nobody to decide. */
const MOST_HITS = 100;

/** Brings the names of both sides together by hash: no pair is looked at that shares no key. */
export function joinNames(users: readonly DirectoryUser[], contacts: readonly Contact[]): NameJoin {
  const readName = createNameReader();
  const userGroups = new Map<string, UserGroup>();
  const contactGroups = new Map<string, ContactGroup>();
  for (const user of users) {
    const group = userGroups.get(user.displayName);
    if (group === undefined)
      userGroups.set(user.displayName, { name: readName(user.displayName), users: [user], full: [] });
    else group.users.push(user);
  }
  for (const contact of contacts) {
    let group = contactGroups.get(contact.name);
    if (group === undefined) {
      group = { name: readName(contact.name), staff: [], others: [], users: 0 };
      contactGroups.set(contact.name, group);
    }
    (contact.staff ? group.staff : group.others).push(contact);
  }
  // By id, so that what is cut off of a very long list does not depend on the order of the batch.
  for (const { staff, others } of contactGroups.values())
    for (const members of [staff, others]) if (members.length > 1) members.sort(byId);
  joinFull([...userGroups.values()], [...contactGroups.values()]);

  return {
    nameOfUser: (user) => userGroups.get(user.displayName)?.name ?? readName(user.displayName),
    nameOfContact: (contact) => contactGroups.get(contact.name)?.name ?? readName(contact.name),
    groupOf: (user) =>
      userGroups.get(user.displayName) ?? { name: readName(user.displayName), users: [user], full: [] },
    weakHits: (unresolved, isFree) => joinWeak(unresolved, userGroups, contactGroups.values(), isFree),
  };
}

function joinFull(left: readonly UserGroup[], right: readonly ContactGroup[]): void {
  const byKey = new Map<string, UserGroup[]>();
  for (const group of left) for (const key of keysOf(group.name)) push(byKey, key, group);
  for (const contacts of right) {
    const met = new Set<UserGroup>();
    for (const key of keysOf(contacts.name)) {
      const block = byKey.get(key) ?? [];
      // So many spellings of one name: nobody among them is unique.
      if (block.length > MOST_IN_BLOCK) contacts.users += block.length;
      for (const group of block.slice(0, MOST_IN_BLOCK)) met.add(group);
    }
    for (const group of met) {
      const { strength, conflict } = compareNames(group.name, contacts.name);
      if (strength !== 'full' || conflict !== null) continue;
      group.full.push(contacts);
      contacts.users += group.users.length;
    }
  }
}

function joinWeak(
  users: readonly DirectoryUser[],
  userGroups: ReadonlyMap<string, UserGroup>,
  contactGroups: Iterable<ContactGroup>,
  isFree: (contact: Contact) => boolean,
): Map<string, Contact[]> {
  const hits = new Map<string, Contact[]>();
  const groups = new Set<UserGroup>();
  for (const user of users) {
    const group = userGroups.get(user.displayName);
    if (group !== undefined) groups.add(group);
  }
  if (groups.size === 0) return hits;
  const byKey = new Map<string, UserGroup[]>();
  for (const group of groups) for (const key of looseKeysOf(group.name, true)) push(byKey, key, group);

  const found = new Map<UserGroup, Contact[]>();
  for (const contacts of contactGroups) {
    const free = contacts.staff.filter(isFree);
    if (free.length === 0) continue;
    const met = new Set<UserGroup>();
    for (const key of looseKeysOf(contacts.name, false))
      for (const group of (byKey.get(key) ?? []).slice(0, MOST_IN_BLOCK)) met.add(group);
    for (const group of met) {
      const { strength, conflict } = compareNames(group.name, contacts.name);
      if (strength === 'none' || conflict !== null) continue;
      const known = found.get(group);
      if (known === undefined) found.set(group, [...free]);
      else known.push(...free);
    }
  }
  for (const [group, contacts] of found) found.set(group, contacts.toSorted(byId).slice(0, MOST_HITS));
  for (const user of users) {
    const group = userGroups.get(user.displayName);
    const contacts = group === undefined ? undefined : found.get(group);
    if (contacts !== undefined) hits.set(user.id, contacts);
  }
  return hits;
}

/**
 * Weak keys, and keys that survive one slip in the surname: as it is read, and as it is written, for ю and я are two
 * letters when read. The larger side spares itself the written ones where they would add nothing.
 */
function looseKeysOf(name: Name, isThorough: boolean): Set<string> {
  const keys = new Set(weakKeysOf(name));
  for (const { surname, given, readings, gender } of name.understandings) {
    if (given.isInitial) continue;
    const names = given.official.length > 0 ? given.official.map((official) => official.id) : given.readings;
    const rests = masculine(readings, gender).flatMap(withOneLeftOut);
    if (isThorough || /[юя]/u.test(surname)) rests.push(...withOneLeftOut(surname));
    else rests.push(surname);
    for (const rest of rests) for (const one of names) keys.add(`${rest}?${one}`);
  }
  return keys;
}

function byId(one: Contact, other: Contact): number {
  return one.id < other.id ? -1 : 1;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
