import { compareNames, type Agreement } from '../names/compare.ts';
import { Buckets, Gathered } from '../names/hash.ts';
import { eachLooseKey } from '../names/lookup.ts';
import type { Name } from '../names/name.ts';
import type { Contact, DirectoryUser } from '../person.ts';
import { eachInSteps, type Steps } from '../steps.ts';
import { byId, type ContactGroup, type UserGroup } from './groups.ts';

/** A user and a staff contact whose names may be one person's, and how they agree. */
export interface LooseHit {
  readonly contact: Contact;
  readonly agreement: Agreement;
  /** No user has the full name of the contact, so it may be somebody's whose name is spelled otherwise. */
  readonly isStray: boolean;
}

export interface LooseHits {
  /** For every user in question: staff contacts that are free, or not settled for a user who has none yet. */
  readonly byUser: ReadonlyMap<string, readonly LooseHit[]>;
  /** For contacts that a user has claimed: users who have none yet, and whose full name no contact has. */
  readonly byContact: ReadonlyMap<string, readonly DirectoryUser[]>;
}

/** Who is nobody's yet after the strong rules. */
export interface LeftOver {
  isUnresolved(user: DirectoryUser): boolean;
  /** Has a contact, but by nothing more than the name. */
  isByNameOnly(user: DirectoryUser): boolean;
  isFree(contact: Contact): boolean;
  /** One user's, and nobody else's, by more than the name: nobody need be asked whose it may be. */
  isSettled(contact: Contact): boolean;
  /** A user's, but by nothing more than the name. */
  isByName(contact: Contact): boolean;
}

/** The names of a group of users, by its place, and of contacts, which may be the same in Belarusian. */
export interface NearPair {
  readonly index: number;
  readonly contacts: ContactGroup;
}

/** The names of both sides, those that are the same brought together. */
export interface Joined {
  readonly groups: readonly UserGroup[];
  readonly contactGroups: ReadonlyMap<string, ContactGroup>;
  readonly readName: (text: string) => Name;
  readonly near: readonly NearPair[];
}

/** A key under which more spellings meet than this is not followed to the end. */
const MOST_IN_BLOCK = 500;

/** Of more hits for one user than this the rest is left out: they help nobody to decide. */
const MOST_HITS = 100;

/** See `NameJoin.looseHits`. */
export function* joinLoosely(
  { groups, contactGroups, readName, near }: Joined,
  leftOver: LeftOver,
): Steps<LooseHits> {
  const { isUnresolved, isByNameOnly, isSettled, isFree, isByName } = leftOver;
  const open = groups.map(({ users }) => users.some(isUnresolved));
  const unresolved = new Buckets(groups.length);
  groups.forEach((group, index) => {
    if (open[index] === true) eachLooseKey(group.name, 'stored', (hash) => unresolved.add(hash, index));
  });
  const free: ContactGroup[] = [];
  const freeContacts = new Buckets(contactGroups.size);
  const hits = createHits(groups, open, leftOver);
  const met = new Gathered(Math.max(groups.length, contactGroups.size));
  const amongUsers = (hash: number): void => void unresolved.gather(hash, MOST_IN_BLOCK, met);
  const amongContacts = (hash: number): void => void freeContacts.gather(hash, MOST_IN_BLOCK, met);

  yield* eachInSteps(contactGroups.values(), (contacts) => {
    if (contacts.staff.every(isSettled)) return;
    const name = contacts.read(readName);
    met.clear();
    eachLooseKey(name, 'sought', amongUsers);
    met.forEach((index) => hits.meet(index, contacts, name));
    if (!contacts.staff.some((contact) => isFree(contact) || (name.mayBeArabic && isByName(contact)))) return;
    eachLooseKey(name, 'stored', (hash) => freeContacts.add(hash, free.length));
    free.push(contacts);
  });
  yield* eachInSteps(groups.entries(), ([index, { name, users }]) => {
    if (open[index] === true || !users.some(isByNameOnly)) return;
    met.clear();
    eachLooseKey(name, 'sought', amongContacts);
    met.forEach((place) => {
      const contacts = free[place];
      if (contacts !== undefined) hits.meet(index, contacts, contacts.read(readName));
    });
  });
  for (const pair of near) hits.near(pair);
  return hits.all();
}

interface Hits {
  /** Both have somebody of their full name, and each may as well be the other's. */
  near(pair: NearPair): void;
  meet(index: number, contacts: ContactGroup, name: Name): void;
  all(): LooseHits;
}

function createHits(
  groups: readonly UserGroup[],
  open: readonly boolean[],
  { isUnresolved, isByNameOnly, isFree, isByName }: LeftOver,
): Hits {
  const found = new Map<number, LooseHit[]>();
  const byContact = new Map<string, DirectoryUser[]>();
  return {
    near: ({ index, contacts }) => {
      const users = groups[index]?.users.filter(isByNameOnly) ?? [];
      for (const contact of users.length > 0 ? contacts.staff.filter(isByName) : []) {
        push(found, index, { contact, agreement: 'akanye', isStray: true });
        for (const user of users) push(byContact, contact.id, user);
      }
    },
    meet: (index, contacts, name) => {
      const group = groups[index];
      if (group === undefined || group.full.includes(contacts)) return;
      const { agreement, conflict } = compareNames(group.name, name);
      if (agreement === null || conflict !== null) return;
      const isArabic = group.name.isArabic || name.isArabic;
      const isMet = group.full.some(({ hasStaff }) => hasStaff);
      // An Arabic name is somebody else's spelling of the contact's only where the consonants are what they share.
      const isStray = contacts.users === 0 && (!isArabic || agreement === 'consonants');
      for (const contact of contacts.staff) {
        const isAnybodys = agreement === 'consonants' && isByName(contact);
        if (!isAnybodys && !isFree(contact) && open[index] !== true) continue;
        push(found, index, { contact, agreement, isStray });
        if (isFree(contact) || (!isAnybodys && (isArabic || isMet))) continue;
        for (const user of group.users)
          if (isUnresolved(user) || (isAnybodys && isByNameOnly(user))) push(byContact, contact.id, user);
      }
    },
    all: () => {
      const byUser = new Map<string, readonly LooseHit[]>();
      found.forEach((hits, index) => {
        hits.sort((one, other) => byId(one.contact, other.contact));
        const best = hits.length > MOST_HITS ? hits.slice(0, MOST_HITS) : hits;
        for (const { id } of groups[index]?.users ?? []) byUser.set(id, best);
      });
      return { byUser, byContact };
    },
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
