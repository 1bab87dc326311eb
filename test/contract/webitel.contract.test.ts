import { createWebitelConnector } from '../../src/connectors/webitel/index.ts';
import type { FaultRule, Row } from '../../src/sandbox/types.ts';
import { createFakeClock, createMemoryLogger } from '../http/support.ts';
import { ADMIN_ID, startDirectory, TOKEN } from '../sandbox/webitel/directory.ts';
import type { Collection, DirectoryStand, NewUser, Trouble } from './directory.bench.ts';
import { describeDirectoryContract } from './directory.contract.ts';

const SCOPES = ['users', 'roles', 'license', 'devices'];
const PERMISSIONS = ['read', 'write'];

/** What Webitel calls the collections, in rows and in scopes. */
const CLASSES: Readonly<Record<Collection, { table: string; scope: string }>> = {
  users: { table: 'users', scope: 'users' },
  roles: { table: 'roles', scope: 'roles' },
  licences: { table: 'licenses', scope: 'license' },
};

async function openStand(): Promise<DirectoryStand> {
  const { sandbox, url } = await startDirectory({
    users: [{ id: ADMIN_ID, name: 'Admin', username: 'admin' }],
    roles: [],
    licenses: [],
    domain: [{ dc: '7', domain: 'acme.test' }],
  });
  sandbox.setSwitches({ scopes: SCOPES, permissions: PERMISSIONS });
  const logger = createMemoryLogger();
  const clock = createFakeClock();
  const connectWith = (token: string) =>
    createWebitelConnector(
      { url, auth: { kind: 'token', token } },
      { logger, clock, random: () => 0.5, randomBytes: (count) => new Uint8Array(count) },
    );
  const fault = (rule: Omit<FaultRule, 'system'>): void =>
    sandbox.setFaults([{ ...rule, system: 'webitel' }]);

  return {
    connector: connectWith(TOKEN),
    account: {
      userId: ADMIN_ID,
      login: 'admin',
      domainId: '7',
      domainName: 'acme.test',
      scopes: SCOPES,
      permissions: PERMISSIONS,
    },
    secret: TOKEN,
    connectWith,
    addUser: (user) => {
      const id = idOf(sandbox.insertRow('users', rowOf(user)));
      if (user.device !== undefined) {
        const device = sandbox.insertRow('devices', {
          name: user.device,
          account: user.login,
          user: { id },
        });
        const ref = { id: idOf(device) };
        sandbox.updateRow('users', id, { devices: [ref], device: ref });
      }
      return id;
    },
    softDelete: (id) => {
      sandbox.updateRow('users', id, { deleted_at: '1764000000001' });
    },
    remove: (id) => sandbox.deleteRow('users', id),
    addRole: (role) => {
      sandbox.insertRow('roles', { ...role });
    },
    addLicence: ({ serial, product, name, limit, competitive, validUntil }) => {
      const row: Row = { id: serial, product, name, limit, competitive };
      if (validUntil !== null) row['not_after'] = String(validUntil);
      sandbox.insertRow('licenses', row);
    },
    rows: (collection) => sandbox.state()[CLASSES[collection].table]?.length ?? 0,
    requests: () => sandbox.requests().reduce((total, { count }) => total + count, 0),
    trouble: (trouble) => fault(ruleOf(trouble)),
    flaw: (flaw, page) => {
      if (flaw === 'a row comes twice') sandbox.setSwitches({ duplicateRow: { page } });
      else if (flaw === 'a row is skipped') sandbox.setSwitches({ skipRow: { page } });
      else sandbox.setSwitches({ loseNext: { page } });
    },
    lack: (what, collection) => {
      if (what === 'permission') sandbox.setSwitches({ permissions: [] });
      else sandbox.setSwitches({ scopes: SCOPES.filter((one) => one !== CLASSES[collection].scope) });
    },
    quoteSecret: () => {
      const body = { id: 'x.y', code: 400, detail: `bad token ${TOKEN}`, status: 'Bad Request' };
      fault({ fault: 'status', status: 400, body });
    },
    logs: () => JSON.stringify(logger.lines),
    slept: () => clock.slept,
    close: () => sandbox.close(),
  };
}

/** Ids of the stand-in are text. */
function idOf(row: Row): string {
  const { id } = row;
  if (typeof id !== 'string') throw new Error('The row has no id.');
  return id;
}

function rowOf(user: NewUser): Row {
  return {
    ...(user.id === undefined ? {} : { id: user.id }),
    username: user.login,
    name: user.displayName,
    email: user.email ?? null,
    chat_name: user.chatName ?? null,
    extension: user.extension ?? null,
    license: (user.licences ?? []).map((id) => ({ id })),
    roles: (user.roles ?? []).map((id) => ({ id })),
  };
}

function ruleOf({ kind, nth, retryAfterSeconds }: Trouble): Omit<FaultRule, 'system'> {
  const when = nth === undefined ? {} : { when: { nth } };
  if (kind === 'proxy') return { ...when, fault: 'html', status: 502 };
  if (kind === 'truncated') return { ...when, fault: 'truncated' };
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { ...when, fault: 'status', status: 429, headers };
}

describeDirectoryContract('Webitel', openStand);
