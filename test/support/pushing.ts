import type { Report } from '../../src/domain/run.ts';
import type { Json, Row } from '../../src/sandbox/types.ts';
import { directoryUser, directoryUsers, lookupId } from './two-sides.ts';
import { contact, guid, people, startWorld, textOf, user, type World, type WorldOptions } from './world.ts';

/** What an administrator fills in when adding a person. */
export interface Added {
  readonly login: string;
  readonly name?: string;
  readonly columns?: Row;
  readonly licences?: readonly string[];
  readonly roles?: readonly string[];
}

/** A world after its first import, and the hands of an administrator of the CRM in it. */
export interface Pushing extends World {
  push(records?: readonly string[]): Promise<Report>;
  sync(): Promise<Report>;
  /** The id of a directory user's telephony record. */
  recordOf(userId: string): string;
  /** A directory user, soft-deleted or not. */
  user(userId: string): Row | undefined;
  /** Users with this login, soft-deleted or not. */
  withLogin(login: string): Row[];
  edit(userId: string, columns: Row): void;
  /** Adds a licence or a role row to a record. */
  grant(recordId: string, set: 'licence' | 'role', key: string): void;
  /** Takes one away. */
  withdraw(recordId: string, set: 'licence' | 'role', key: string): void;
  /** Adds a CRM user with a contact, and a telephony record for them; answers the record's id. */
  add(person: Added): string;
  /** How often the directory was asked for this since the last count. */
  asked(method: string, route: RegExp): number;
}

export const LICENCES = [
  { id: 'S-CC', product: 'CALL_CENTER', name: 'Contact centre', limit: 50, not_after: '1900000000000' },
  { id: 'S-CHAT', product: 'CHAT', name: 'Chat', limit: 50, not_after: '1900000000000' },
];
const ROLES = [
  { id: '900', name: 'Operators' },
  { id: '901', name: 'Supervisors' },
];

/** Made-up people with names that nobody takes for one another. */
export const TRIO: readonly Row[] = [
  user('201', 'Олена Коваль', { username: 'o.koval', extension: '2201', license: [{ id: 'S-CC' }] }),
  user('202', 'Bohdan Hrytsenko', { username: 'b.hrytsenko', extension: '2202', roles: [{ id: '900' }] }),
  user('203', 'Ірина Бондар', { username: 'i.bondar', extension: '2203' }),
];

export async function startPushing(
  given: Omit<WorldOptions, 'data'> & {
    users?: readonly Row[];
    licenses?: Row[];
    /** Rows of the CRM that stood before the first import. */
    standing?: Readonly<Record<string, Row[]>>;
  } = {},
): Promise<Pushing> {
  const { users = TRIO, licenses = LICENCES, standing = {}, ...options } = given;
  const world = await startWorld({
    httpPolicy: { backoffMs: 5, backoffCapMs: 20 },
    ...options,
    data: people({ webitel: { users: [...users], licenses, roles: ROLES }, creatio: { ...standing } }),
  });
  const first = await world.import();
  if (first.status !== 'succeeded') throw new Error(`The first import ended as ${first.status}.`);
  let number = 700;

  const tables = (set: 'licence' | 'role', key: string): { table: string; item: string; id: string } =>
    set === 'licence'
      ? {
          table: 'UsrWebitelUserLicense',
          item: 'UsrLicenseId',
          id: lookupId(world, 'UsrWebitelLicense', 'Code', key),
        }
      : {
          table: 'UsrWebitelUserRole',
          item: 'UsrRoleId',
          id: lookupId(world, 'UsrWebitelRole', 'UsrExternalId', key),
        };
  const recordOf = (userId: string): string => textOf(world.record(userId)?.['Id']);
  const grant: Pushing['grant'] = (recordId, set, key) => {
    const { table, item, id } = tables(set, key);
    world.creatio.insertRow(table, { UsrWebitelUserId: recordId, [item]: id });
  };

  return {
    ...world,
    push: async (records) => {
      const { rollcall } = await world.open();
      return (await rollcall.push({ trigger: 'command', ...(records === undefined ? {} : { records }) }))
        .report;
    },
    sync: async () => (await (await world.open()).rollcall.sync({ trigger: 'schedule' })).report,
    recordOf,
    user: (userId) => directoryUser(world, userId),
    withLogin: (login) => directoryUsers(world).filter((row) => row['username'] === login),
    edit: (userId, columns) => {
      world.creatio.updateRow('UsrWebitelUser', recordOf(userId), columns);
    },
    grant,
    withdraw: (recordId, set, key) => {
      const { table, item, id } = tables(set, key);
      for (const row of world.rows(table))
        if (row['UsrWebitelUserId'] === recordId && row[item] === id)
          world.creatio.deleteRow(table, textOf(row['Id']));
    },
    add: ({ login, name, columns = {}, licences = [], roles = [] }) => {
      number += 1;
      const [contactId, crmUserId] = [guid(number), guid(number + 1000)];
      world.creatio.insertRow('Contact', contact(contactId, name ?? `Person ${login}`));
      world.creatio.insertRow('SysAdminUnit', {
        Id: crmUserId,
        Name: login,
        ContactId: contactId,
        SysAdminUnitTypeValue: 4,
        SysCultureId: 'a5420246-0a8e-e111-84a3-00155d054c03',
      });
      const row = world.creatio.insertRow('UsrWebitelUser', {
        UsrUserId: crmUserId,
        UsrActive: true,
        ...columns,
      });
      const id = textOf(row['Id']);
      for (const key of licences) grant(id, 'licence', key);
      for (const key of roles) grant(id, 'role', key);
      return id;
    },
    asked: (method, route) =>
      world.webitel
        .requests()
        .filter((one) => one.method === method && route.test(one.route))
        .reduce((sum, { count }) => sum + count, 0),
  };
}

/** Ids in a list of references: licences, roles. */
export function idsIn(value: Json | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((item) =>
      typeof item === 'object' && item !== null && !Array.isArray(item) ? textOf(item['id']) : '',
    )
    .toSorted();
}
