import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import type { Contact, DirectoryUser } from '../person.ts';
import { Index } from './index-by.ts';

/** A telephone number, or an inner one, that a user and a contact have in common. */
export interface SharedNumber {
  readonly kind: 'extension' | 'phone';
  readonly directoryValue: string;
  readonly crmValue: string;
  /** Nobody else has it on either side. */
  readonly isAlone: boolean;
}

export interface Numbers {
  /** The contact that has a number of the user's, which nobody else has on either side. */
  contactOf(user: DirectoryUser): Contact | null;
  /** The user who has a number of the contact's, which nobody else has on either side. */
  userOf(contact: Contact): DirectoryUser | null;
  /** The number that both have; of several the one that nobody else has. */
  sharedBy(user: DirectoryUser, contact: Contact): SharedNumber | null;
}

/** Shorter numbers are inner ones, compared digit by digit; longer ones in E.164. */
const SHORTEST_PHONE = 7;

/** Numbers are compared by their last digits first, since reading one in E.164 costs something. */
const TAIL = 7;

const ZERO = '0'.charCodeAt(0);

/**
 * Compares telephone numbers of both sides. `country` is where numbers without a country code are (ISO 3166-1, two letters);
 * without it, such numbers are compared by their last nine digits.
 */
export function createNumbers(
  users: readonly DirectoryUser[],
  contacts: readonly Contact[],
  country: string | null,
): Numbers {
  const known = new Map<string, string>();
  const keyOf = (written: string): string => {
    let key = known.get(written);
    if (key === undefined) {
      key = e164(written, country);
      known.set(written, key);
    }
    return key;
  };
  let byTail: {
    readonly users: Index<DirectoryUser, number>;
    readonly contacts: Index<Contact, number>;
  } | null = null;
  const owners = (): NonNullable<typeof byTail> => {
    if (byTail === null) {
      byTail = { users: new Index(), contacts: new Index() };
      for (const user of users) {
        if (user.extension !== null) addOnce(byTail.users, user.extension, user);
        for (const phone of user.phones ?? []) addOnce(byTail.users, phone, user);
      }
      for (const contact of contacts)
        for (const phone of contact.phones) addOnce(byTail.contacts, phone, contact);
    }
    return byTail;
  };
  const isSameNumber = (one: string, other: string): boolean =>
    one === other || (tailOf(one) === tailOf(other) && isSame(keyOf(one), keyOf(other)));
  /** Both owners of the number, where each side has one. */
  const ownersOf = (written: string): { user: DirectoryUser; contact: Contact } | null => {
    const all = owners();
    const tail = tailOf(written);
    const [user, contact] = [all.users.only(tail), all.contacts.only(tail)];
    return user === null || contact === null ? null : { user, contact };
  };
  return {
    contactOf: (user) => {
      for (const mine of numbersOfUser(user)) {
        const found = ownersOf(mine);
        if (found?.contact.phones.some((phone) => isSameNumber(phone, mine)) === true) return found.contact;
      }
      return null;
    },
    userOf: (contact) => {
      for (const theirs of contact.phones) {
        const found = ownersOf(theirs);
        if (found !== null && numbersOfUser(found.user).some((mine) => isSameNumber(mine, theirs)))
          return found.user;
      }
      return null;
    },
    sharedBy: (user, contact) => {
      let shared: SharedNumber | null = null;
      for (const mine of numbersOfUser(user)) {
        const tail = tailOf(mine);
        if (tail === 0) continue;
        const theirs = contact.phones.find((phone) => isSameNumber(phone, mine));
        if (theirs === undefined) continue;
        shared = {
          kind: tail < SHORTEST_PHONE * 10 ** TAIL ? 'extension' : 'phone',
          directoryValue: mine,
          crmValue: theirs,
          isAlone: ownersOf(mine) !== null,
        };
        if (shared.isAlone) return shared;
      }
      return shared;
    },
  };
}

function numbersOfUser(user: DirectoryUser): readonly string[] {
  const phones = user.phones ?? [];
  return user.extension === null ? phones : [user.extension, ...phones];
}

/** Somebody who has a number in two notations has it once. */
function addOnce<T extends object>(index: Index<T, number>, written: string, owner: T): void {
  const tail = tailOf(written);
  if (tail !== 0 && !index.get(tail).includes(owner)) index.add(tail, owner);
}

function digitsOf(written: string): string {
  return /^\d*$/.test(written) ? written : written.replace(/\D/g, '');
}

/** The last digits as one number, how many there are in front, for the zeros; 0 when there are none. */
function tailOf(written: string): number {
  let count = 0;
  let value = 0;
  let weight = 1;
  for (let place = written.length - 1; place >= 0 && count < TAIL; place -= 1) {
    const digit = written.charCodeAt(place) - ZERO;
    if (digit < 0 || digit > 9) continue;
    value += digit * weight;
    weight *= 10;
    count += 1;
  }
  return count * 10 ** TAIL + value;
}

/** What is no number in its country, or says none, is compared without trunk prefix and country code. */
function isSame(one: string, other: string): boolean {
  return one.startsWith('+') && other.startsWith('+') ? one === other : one.slice(-9) === other.slice(-9);
}

function e164(written: string, country: string | null): string {
  const digits = digitsOf(written);
  if (digits.length < SHORTEST_PHONE) return digits;
  // Without a country and without a plus there is nothing to read it by.
  if (!isCountry(country) && !/[+＋]/u.test(written)) return digits;
  const number = parsePhoneNumberFromString(written, isCountry(country) ? country : undefined);
  return number?.isPossible() === true ? number.number : digits;
}

function isCountry(country: string | null): country is CountryCode {
  return country !== null && /^[A-Z]{2}$/u.test(country);
}
