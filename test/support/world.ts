import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../src/domain/planning/plan.ts';
import type { Report } from '../../src/domain/run.ts';
import type { AppDeps } from '../../src/app/deps.ts';
import type { Logger } from '../../src/app/ports/logger.ts';
import type { ImportOptions } from '../../src/app/rollcall.ts';
import { openRollcall, type ComposeOptions, type OpenRollcall } from '../../src/bin/compose.ts';
import { createCreatioSandbox } from '../../src/sandbox/creatio/index.ts';
import type { LogControl } from '../../src/log/control.ts';
import { createSandboxClock } from '../../src/sandbox/kit/clock.ts';
import { createRandom } from '../../src/sandbox/kit/random.ts';
import type { Json, Row, Sandbox, SandboxData } from '../../src/sandbox/types.ts';
import { createWebitelSandbox } from '../../src/sandbox/webitel/index.ts';
import { EMBEDDED, worldEngines } from './engines.ts';

export const EMPLOYEE = '60733efc-f36b-1410-a883-16d83cab0980';
export const CUSTOMER = '00783ef6-f36b-1410-a883-16d83cab0980';
/** Planted as password and token; must never come out anywhere. */
export const PASSWORD = 'canary-password-7Qz';
export const TOKEN = 'canary-token-4Wd';
export const ACCOUNT_ID = '1';

/** Signing in, and the probe of the right to manage users. */
const WITHOUT_EFFECT = /\.svc\/|\/GetUsersCount$/;

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

export interface WorldOptions {
  readonly data: SandboxData;
  /** The rest of `rollcall.yaml`, instead of a policy that leaves the integration account out. */
  readonly config?: string;
  readonly seed?: number;
  readonly logger?: Logger;
  readonly logControl?: LogControl;
  readonly httpPolicy?: ComposeOptions['httpPolicy'];
  readonly onMoment?: AppDeps['onMoment'];
  /** The embedded engines, whatever pair of engines the tests run on: for what is about the data directory. */
  readonly embedded?: boolean;
  /** Further variables of the environment, such as `DATABASE_URL`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Both sandboxes over HTTP and the product on a data directory of its own. */
export interface World {
  readonly creatio: Sandbox;
  readonly webitel: Sandbox;
  readonly directory: string;
  readonly configPath: string;
  /** The variables that the product is opened with. */
  readonly env: Readonly<Record<string, string>>;
  open(): Promise<OpenRollcall>;
  /** Writes another rest of `rollcall.yaml`; the product is opened anew with it. */
  reconfigure(config: string): Promise<void>;
  /** Closes the product; the next call opens it again on the same data directory. */
  shut(): Promise<void>;
  import(options?: Partial<ImportOptions>): Promise<Report>;
  plan(): Promise<Plan>;
  /** Rows of one CRM table, in the order of their ids. */
  rows(table: string): Row[];
  /** The telephony record of a directory user. */
  record(userId: string): Row | undefined;
  /** Requests that the sandboxes counted since the last call, by kind. */
  counted(): { all: number; writes: number };
  close(): Promise<void>;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const clock = createSandboxClock();
  const random = createRandom(options.seed ?? 1);
  const creatio = createCreatioSandbox({
    clock,
    random: random.next,
    data: options.data.creatio,
    accounts: [{ login: 'rollcall', password: PASSWORD }],
  });
  const webitel = createWebitelSandbox({
    clock,
    random: random.next,
    data: options.data.webitel,
    tokens: [{ token: TOKEN, userId: accountOf(options.data) }],
  });
  const [crm, directory] = await Promise.all([creatio.listen(), webitel.listen()]);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-world-'));
  const configPath = join(folder, 'rollcall.yaml');
  const configure = (rest: string): Promise<void> =>
    writeFile(
      configPath,
      [
        'connections:',
        `  creatio: { url: "${crm.url}", auth: { kind: forms, username: rollcall, password: "\${CREATIO_PASSWORD}" } }`,
        `  webitel: { url: "${directory.url}", auth: { kind: token, token: "\${WEBITEL_TOKEN}" } }`,
        'mapping: creatio-webitel',
        // The integration account is nobody's telephone.
        rest,
        '',
      ].join('\n'),
    );
  await configure(options.config ?? 'policy: { exclude: { logins: [rollcall] } }');

