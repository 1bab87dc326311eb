import { createRandom } from '../kit/random.ts';
import { DEFAULT_CULTURE } from './catalog/rows.ts';
import type { Edits } from './edits.ts';
import type { Client, ClientOptions } from './identity.ts';
import type { Account } from './sessions.ts';
import type { Store } from './store.ts';

/** Who may sign in, as the creator of a sandbox says it. */
export interface AccountOptions {
  login: string;
  password: string;
  /** Row of SysAdminUnit; without it, the user of that name, and if there is none, a new one. */
  userId?: string;
  /** Row of Contact; without it, the user's contact, and if there is none, a new one of the login's name. */
  contactId?: string;
}

/** The ids that Creatio's own first account has everywhere. */
const SUPERVISOR = {
  userId: '7f3b869f-34f3-4f20-ab4d-7480a5fdf647',
  contactId: '410006e1-ca4e-4502-a9ec-e54d922d2c00',
};

/** Finds the user and the contact of each account, and creates what is missing. */
export function resolveAccounts(
  accounts: readonly AccountOptions[],
  deps: { store: Store; edits: Edits; random: () => number },
): Account[] {
  const { store, edits } = deps;
  const newId = (): string => createRandom(Math.floor(deps.random() * 2 ** 32)).guid();

  return accounts.map(({ login, password, ...given }) => {
    const defaults = login === 'Supervisor' ? SUPERVISOR : undefined;
    const named = store
      .rows('SysAdminUnit')
      .find((row) => row['Name'] === login && row['SysAdminUnitTypeValue'] === 4);
    const userId = (given.userId ?? idOf(named?.['Id']) ?? defaults?.userId ?? newId()).toLowerCase();
    const user = store.get('SysAdminUnit', userId);
    const wanted = given.contactId ?? idOf(user?.['ContactId']) ?? defaults?.contactId ?? newId();
    const contactId = wanted.toLowerCase();
    if (store.get('Contact', contactId) === undefined) {
      edits.load({ Contact: [{ Id: contactId, Name: login }] });
    }
    if (user === undefined) {
      edits.load({
        SysAdminUnit: [{ Id: userId, Name: login, ContactId: contactId, SysCultureId: DEFAULT_CULTURE }],
      });
    }
    return { login, password, userId, contactId };
  });
}

/**
 * Finds the user that each OAuth client acts as.
 *
 * @throws Error that names the client, if its user is not there.
 */
export function resolveClients(
  clients: readonly ClientOptions[],
  accounts: readonly Account[],
  store: Store,
): Client[] {
  return clients.map(({ id, secret, userId }) => {
    const [first] = accounts;
    const user = userId === undefined ? undefined : store.get('SysAdminUnit', userId.toLowerCase());
    if (user !== undefined) {
      const account: Account = {
        login: String(user['Name']),
        // Nobody signs in with it: the client has a secret of its own.
        password: '',
        userId: String(user['Id']),
        contactId: idOf(user['ContactId']) ?? null,
      };
      return { id, secret, account };
    }
    if (userId === undefined && first !== undefined) return { id, secret, account: first };
    throw new Error(`The OAuth client ${id} of the Creatio sandbox acts as a user who is not in the data.`);
  });
}

/** The contact in whose name somebody else edits rows: the Supervisor's, if the site has one. */
export function otherEditor(store: Store): string | null {
  return store.get('Contact', SUPERVISOR.contactId) === undefined ? null : SUPERVISOR.contactId;
}

const idOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
