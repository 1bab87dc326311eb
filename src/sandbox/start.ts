import { randomBytes } from 'node:crypto';
import { createControlServer } from './control/server.ts';
import { createCreatioSandbox, type CreatioSandbox } from './creatio/index.ts';
import { createSandboxClock } from './kit/clock.ts';
import { createRandom } from './kit/random.ts';
import { generatePeople } from './people/generate.ts';
import type { Json, Row, Sandbox, SandboxClock, SandboxData, SandboxSystem, Truth } from './types.ts';
import { createWebitelSandbox } from './webitel/index.ts';

export interface SandboxesOptions {
  /** Numbers and seed of the generated people; see `generatePeople`. */
  users?: number;
  contacts?: number;
  crmUsers?: number;
  seed?: number;
  /** Rows to start from instead of generated ones, as `GET /state` answers them. */
  data?: SandboxData;
  /** Real milliseconds that every request waits. */
  latencyMs?: number;
  ports?: { creatio?: number; identity?: number; webitel?: number; control?: number };
  /** What the connector proves itself with; random values unless told. */
  secrets?: {
    creatioPassword?: string;
    creatioClientSecret?: string;
    webitelToken?: string;
    webitelPassword?: string;
  };
  /** What Creatio's processes call; without it, they call nobody. */
  connector?: {
    /** Base address of the connector's server. */
    url: string;
    /** Their fixed token. */
    token?: string;
    /** Signs what they send when a record has changed, as Standard Webhooks has it; base64. */
    secret?: string;
  };
  clock?: SandboxClock;
}

/** Sandboxes that listen. */
export interface RunningSandboxes {
  creatio: { url: string };
  /** Creatio's identity service: tokens come from `/connect/token` below it, or through the site. */
  identity: { url: string };
  /** The API is under `/api`. */
  webitel: { url: string };
  control: { url: string };
  /** How the connector gets in. */
  credentials: {
    creatio: { username: string; password: string; clientId: string; clientSecret: string };
    webitel: { token: string; username: string; password: string };
  };
  truth: Truth;
  /** Direct access, for tests in the same process. */
  sandboxes: Readonly<Record<SandboxSystem, Sandbox> & { creatio: CreatioSandbox }>;
  clock: SandboxClock;
  close(): Promise<void>;
}

/** What is generated where nothing is asked for; contacts and CRM users follow the users, 4 and 0.8 for each. */
export const DEFAULT_PEOPLE = { users: 60, seed: 1 } as const;
/** The login of the connector in both systems. */
const LOGIN = 'rollcall';
/** The OAuth client of the connector. */
const CLIENT_ID = 'rollcall-client';
/** The header in which the connector wants the token of its web service. */
const WEBHOOK_HEADER = 'X-Rollcall-Token';
const SUPERVISOR_USER = '7f3b869f-34f3-4f20-ab4d-7480a5fdf647';

/**
 * Starts both products' stand-ins and the control server, on loopback.
 *
 * Generated people hold an account `rollcall` on both sides. Given rows need not: then the connector is Creatio's
 * Supervisor (or a new user, if there is none) and the first user of the directory, since its token must belong to
 * somebody who is listed.
 *
 * @throws Error that names the place, if given rows are not usable.
 */
