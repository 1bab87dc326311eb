import type { Name } from '../names/name.ts';
import type { Contact, DirectoryUser } from '../person.ts';

/** People of one side who are spelled exactly alike; names are compared once for all of them. */
export interface UserGroup {
  readonly name: Name;
  readonly users: readonly DirectoryUser[];
  /** Contacts with the same full name, nothing speaking against it. */
  readonly full: readonly ContactGroup[];
}

const NOBODY: readonly never[] = [];

/** A group as it is filled; most hold one user and meet one spelling of contacts. */
export class Users implements UserGroup {
  readonly name: Name;
  #users: DirectoryUser | DirectoryUser[];
  #full: ContactGroup | ContactGroup[] | null = null;

  constructor(name: Name, user: DirectoryUser) {
    this.name = name;
    this.#users = user;
  }

  add(user: DirectoryUser): void {
    if (Array.isArray(this.#users)) this.#users.push(user);
    else this.#users = [this.#users, user];
  }

  meet(contacts: ContactGroup): void {
    if (this.#full === null) this.#full = contacts;
    else if (Array.isArray(this.#full)) this.#full.push(contacts);
    else this.#full = [this.#full, contacts];
  }

  get users(): readonly DirectoryUser[] {
    return Array.isArray(this.#users) ? this.#users : [this.#users];
  }

  get full(): readonly ContactGroup[] {
    if (this.#full === null) return NOBODY;
    return Array.isArray(this.#full) ? this.#full : [this.#full];
  }
}

/** Contacts that are spelled exactly alike. */
export class ContactGroup {
  /** As it is written. */
  readonly written: string;
  /** Directory users with the same full name: how many, and the last spelling of them. */
  users = 0;
  spelling: UserGroup | null = null;
  #contacts: Contact | Contact[];
  #name: Name | null = null;

  constructor(contact: Contact) {
    this.written = contact.name;
    this.#contacts = contact;
  }

  add(contact: Contact): void {
    if (Array.isArray(this.#contacts)) this.#contacts.push(contact);
    else this.#contacts = [this.#contacts, contact];
  }

  /** By id, so that what is cut off of a very long list does not depend on the order of the batch. */
  get staff(): readonly Contact[] {
    if (!Array.isArray(this.#contacts)) return this.#contacts.staff ? [this.#contacts] : NOBODY;
    return this.#contacts.filter((contact) => contact.staff).toSorted(byId);
  }

  get others(): readonly Contact[] {
    if (!Array.isArray(this.#contacts)) return this.#contacts.staff ? NOBODY : [this.#contacts];
    return this.#contacts.filter((contact) => !contact.staff).toSorted(byId);
  }

  /** The one staff contact; `null` when there is none, or more than one. */
  get onlyStaff(): Contact | null {
    if (!Array.isArray(this.#contacts)) return this.#contacts.staff ? this.#contacts : null;
    const [first = null, second] = this.staff;
    return second === undefined ? first : null;
  }

  get hasStaff(): boolean {
    return Array.isArray(this.#contacts)
      ? this.#contacts.some((contact) => contact.staff)
      : this.#contacts.staff;
  }

  /** The names of staff are asked for again and again; those of customers are many, and hardly ever asked for. */
  read(readName: (text: string) => Name): Name {
    if (this.#name !== null) return this.#name;
    const name = readName(this.written);
    if (this.hasStaff) this.#name = name;
    return name;
  }

  /** Forgets the name that was read: it can be read again. */
  forget(): void {
    this.#name = null;
  }
}

export function byId(one: Contact, other: Contact): number {
  return one.id < other.id ? -1 : 1;
}
