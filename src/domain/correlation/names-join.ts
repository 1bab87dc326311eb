import { compareNames, type Agreement } from '../names/compare.ts';
import { Buckets } from '../names/hash.ts';
import { eachKey, eachLooseKey } from '../names/lookup.ts';
import { createNameReader, type Name } from '../names/name.ts';
import type { Contact, DirectoryUser } from '../person.ts';

/** People of one side who are spelled exactly alike; names are compared once for all of them. */
export interface UserGroup {
  readonly name: Name;
  readonly users: DirectoryUser[];
  /** Contacts with the same full name, nothing speaking against it. */
  full: readonly ContactGroup[];
}

export interface ContactGroup {
  /** As it is written. */
  readonly written: string;
  /** By id, so that what is cut off of a very long list does not depend on the order of the batch. */
  readonly staff: readonly Contact[];
  readonly others: readonly Contact[];
  /** Directory users with the same full name: how many, and the last spelling of them. */
  users: number;
  spelling: UserGroup | null;
}

/** A user and a staff contact whose names may be one person's, and how they agree. */
export interface LooseHit {
  readonly contact: Contact;
  readonly agreement: Agreement;
  /** No user has the full name of the contact, so it may be somebody's whose name is spelled otherwise. */
  readonly isStray: boolean;
}

export interface LooseHits {
  /** For every user in question: staff contacts that are free, or anybody's for a user who has none yet. */
  readonly byUser: ReadonlyMap<string, readonly LooseHit[]>;
  /** For contacts that a user has claimed: users who have none yet, and whose full name no contact has. */
  readonly byContact: ReadonlyMap<string, readonly DirectoryUser[]>;
}

/** Who is nobody's yet after the strong rules. */
export interface LeftOver {
  isUnresolved(user: DirectoryUser): boolean;
  isFree(contact: Contact): boolean;
  /** A user's, but by nothing more than the name. */
  isByName(contact: Contact): boolean;
}

export interface NameJoin {
  nameOfUser(user: DirectoryUser): Name;
  nameOfContact(contact: Contact): Name;
  groupOf(user: DirectoryUser): UserGroup;
  /** The one user with the full name of the contact, where each side has it once. */
  ownerOf(contact: Contact): DirectoryUser | null;
  /**
   * Names that may be one person's: those of users without a claim with all staff contacts, and those of the other users
   * with the contacts that are free. An Arabic contact that a user has by its name alone counts as free, for in the other
   * script another name may be the same. What has the same full name is not among them. One pass for all.
   */
  looseHits(leftOver: LeftOver): LooseHits;
}

interface Spelling {
  readonly written: string;
  readonly name: Name;
}

/** A key under which more spellings meet than this says nothing; its names count as ambiguous. */
const MOST_IN_BLOCK = 500;

/** Of more hits for one user than this the rest is left out: they help nobody to decide. */
const MOST_HITS = 100;

const NO_GROUPS: readonly ContactGroup[] = [];

/** Brings the names of both sides together by hash: no pair is looked at that shares no key. */
export function joinNames(users: readonly DirectoryUser[], contacts: readonly Contact[]): NameJoin {
  const readName = readStaffOnce(createNameReader(), contacts);
  const userGroups = new Map<string, UserGroup>();
  for (const user of users) {
    const group = userGroups.get(user.displayName);
    if (group === undefined)
      userGroups.set(user.displayName, { name: readName(user.displayName), users: [user], full: NO_GROUPS });
    else group.users.push(user);
  }
  const groups = [...userGroups.values()];
  const byName = groupByName(contacts);
  const matchedNames = joinFull(groups, byName, readName);
  return {
    nameOfUser: (user) => userGroups.get(user.displayName)?.name ?? readName(user.displayName),
    nameOfContact: (contact) => readName(contact.name),
    groupOf: (user) =>
      userGroups.get(user.displayName) ?? {
        name: readName(user.displayName),
        users: [user],
        full: NO_GROUPS,
      },
    ownerOf: (contact) => {
      const group = matchedNames.get(contact.name);
      if (group?.users !== 1 || group.staff.length !== 1) return null;
      const { full, users: owners } = group.spelling ?? { full: NO_GROUPS, users: [] };
      return full.filter(({ staff }) => staff.length > 0).length === 1 ? (owners[0] ?? null) : null;
    },
    looseHits: (leftOver) => joinLoosely(groups, byName, matchedNames, readName, leftOver),
  };
}

/** The names of staff contacts are asked for again and again; those of customers are many, and hardly ever asked for. */
function readStaffOnce(
  readName: (text: string) => Name,
  contacts: readonly Contact[],
): (text: string) => Name {
  const staff = new Map<string, Name | null>();
  for (const contact of contacts) if (contact.staff) staff.set(contact.name, null);
  return (text) => {
    const known = staff.get(text);
    if (known === undefined) return readName(text);
    if (known !== null) return known;
    const name = readName(text);
    staff.set(text, name);
    return name;
  };
}

/** Most names are met once: they stand here without an array. */
function groupByName(contacts: readonly Contact[]): ReadonlyMap<string, Contact | Contact[]> {
  const byName = new Map<string, Contact | Contact[]>();
  for (const contact of contacts) {
    const known = byName.get(contact.name);
    if (known === undefined) byName.set(contact.name, contact);
    else if (Array.isArray(known)) known.push(contact);
    else byName.set(contact.name, [known, contact]);
  }
  return byName;
}

