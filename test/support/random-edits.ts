import type { Random } from '../../src/sandbox/kit/random.ts';
import type { Row } from '../../src/sandbox/types.ts';
import {
  directoryUser,
  directoryUsers,
  inCrm,
  inDirectory,
  isDeleted,
  lookupId,
  type Held,
} from './two-sides.ts';
import { contact, guid, textOf, user, type World } from './world.ts';

const CONSONANTS = 'б в г д з к л м н п р с т'.split(' ');
const VOWELS = 'а е и о у'.split(' ');
const PRODUCTS = ['CALL_CENTER', 'CHAT'];
const ROLES = ['900', '901', '902'];
const SERIALS: Readonly<Record<string, string>> = { CALL_CENTER: 'S-CC', CHAT: 'S-CHAT' };

/** What an administrator of the CRM wants of one person: what the CRM's section says since the last edit there. */
export interface Wanted extends Held {
  recordId: string;
  crmUserId: string;
  active: boolean;
  /** Somebody took the user away in the directory. */
  isGone: boolean;
}

/**
 * Edits of both sides as people make them, and what is to come of them: everything that the CRM owns ends as its
 * administrator wrote it last, whatever happens in the directory.
 */
export interface Office {
  /** By telephony record. */
  readonly wanted: Map<string, Wanted>;
  /** Makes one edit; answers what it was and the records that a webhook would name. */
  edit(): { readonly what: string; readonly records: readonly string[] };
  /** Takes people into the office whom an import has brought from the directory. */
  welcome(): void;
}

