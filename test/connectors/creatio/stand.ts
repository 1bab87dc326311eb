import { createCreatioConnector, type CreatioAuth } from '../../../src/connectors/creatio/index.ts';
import type { CrmConnector, CrmRow } from '../../../src/app/ports/crm.ts';
import { createCreatioSandbox, type CreatioSandbox } from '../../../src/sandbox/creatio/index.ts';
import { createSandboxClock } from '../../../src/sandbox/kit/clock.ts';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import type { FaultRule, Sandbox, SandboxClock } from '../../../src/sandbox/types.ts';
import type { CrmStand } from '../../contract/crm.bench.ts';
import { createFakeClock, createMemoryLogger, type FakeClock, type LogLine } from '../../http/support.ts';

export const LOGIN = "rollcall.o'neil";
export const PASSWORD = 'canary-pa55word';
export const CLIENT_ID = 'machine-client';
export const CLIENT_SECRET = 'canary-client+secret/==';
export const USER_ID = 'aaaaaaaa-0000-4000-8000-000000000001';
export const CONTACT_ID = 'aaaaaaaa-0000-4000-8000-000000000002';

/** How a dead session shows. */
export const DISGUISES = ['401', 'redirect', 'fault', 'login page'] as const;

const WRITES = 'batch|AdministrationService';
const LOGIN_PAGE =
  '<!DOCTYPE html><html><head><script src="/0/Login/NuiLogin.js"></script></head><body>Sign in</body></html>';

export interface CreatioStand extends CrmStand {
  readonly sandbox: CreatioSandbox;
  readonly url: string;
  /** Token address of the identity service on its own port. */
  readonly tokenUrl: string;
  /** The sandbox's own clock. */
  readonly siteClock: SandboxClock;
  readonly memory: Map<string, string>;
  readonly logs: LogLine[];
  readonly clock: FakeClock;
  /** Another connector to the same site, with the same memory. */
  connect(changes?: { password?: string; url?: string; auth?: CreatioAuth }): CrmConnector;
  fault(rule: Omit<FaultRule, 'system'>): void;
}

/** A Creatio sandbox that listens, and a connector to it. `close` ends both. */
export async function openStand(
  options: { switches?: Parameters<Sandbox['setSwitches']>[0]; auth?: CreatioAuth } = {},
): Promise<CreatioStand> {
  const random = createRandom(7);
  const passwords = createRandom(8);
  const siteClock = createSandboxClock();
  const sandbox = createCreatioSandbox({
    clock: siteClock,
    random: () => random.next(),
    data: { Contact: [{ Id: CONTACT_ID, Name: 'Integration' }] },
    accounts: [{ login: LOGIN, password: PASSWORD, userId: USER_ID, contactId: CONTACT_ID }],
    clients: [{ id: CLIENT_ID, secret: CLIENT_SECRET, userId: USER_ID }],
  });
  sandbox.setSwitches(options.switches ?? {});
  const { url } = await sandbox.listen();
  const identity = await sandbox.listenIdentity();
  const memory = new Map<string, string>();
  const logs: LogLine[] = [];
  const clock = createFakeClock();

  const connect: CreatioStand['connect'] = (changes = {}) =>
    createCreatioConnector(
      {
        url: changes.url ?? url,
        auth: changes.auth ??
          options.auth ?? { kind: 'forms', username: LOGIN, password: changes.password ?? PASSWORD },
      },
      {
        logger: createMemoryLogger(logs),
        clock,
        random: () => 0.5,
        randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(passwords.next() * 256)),
        memory: {
          get: async (key) => memory.get(key),
          set: async (key, value) => {
            memory.set(key, value);
          },
        },
      },
    );
  const fault: CreatioStand['fault'] = (rule) => sandbox.setFaults([{ ...rule, system: 'creatio' }]);

  return {
    sandbox,
    url,
    tokenUrl: `${identity.url}/connect/token`,
    siteClock,
    memory,
    logs,
    clock,
    connect,
    fault,
    connector: connect(),
    names: {
      record: {
        entity: 'UsrWebitelUser',
        name: 'UsrName',
        note: 'UsrSyncError',
        active: 'UsrActive',
        contact: 'UsrContactId',
        extension: 'UsrExtension',
        directory: 'UsrDirectoryId',
        changedOn: 'UsrLastSyncOn',
      },
      contact: { entity: 'Contact', name: 'Name' },
      directory: { entity: 'UsrDirectory', name: 'Name' },
      crmUser: {
        entity: 'SysAdminUnit',
        login: 'Name',
        contact: 'ContactId',
        active: 'Active',
        ofRecord: 'UsrUserId',
      },
    },
    account: { login: LOGIN, userId: USER_ID, contactId: CONTACT_ID },
    insert: (entity, row: CrmRow) => {
      sandbox.insertRow(entity, { ...row });
    },
    remove: (entity, id) => sandbox.deleteRow(entity, id),
    rows: (entity) => (sandbox.state()[entity] ?? []).filter((row) => row['Id'] !== CONTACT_ID),
    requests: () => sandbox.requests().reduce((sum, { count }) => sum + count, 0),
    expire: (disguise, when, nth) => {
      const rule = {
        ...(when === 'read'
          ? { method: 'GET' }
          : { method: 'POST', path: when === 'write' ? 'batch' : 'AdministrationService' }),
        when: { nth },
      };
      if (disguise === 'login page') {
        fault({
          ...rule,
          fault: 'status',
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: LOGIN_PAGE,
        });
      } else if (disguise === '401' || disguise === 'redirect' || disguise === 'fault') {
        fault({ ...rule, fault: 'expire-session', mode: disguise });
      }
    },
    forbidUsers: () => sandbox.setSwitches({ cannotManageUsers: [LOGIN] }),
    loseAnswer: () => fault({ method: 'POST', path: WRITES, when: { times: 1 }, fault: 'reset-after-write' }),
    loseRequest: () =>
      fault({ method: 'POST', path: WRITES, when: { times: 1 }, fault: 'reset-before-write' }),
    close: () => sandbox.close(),
  };
}
