import type { CrmConnector, CrmRead, CrmRow, CrmWrite } from '../../src/app/ports/crm.ts';

/** What the entities that the contract works on are called in the product. */
export interface CrmNames {
  /** A telephony record. */
  readonly record: {
    readonly entity: string;
    /** Text, of limited length. */
    readonly name: string;
    /** Text without a limit. */
    readonly note: string;
    readonly active: string;
    /** Lookup to a contact. */
    readonly contact: string;
    /** Text that is unique within a directory. */
    readonly extension: string;
    /** Lookup to a directory. */
    readonly directory: string;
    /** A time. */
    readonly changedOn: string;
  };
  /** A contact; one that a record refers to cannot be deleted. */
  readonly contact: { readonly entity: string; /** Text, required. */ readonly name: string };
  readonly directory: { readonly entity: string; readonly name: string };
  /** A CRM user. */
  readonly crmUser: {
    readonly entity: string;
    /** Text of limited length. */
    readonly login: string;
    /** Lookup to a contact. */
    readonly contact: string;
    readonly active: string;
    /** Of a telephony record: the lookup to its CRM user, who cannot be deleted as long as it stands. */
    readonly ofRecord: string;
  };
}

/** A product that stands ready, with a connector to it that has not been used yet. */
export interface CrmStand {
  readonly connector: CrmConnector;
  readonly names: CrmNames;
  readonly account: { readonly login: string; readonly userId: string; readonly contactId: string };
  /** Edits by somebody else. */
  insert(entity: string, row: CrmRow): void;
  remove(entity: string, id: string): void;
  /** The rows as the product keeps them. */
  rows(entity: string): readonly Readonly<Record<string, unknown>>[];
  /** How many requests the product itself has counted. */
  requests(): number;
  /** From the n-th of the next requests of that kind on, the session is dead. */
  expire(disguise: string, when: 'read' | 'write' | 'user', nth: number): void;
  /** Takes the right to manage CRM users from our account. */
  forbidUsers(): void;
  /** The next write is carried out, and its answer is lost. */
  loseAnswer(): void;
  /** The next write is not carried out, and its connection breaks. */
  loseRequest(): void;
  close(): Promise<void>;
}

/** A GUID that is the same in each run of the tests. */
export function guid(n: number, group = 1): string {
  return `${group.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** What the tests of the contract share: the stand of the running test, and short words for what they do with it. */
export interface CrmBench {
  readonly stand: CrmStand;
  readonly crm: CrmConnector;
  /** Requests that were sent while `action` ran. */
  cost(action: () => Promise<unknown>): Promise<number>;
  /** Creates the n-th record. */
  record(n: number, values?: CrmWrite['values']): CrmWrite;
  change(n: number, values: CrmWrite['values']): CrmWrite;
  removal(n: number): CrmWrite;
  /** Creates the n-th CRM user, who may not sign in, of the n-th contact. */
  crmUser(n: number, values?: CrmWrite['values']): CrmWrite;
  /** Creates the n-th contact. */
  contact(n: number, values?: CrmWrite['values']): CrmWrite;
  /** Reads the records. */
  read(
    columns: readonly string[],
    filter?: readonly { column: string; anyOf: CrmRow[string][] }[],
  ): Promise<CrmRead>;
  /** The n-th record as the product keeps it. */
  stored(n: number): Readonly<Record<string, unknown>> | undefined;
  /** Somebody else adds the records `from` to `to`. */
  fill(from: number, to: number): void;
}

/** A bench on the stand that `current` answers. */
export function createBench(current: () => CrmStand): CrmBench {
  const record: CrmBench['record'] = (n, values = {}) => {
    const { entity, name } = current().names.record;
    return {
      ref: `record ${n}`,
      kind: 'create',
      entity,
      id: guid(n),
      values: { [name]: `Record ${n}`, ...values },
    };
  };
  return {
    get stand() {
      return current();
    },
    get crm() {
      return current().connector;
    },
    async cost(action) {
      const before = current().requests();
      await action();
      return current().requests() - before;
    },
    record,
    change: (n, values) => ({ ...record(n), kind: 'update', values }),
    removal: (n) => ({ ...record(n), kind: 'delete', values: {} }),
    contact(n, values) {
      const { entity, name } = current().names.contact;
      return {
        ref: `contact ${n}`,
        kind: 'create',
        entity,
        id: guid(n, 2),
        values: values ?? { [name]: `Contact ${n}` },
      };
    },
    crmUser(n, values) {
      const { entity, login, contact, active } = current().names.crmUser;
      return {
        ref: `crm user ${n}`,
        kind: 'create',
        entity,
        id: guid(n, 4),
        values: values ?? { [login]: `login${n}`, [contact]: guid(n, 2), [active]: false },
      };
    },
    read: (columns, filter = []) =>
      current().connector.readRows({ entity: current().names.record.entity, columns, filter }),
    stored: (n) =>
      current()
        .rows(current().names.record.entity)
        .find((row) => row['Id'] === guid(n)),
    fill(from, to) {
      const { entity, name } = current().names.record;
      for (let n = from; n <= to; n += 1) current().insert(entity, { Id: guid(n), [name]: `Record ${n}` });
    },
  };
}