export function openOffice(world: World, random: Random): Office {
  const wanted = new Map<string, Wanted>();
  let next = 1000;
  const fresh = (): number => (next += 1);
  /** A name like nobody else's: namesakes are another test's subject. */
  const freshName = (): string => {
    const word = (): string =>
      Array.from({ length: 4 }, () => random.pick(CONSONANTS) + random.pick(VOWELS)).join('');
    const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
    return `${capital(word())} ${capital(word())}`;
  };

  const alive = (): Wanted[] => [...wanted.values()].filter(({ isGone }) => !isGone);
  const pick = (): Wanted => random.pick(alive());
  const userIdOf = (one: Wanted): string =>
    textOf(world.rows('UsrWebitelUser').find((row) => row['Id'] === one.recordId)?.['UsrExternalId']);
  const column = (one: Wanted, changes: Row): void => {
    world.creatio.updateRow('UsrWebitelUser', one.recordId, changes);
  };
  const detail = (one: Wanted, key: string, isLicence: boolean): void => {
    const set = isLicence ? one.licences : one.roles;
    const table = isLicence ? 'UsrWebitelUserLicense' : 'UsrWebitelUserRole';
    const item = isLicence ? 'UsrLicenseId' : 'UsrRoleId';
    const itemId = isLicence
      ? lookupId(world, 'UsrWebitelLicense', 'Code', key)
      : lookupId(world, 'UsrWebitelRole', 'UsrExternalId', key);
    if (set.includes(key)) {
      set.splice(set.indexOf(key), 1);
      for (const row of world.rows(table))
        if (row['UsrWebitelUserId'] === one.recordId && row[item] === itemId)
          world.creatio.deleteRow(table, textOf(row['Id']));
    } else {
      set.push(key);
      world.creatio.insertRow(table, { UsrWebitelUserId: one.recordId, [item]: itemId });
    }
    set.sort();
  };
  const add = (crmUserId: string, login: string, name: string): Wanted => {
    const extension = String(fresh());
    const row = world.creatio.insertRow('UsrWebitelUser', {
      UsrUserId: crmUserId,
      UsrExtension: extension,
      UsrActive: true,
    });
    const one: Wanted = {
      recordId: textOf(row['Id']),
      crmUserId,
      active: true,
      isGone: false,
      login,
      name,
      email: '',
      chat: '',
      extension,
      licences: [],
      roles: [],
    };
    wanted.set(one.recordId, one);
    if (random.chance(0.7)) detail(one, random.pick(PRODUCTS), true);
    if (random.chance(0.5)) detail(one, random.pick(ROLES), false);
    return one;
  };

  const swap = (which: 'login' | 'extension', people: readonly Wanted[]): void => {
    const values = people.map((one) => one[which]);
    const name = which === 'login' ? 'UsrUsername' : 'UsrExtension';
    // The CRM's own index lets nobody have a value twice, not even for a moment.
    for (const [index, one] of people.entries())
      column(one, { [name]: which === 'login' ? `moving${String(index)}` : '' });
    for (const [index, one] of people.entries()) {
      one[which] = values[(index + 1) % values.length] ?? '';
      column(one, { [name]: one[which] });
    }
  };
  /** An edit in the directory by somebody else; one that the product itself refuses does not happen. */
  const elsewhere = (one: Wanted, changes: Row): void => {
    const id = userIdOf(one);
    const known = directoryUser(world, id);
    if (known === undefined || isDeleted(known)) return;
    try {
      world.webitel.updateRow('users', id, changes);
    } catch (error) {
      if (!/conflict|exists|exhausted/i.test(String(error))) throw error;
    }
  };

  const kinds: Readonly<Record<string, () => readonly Wanted[]>> = {
    name: () => {
      const one = pick();
      one.name = freshName();
      column(one, { UsrName: one.name });
      return [one];
    },
    login: () => {
      const one = pick();
      one.login = `login${String(fresh())}`;
      column(one, { UsrUsername: one.login });
      return [one];
    },
    extension: () => {
      const one = pick();
      one.extension = random.chance(0.2) ? '' : String(fresh());
      column(one, { UsrExtension: one.extension });
      return [one];
    },
    mail: () => {
      const one = pick();
      one.email = random.chance(0.2) ? '' : `mail${String(fresh())}@example.test`;
      column(one, { UsrEmail: one.email });
      return [one];
    },
    chat: () => {
      const one = pick();
      one.chat = random.chance(0.2) ? '' : `chat${String(fresh())}`;
      column(one, { UsrChatName: one.chat });
      return [one];
    },
    licence: () => {
      const one = pick();
      detail(one, random.pick(PRODUCTS), true);
      return [one];
    },
    role: () => {
      const one = pick();
      detail(one, random.pick(ROLES), false);
      return [one];
    },
    active: () => {
      const one = pick();
      one.active = !one.active;
      column(one, { UsrActive: one.active });
      return [one];
    },
    stun: () => {
      const one = pick();
      column(one, { UsrEnableStun: random.chance(0.5) });
      return [one];
    },
    swapExtensions: () => {
      const some = random.shuffle(alive()).slice(0, random.int(2, 3));
      swap('extension', some);
      return some;
    },
    swapLogins: () => {
      const some = random.shuffle(alive()).slice(0, random.int(2, 3));
      swap('login', some);
      return some;
    },
    add: () => {
      const number = fresh();
      const [contactId, crmUserId] = [guid(number), guid(number + 500_000)];
      const name = freshName();
      world.creatio.insertRow('Contact', contact(contactId, name));
      world.creatio.insertRow('SysAdminUnit', {
        Id: crmUserId,
        Name: `new${String(number)}`,
        ContactId: contactId,
        SysAdminUnitTypeValue: 4,
        SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
      });
      return [add(crmUserId, `new${String(number)}`, name)];
    },
    remove: () => {
      if (alive().length < 8) return [];
      const one = pick();
      wanted.delete(one.recordId);
      world.creatio.deleteRow('UsrWebitelUser', one.recordId);
      return [one];
    },
    removeAndAddAgain: () => {
      const one = pick();
      if (one.crmUserId === '') return [];
      wanted.delete(one.recordId);
      world.creatio.deleteRow('UsrWebitelUser', one.recordId);
      const unit = world.rows('SysAdminUnit').find((row) => row['Id'] === one.crmUserId);
      const owner = world.rows('Contact').find((row) => row['Id'] === unit?.['ContactId']);
      const login = textOf(unit?.['Name']);
      const isTaken = [...wanted.values()].some((other) => other.login === login);
      const again = add(one.crmUserId, login, textOf(owner?.['Name']));
      // Others may have got the login meanwhile; then the old one stays.
      if (isTaken) {
        again.login = one.login;
        column(again, { UsrUsername: one.login });
      }
      return [one, again];
    },
    directoryName: () => {
      const one = pick();
      elsewhere(one, { name: freshName() });
      return [one];
    },
    directoryExtension: () => {
      const one = pick();
      const free = random.chance(0.5) ? String(fresh()) : '';
      elsewhere(one, { extension: free });
      return [one];
    },
    directoryLogin: () => {
      const one = pick();
      elsewhere(one, { username: `other${String(fresh())}` });
      return [one];
    },
    /** What one has in the CRM is given to another in the directory. */
    directoryTheft: () => {
      const [from, to] = random.shuffle(alive());
      if (from === undefined || to === undefined || from.extension === '') return [];
      elsewhere(from, { extension: '' });
      elsewhere(to, { extension: from.extension });
      return [to];
    },
    directoryGrants: () => {
      const one = pick();
      const held = inDirectory(world, userIdOf(one));
      if (held === null) return [];
      const toggled = (set: readonly string[], key: string): string[] =>
        set.includes(key) ? set.filter((other) => other !== key) : [...set, key];
      elsewhere(one, {
        license: toggled(held.licences, random.pick(PRODUCTS)).map((product) => ({
          id: SERIALS[product] ?? '',
        })),
        roles: toggled(held.roles, random.pick(ROLES)).map((id) => ({ id })),
      });
      return [one];
    },
    directoryRemoval: () => {
      const one = pick();
      const id = userIdOf(one);
      const known = directoryUser(world, id);
      if (alive().length < 8 || known === undefined || isDeleted(known)) return [];
      one.isGone = true;
      world.webitel.updateRow('users', id, { deleted_at: '1700000000000' });
      return [one];
    },
    directoryAddition: () => {
      const number = fresh();
      world.webitel.insertRow(
        'users',
        // Far apart, since those whom the product adds get the next ids.
        user(String(900_000 + number * 1000), freshName(), {
          username: `came${String(number)}`,
          extension: String(fresh()),
          license: random.chance(0.5) ? [{ id: 'S-CC' }] : [],
          roles: random.chance(0.5) ? [{ id: random.pick(ROLES) }] : [],
        }),
      );
      return [];
    },
  };
  const names = Object.keys(kinds);

  return {
    wanted,
    edit() {
      const what = random.pick(names);
      const people = kinds[what]?.() ?? [];
      return {
        what: `${what} ${people.map(({ login }) => login).join(' ')}`,
        records: people.map(({ recordId }) => recordId),
      };
    },
    welcome() {
      for (const row of world.rows('UsrWebitelUser')) {
        const recordId = textOf(row['Id']);
        const held = inCrm(world, recordId);
        if (wanted.has(recordId) || held === null) continue;
        wanted.set(recordId, {
          ...held,
          recordId,
          crmUserId: textOf(row['UsrUserId']),
          active: row['UsrActive'] === true,
          isGone: false,
        });
      }
    },
  };
}

/** Users of the directory whom no wish of the office accounts for; our own account is not one of them. */
export function strayUsers(world: World, office: Office): string[] {
  const known = new Set(
    world
      .rows('UsrWebitelUser')
      .filter((row) => office.wanted.has(textOf(row['Id'])))
      .map((row) => row['UsrExternalId']),
  );
  return directoryUsers(world)
    .filter((row) => !isDeleted(row) && row['id'] !== '1' && !known.has(row['id'] ?? ''))
    .map((row) => `${textOf(row['id'])} ${textOf(row['username'])}`);
}
