import type { Device, Domain, License, Role, User } from './rows.ts';

/** Finds ids by a key; several ids may share one, since loaded data need not obey the rules. */
interface Index {
  add(key: string, id: string): void;
  remove(key: string, id: string): void;
  get(key: string): ReadonlySet<string>;
}

/** The keys under which a row is found; an empty key is not indexed. */
type KeysOf<T> = (row: T) => Record<string, readonly string[]>;

/** Rows by id, with indexes. Rows are never changed in place: a change puts a new object. */
export interface Table<T> {
  get(id: string): T | undefined;
  put(row: T): void;
  drop(id: string): void;
  values(): IterableIterator<T>;
  readonly size: number;
  /** The ids of the rows that bear this key in this index; an unknown index is an error. */
  find(index: string, key: string): ReadonlySet<string>;
}

/** All rows of the directory, and the counters for new ids. */
export interface Store {
  readonly users: Table<User>;
  /** Without the personal roles, which follow from the users. */
  readonly roles: Table<Role>;
  readonly licenses: Table<License>;
  readonly devices: Table<Device>;
  domain: Domain;
  /** Grows with every change; what is derived from the rows is good as long as it stands still. */
  revision(): number;
  /** The next id of the one sequence that users and roles share. */
  nextSubjectId(): string;
  nextDeviceId(): string;
}

const EMPTY: ReadonlySet<string> = new Set();

/** Most keys have one id; only those with more get a set, which keeps large directories small. */
function createIndex(): Index {
  const ids = new Map<string, string | Set<string>>();
  return {
    add: (key, id) => {
      const known = ids.get(key);
      if (known === undefined) ids.set(key, id);
      else if (typeof known !== 'string') known.add(id);
      else if (known !== id) ids.set(key, new Set([known, id]));
    },
    remove: (key, id) => {
      const known = ids.get(key);
      if (known === id) ids.delete(key);
      else if (known instanceof Set) {
        known.delete(id);
        if (known.size === 0) ids.delete(key);
      }
    },
    get: (key) => {
      const known = ids.get(key);
      if (known === undefined) return EMPTY;
      return typeof known === 'string' ? new Set([known]) : known;
    },
  };
}

function createTable<T extends { id: string }>(
  keysOf: KeysOf<T>,
  indexNames: readonly string[],
  changed: () => void,
): Table<T> {
  const rows = new Map<string, T>();
  const indexes = new Map(indexNames.map((name) => [name, createIndex()]));

  const eachKey = (row: T, act: (index: Index, key: string) => void): void => {
    for (const [name, keys] of Object.entries(keysOf(row))) {
      const index = indexes.get(name);
      if (index === undefined) throw new Error(`No index is called ${name}.`);
      for (const key of keys) if (key !== '') act(index, key);
    }
  };
  const drop = (id: string): void => {
    const row = rows.get(id);
    if (row === undefined) return;
    eachKey(row, (index, key) => index.remove(key, id));
    rows.delete(id);
    changed();
  };

  return {
    get: (id) => rows.get(id),
    put: (row) => {
      const before = rows.get(row.id);
      if (before !== undefined) eachKey(before, (index, key) => index.remove(key, row.id));
      rows.set(row.id, row);
      eachKey(row, (index, key) => index.add(key, row.id));
      changed();
    },
    drop,
    values: () => rows.values(),
    get size() {
      return rows.size;
    },
    find: (name, key) => {
      const index = indexes.get(name);
      if (index === undefined) throw new Error(`No index is called ${name}.`);
      return index.get(key);
    },
  };
}

/** Creates an empty directory. */
export function createStore(): Store {
  let revision = 0;
  let lastSubjectId = 0n;
  let lastDeviceId = 0n;
  const changed = (): void => {
    revision += 1;
  };
  const users = createTable<User>(
    (user) => ({
      username: [user.username.toLowerCase()],
      extension: [user.extension],
      email: [user.email.toLowerCase()],
      license: user.license.map((grant) => grant.id),
      role: user.roles.map((role) => role.id),
      device: [user.device?.id ?? ''],
      contact: [user.contact?.id ?? ''],
    }),
    ['username', 'extension', 'email', 'license', 'role', 'device', 'contact'],
    changed,
  );
  const roles = createTable<Role>((role) => ({ name: [role.name.toLowerCase()] }), ['name'], changed);
  const licenses = createTable<License>(() => ({}), [], changed);
  const devices = createTable<Device>(
    (device) => ({
      account: [device.account.toLowerCase()],
      mac: [device.mac.toLowerCase()],
      ip: [device.ip],
      owner: [device.user?.id ?? ''],
    }),
    ['account', 'mac', 'ip', 'owner'],
    changed,
  );

  return {
    users: {
      ...users,
      get size() {
        return users.size;
      },
      put: (user) => {
        lastSubjectId = larger(lastSubjectId, user.id);
        users.put(user);
      },
    },
    roles: {
      ...roles,
      get size() {
        return roles.size;
      },
      put: (role) => {
        lastSubjectId = larger(lastSubjectId, role.id);
        roles.put(role);
      },
    },
    licenses,
    devices: {
      ...devices,
      get size() {
        return devices.size;
      },
      put: (device) => {
        lastDeviceId = larger(lastDeviceId, device.id);
        devices.put(device);
      },
    },
    domain: { dc: '1', domain: 'example.test' },
    revision: () => revision,
    nextSubjectId: () => String(lastSubjectId + 1n),
    nextDeviceId: () => String(lastDeviceId + 1n),
  };
}

function larger(a: bigint, b: string): bigint {
  return BigInt(b) > a ? BigInt(b) : a;
}
