import type { Random } from '../random.ts';
import { SHARED_MAILBOXES } from '../tables/noise.ts';
import type { Entry, Person, SharedEvidence } from '../types.ts';
import { createRegister, otherNotation, type Register } from './addresses.ts';

/** What an entry has beside the name. */
export type Details = { -readonly [K in 'login' | 'email' | 'phone' | 'extension']?: NonNullable<Entry[K]> };

export interface PersonDetails {
  readonly left: Details;
  readonly right: Details;
  readonly shared: SharedEvidence;
}

const CLASSES: Readonly<Record<SharedEvidence, number>> = {
  none: 38,
  'e-mail': 24,
  login: 16,
  'extension or phone': 22,
};

/** What people have beside their names, and the traps of real lists: shared mailboxes, reused logins, stale numbers. */
export function createDetails(people: readonly Person[], random: Random): PersonDetails[] {
  const register = createRegister(random);
  const all = people.map((person) => detailsOf(person, register, random));
  const families = new Map<number, PersonDetails[]>();
  people.forEach(({ family }, index) => {
    const details = all[index];
    if (family === null || details === undefined) return;
    const members = families.get(family);
    if (members === undefined) families.set(family, [details]);
    else members.push(details);
  });
  for (const members of families.values()) shareInFamily(members, random);
  setTraps(all, random);
  return all;
}

function detailsOf(person: Person, register: Register, random: Random): PersonDetails {
  const left: Details = { login: register.login(person) };
  const right: Details = {};
  const shared = random.weighted(CLASSES);
  const extension = random.chance(0.7) ? register.extension() : undefined;
  if (extension !== undefined) left.extension = extension;

  if (shared === 'e-mail') left.email = right.email = register.email(person);
  else if (random.chance(0.35)) left.email = register.email(person);
  if (shared !== 'e-mail' && random.chance(0.3)) right.email = register.privateEmail(person);

  if (shared === 'login') right.login = inOtherCase(left.login ?? '', random);
  else if (random.chance(0.1)) right.login = register.otherLogin(person);

  const phone = register.phone();
  if (shared === 'extension or phone') {
    if (extension !== undefined && random.chance(0.8)) right.extension = extension;
    else {
      left.phone = phone;
      right.phone = otherNotation(phone, random);
    }
  } else {
    if (random.chance(0.15)) left.phone = phone;
    if (random.chance(0.5)) right.phone = otherNotation(register.phone(), random);
  }
  return { left, right, shared };
}

function inOtherCase(login: string, random: Random): string {
  return random.chance(0.15) ? login.toUpperCase() : login;
}

/** Relatives share a mailbox, a room, a telephone. */
function shareInFamily(members: readonly PersonDetails[], random: Random): void {
  const [first] = members;
  if (first === undefined) return;
  const sharesMail = random.chance(0.12);
  const sharesRoom = random.chance(0.15);
  const sharesPhone = random.chance(0.2);
  for (const { left, right } of members.slice(1)) {
    if (sharesMail && first.right.email !== undefined) right.email = first.right.email;
    if (sharesMail && first.left.email !== undefined && random.chance(0.5)) left.email = first.left.email;
    if (sharesRoom && first.left.extension !== undefined) {
      if (left.extension === right.extension) right.extension = first.left.extension;
      left.extension = first.left.extension;
    }
    if (sharesPhone && first.right.phone !== undefined) right.phone = first.right.phone;
  }
}

function setTraps(all: readonly PersonDetails[], random: Random): void {
  const rooms: string[] = [];
  for (const { left, right } of all) {
    const other = random.pick(all);
    // Several people in one room, on one telephone.
    if (left.extension !== undefined && random.chance(0.06)) {
      const room = rooms.length > 3 && random.chance(0.6) ? random.pick(rooms) : left.extension;
      rooms.push(room);
      if (right.extension === left.extension) right.extension = room;
      left.extension = room;
    }
    // A mailbox of a department stands as the address of one of its people.
    if (random.chance(0.01)) left.email = sharedMailbox(random);
    if (random.chance(0.01)) right.email = sharedMailbox(random);
    // The address, the login or the number of somebody who had the place before, or who keeps the list.
    if (random.chance(0.003) && other.left.email !== undefined) right.email = other.left.email;
    if (random.chance(0.002) && right.login === undefined && other.left.login !== undefined)
      right.login = other.left.login;
    if (right.extension === undefined && random.chance(0.08) && other.left.extension !== undefined)
      right.extension = other.left.extension;
  }
}

function sharedMailbox(random: Random): string {
  const box = random.pick(SHARED_MAILBOXES);
  return `${box}${random.chance(0.7) ? random.below(60) : ''}@corp.example`;
}