export async function startSandboxes(options: SandboxesOptions = {}): Promise<RunningSandboxes> {
  const { latencyMs = 0, ports = {} } = options;
  const clock = options.clock ?? createSandboxClock();
  const { data, truth } = obtainPeople(options);
  const seed = options.seed ?? DEFAULT_PEOPLE.seed;
  const password = options.secrets?.creatioPassword ?? newSecret(18);
  const clientSecret = options.secrets?.creatioClientSecret ?? newSecret(24);
  const token = options.secrets?.webitelToken ?? newSecret(24);
  const webitelPassword = options.secrets?.webitelPassword ?? newSecret(18);

  const userId = findCrmUser(data);
  const directoryUser = findDirectoryUser(data);
  const sandboxes = {
    creatio: createCreatioSandbox({
      clock,
      // A stream for each: what one is asked must not change what the other answers.
      random: createRandom(seed + 1).next,
      latencyMs,
      data: data.creatio,
      accounts: [{ login: LOGIN, password, ...(userId === undefined ? {} : { userId }) }],
      clients: [{ id: CLIENT_ID, secret: clientSecret }],
      switches: callsTo(options.connector),
    }),
    webitel: createWebitelSandbox({
      clock,
      random: createRandom(seed + 2).next,
      latencyMs,
      data: data.webitel,
      tokens: [{ token, userId: directoryUser.id }],
      passwords: [{ password: webitelPassword, userId: directoryUser.id }],
    }),
  };
  const control = createControlServer({
    sandboxes,
    truth,
    clock,
    deliveries: sandboxes.creatio.deliveries,
  });
  const close = async (): Promise<void> => {
    await Promise.all([sandboxes.creatio.close(), sandboxes.webitel.close(), control.close()]);
  };
  try {
    const creatio = await sandboxes.creatio.listen(ports.creatio);
    const identity = await sandboxes.creatio.listenIdentity(ports.identity);
    const webitel = await sandboxes.webitel.listen(ports.webitel);
    const credentials = {
      creatio: { username: LOGIN, password, clientId: CLIENT_ID, clientSecret },
      webitel: { token, username: directoryUser.username, password: webitelPassword },
    };
    return {
      creatio,
      identity,
      webitel,
      control: await control.listen(ports.control),
      credentials,
      truth,
      sandboxes,
      clock,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function obtainPeople(options: SandboxesOptions): { data: SandboxData; truth: Truth } {
  if (options.data !== undefined) return { data: options.data, truth: {} };
  const { users = DEFAULT_PEOPLE.users, seed = DEFAULT_PEOPLE.seed } = options;
  const { contacts = users * 4, crmUsers = Math.round(users * 0.8) } = options;
  return generatePeople({ users, contacts, crmUsers, seed });
}

/** The switches that let processes call the connector. */
function callsTo(connector: SandboxesOptions['connector']): Record<string, Json> {
  if (connector === undefined) return {};
  const { url, token = '', secret = null } = connector;
  const base = url.replace(/\/+$/, '');
  return {
    webhookUrl: `${base}/v1/webhooks/creatio`,
    webhookToken: token,
    // The web service of a connector's guide names a header of its own; a process calls with a bearer token.
    webhookTokenHeader: WEBHOOK_HEADER,
    webhookSecret: secret,
    processUrl: `${base}/v1/processes/GetWebitelUsers/execute`,
    processToken: token,
  };
}

/** The row of SysAdminUnit that the connector signs in as; `undefined` asks the sandbox for a new one. */
function findCrmUser(data: SandboxData): string | undefined {
  const users = (data.creatio['SysAdminUnit'] ?? []).filter(
    (row) => (row['SysAdminUnitTypeValue'] ?? 4) === 4,
  );
  const own = users.find((row) => lower(row, 'Name') === LOGIN);
  const supervisor = users.find((row) => lower(row, 'Id') === SUPERVISOR_USER);
  const id = (own ?? supervisor)?.['Id'];
  return typeof id === 'string' ? id : undefined;
}

/** The directory user that the connector's token belongs to. */
function findDirectoryUser(data: SandboxData): { id: string; username: string } {
  const users = data.webitel['users'] ?? [];
  const own = users.find((row) => lower(row, 'username') === LOGIN);
  const row = own ?? users[0];
  const id = row?.['id'];
  if (typeof id === 'string' || typeof id === 'number') {
    const username = row?.['username'];
    return { id: String(id), username: typeof username === 'string' ? username : '' };
  }
  throw new Error(
    'webitel.users: at least one user with an id is wanted, since the connector needs an account.',
  );
}

const newSecret = (bytes: number): string => randomBytes(bytes).toString('base64url');

function lower(row: Row, field: string): string {
  const value = row[field];
  return typeof value === 'string' ? value.toLowerCase() : '';
}