function membersOf(contacts: Contact | Contact[]): readonly Contact[] {
  return Array.isArray(contacts) ? contacts : [contacts];
}

function contactGroupOf(written: string, contacts: Contact | Contact[]): ContactGroup {
  const members = membersOf(contacts);
  const sorted = members.length > 1 ? members.toSorted(byId) : members;
  return {
    written,
    staff: sorted.filter((contact) => contact.staff),
    others: sorted.filter((contact) => !contact.staff),
    users: 0,
    spelling: null,
  };
}

/** Fills the groups; the answer is the groups of contacts by the names that users have, too. */
function joinFull(
  groups: readonly UserGroup[],
  byName: ReadonlyMap<string, Contact | Contact[]>,
  readName: (text: string) => Name,
): ReadonlyMap<string, ContactGroup> {
  const matchedNames = new Map<string, ContactGroup>();
  const buckets = new Buckets();
  groups.forEach((group, index) => eachKey(group.name, (hash) => buckets.add(hash, index)));
  const met = new Set<number>();
  for (const [written, contacts] of byName) {
    const name = readName(written);
    met.clear();
    let isCrowded = false;
    eachKey(name, (hash) => {
      isCrowded = !buckets.gather(hash, MOST_IN_BLOCK, met) || isCrowded;
    });
    let group: ContactGroup | null = null;
    for (const index of met) {
      const user = groups[index];
      if (user === undefined) continue;
      const { strength, conflict } = compareNames(user.name, name);
      if (strength !== 'full' || conflict !== null) continue;
      group ??= contactGroupOf(written, contacts);
      user.full = [...user.full, group];
      group.users += user.users.length;
      group.spelling = user;
    }
    // So many spellings of one name: nobody among them is unique.
    if (isCrowded && group !== null) group.users += MOST_IN_BLOCK;
    if (group !== null) matchedNames.set(written, group);
  }
  return matchedNames;
}

function joinLoosely(
  groups: readonly UserGroup[],
  byName: ReadonlyMap<string, Contact | Contact[]>,
  matchedNames: ReadonlyMap<string, ContactGroup>,
  readName: (text: string) => Name,
  { isUnresolved, isFree, isByName }: LeftOver,
): LooseHits {
  const open = groups.map(({ users }) => users.some(isUnresolved));
  const unresolved = new Buckets();
  groups.forEach((group, index) => {
    if (open[index] === true) eachLooseKey(group.name, 'stored', (hash) => unresolved.add(hash, index));
  });
  const free: (Spelling & { readonly staff: readonly Contact[] })[] = [];
  const freeContacts = new Buckets();
  const found = new Map<number, LooseHit[]>();
  const byContact = new Map<string, DirectoryUser[]>();
  const met = new Set<number>();
  const meet = (index: number, { written, name }: Spelling, staff: readonly Contact[]): void => {
    const group = groups[index];
    if (group === undefined || group.full.some((contacts) => contacts.written === written)) return;
    const { agreement, conflict } = compareNames(group.name, name);
    if (agreement === null || conflict !== null) return;
    const hits = found.get(index) ?? [];
    const isArabic = group.name.isArabic || name.isArabic;
    const isMet = group.full.some((contacts) => contacts.staff.length > 0);
    for (const contact of staff) {
      const isAnybodys = agreement === 'consonants' && isByName(contact);
      if (!isAnybodys && !isFree(contact) && open[index] !== true) continue;
      const isStray = !isArabic && !matchedNames.has(written);
      hits.push({ contact, agreement, isStray });
      if (isFree(contact) || (!isAnybodys && (isArabic || isMet))) continue;
      const rivals = byContact.get(contact.id) ?? [];
      if (rivals.length < MOST_HITS)
        rivals.push(...(isAnybodys ? group.users : group.users.filter(isUnresolved)));
      byContact.set(contact.id, rivals);
    }
    if (hits.length > 0) found.set(index, hits);
  };

  for (const [written, contacts] of byName) {
    const staff = membersOf(contacts).filter((contact) => contact.staff);
    if (staff.length === 0) continue;
    const name = readName(written);
    met.clear();
    eachLooseKey(name, 'sought', (hash) => void unresolved.gather(hash, MOST_IN_BLOCK, met));
    for (const index of met) meet(index, { written, name }, staff);
    const own = staff.filter((contact) => isFree(contact) || (name.mayBeArabic && isByName(contact)));
    if (own.length === 0) continue;
    eachLooseKey(name, 'stored', (hash) => freeContacts.add(hash, free.length));
    free.push({ written, name, staff: own });
  }
  groups.forEach(({ name }, index) => {
    if (open[index] === true) return;
    met.clear();
    eachLooseKey(name, 'sought', (hash) => void freeContacts.gather(hash, MOST_IN_BLOCK, met));
    for (const place of met) {
      const one = free[place];
      if (one !== undefined) meet(index, one, one.staff);
    }
  });

  const byUser = new Map<string, readonly LooseHit[]>();
  for (const [index, hits] of found) {
    const best = hits.toSorted((one, other) => byId(one.contact, other.contact)).slice(0, MOST_HITS);
    for (const { id } of groups[index]?.users ?? []) byUser.set(id, best);
  }
  return { byUser, byContact };
}

function byId(one: Contact, other: Contact): number {
  return one.id < other.id ? -1 : 1;
}