  const engines = options.embedded === true ? EMBEDDED : await worldEngines();
  const env = { CREATIO_PASSWORD: PASSWORD, WEBITEL_TOKEN: TOKEN, ...engines.env, ...options.env };
  let opened: Promise<OpenRollcall> | null = null;
  const open = (): Promise<OpenRollcall> =>
    (opened ??= openRollcall({
      configPath,
      env,
      logger: options.logger ?? silent,
      onSecrets: () => undefined,
      bufferMegabytes: 16,
      ...(options.logControl === undefined ? {} : { logControl: options.logControl }),
      ...(options.httpPolicy === undefined ? {} : { httpPolicy: options.httpPolicy }),
      ...(options.onMoment === undefined ? {} : { onMoment: options.onMoment }),
    }));
  const shut = async (): Promise<void> => {
    const current = opened;
    opened = null;
    if (current !== null) await (await current).close();
  };
  const rows = (table: string): Row[] =>
    (creatio.state()[table] ?? []).toSorted((a, b) =>
      JSON.stringify(a['Id']) < JSON.stringify(b['Id']) ? -1 : 1,
    );

  return {
    creatio,
    webitel,
    directory: folder,
    configPath,
    env,
    open,
    shut,
    reconfigure: async (config) => {
      await shut();
      await configure(config);
    },
    import: async (given = {}) => {
      const { rollcall } = await open();
      const { report } = await rollcall.import({
        trigger: 'command',
        confirm: () => Promise.resolve(true),
        ...given,
      });
      return report;
    },
    plan: async () => (await open()).rollcall.plan(),
    rows,
    record: (userId) => rows('UsrWebitelUser').find((row) => row['UsrExternalId'] === userId),
    counted: () => {
      const counts = [...creatio.requests(), ...webitel.requests()];
      creatio.clearRequests();
      webitel.clearRequests();
      const sum = (list: typeof counts): number => list.reduce((total, { count }) => total + count, 0);
      return {
        all: sum(counts),
        writes: sum(counts.filter(({ method, route }) => method !== 'GET' && !WITHOUT_EFFECT.test(route))),
      };
    },
    close: async () => {
      await shut();
      await Promise.all([creatio.close(), webitel.close()]);
      await engines.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The directory user that Rollcall works as: made-up people bring their own. */
function accountOf(data: SandboxData): string {
  const account = data.webitel['users']?.find((row) => row['username'] === 'rollcall')?.['id'];
  return typeof account === 'string' ? account : ACCOUNT_ID;
}

/** A directory user in Webitel's own field names. */
export function user(id: string, name: string, changes: Record<string, Json> = {}): Row {
  return { id, name, username: `user${id}`, ...changes };
}

export function contact(id: string, name: string, changes: Record<string, Json> = {}): Row {
  return { Id: id, Name: name, TypeId: EMPLOYEE, ...changes };
}

/** A GUID from a small number, for readable tests. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Sandbox rows: the integration account (directory user 1) and whatever a test adds. */
export function people(given: {
  webitel?: Record<string, Row[]>;
  creatio?: Record<string, Row[]>;
}): SandboxData {
  const account = user(ACCOUNT_ID, 'Rollcall Integration', { username: 'rollcall' });
  return {
    webitel: {
      roles: [{ id: '900', name: 'Operators' }],
      licenses: [
        { id: 'S-CC', product: 'CALL_CENTER', name: 'Contact centre', limit: 50, not_after: '1900000000000' },
        { id: 'S-CHAT', product: 'CHAT', name: 'Chat', limit: 50, not_after: '1900000000000' },
      ],
      ...given.webitel,
      users: [account, ...(given.webitel?.['users'] ?? [])],
    },
    creatio: given.creatio ?? {},
  };
}

/** A cell as text; empty where it holds none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
