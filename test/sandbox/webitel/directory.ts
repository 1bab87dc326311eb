import { create, type AxiosInstance } from 'axios';
import { z } from 'zod';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import type { Row, Sandbox, SandboxClock, Tables } from '../../../src/sandbox/types.ts';
import { createWebitelSandbox } from '../../../src/sandbox/webitel/index.ts';

export const TOKEN = 'token-of-the-admin';
export const ADMIN_ID = '10';
/** Where the clock of every test stands. */
export const NOW = 1_764_000_000_000;

/** A clock that moves only when told. */
export function stillClock(startMs = NOW): SandboxClock {
  let at = startMs;
  return {
    now: () => at,
    set: (epochMs) => {
      at = epochMs;
    },
    advance: (ms) => {
      at += ms;
    },
  };
}

/** A small directory: an administrator, `count` users from id 101 on, two roles, four licences, one device each. */
export function sampleTables(count: number): Tables {
  const users: Row[] = [
    {
      id: ADMIN_ID,
      name: 'Admin',
      username: 'admin',
      created_at: String(NOW - 9_000),
      updated_at: NOW - 9_000,
    },
  ];
  for (let at = 1; at <= count; at += 1) {
    users.push({
      id: String(100 + at),
      name: `Person ${at}`,
      username: `user.${at}`,
      email: `User${at}@example.test`,
      extension: String(2000 + at),
      license: at === 1 ? [{ id: 'LIC-CC' }] : [],
      roles: at === 1 ? [{ id: '40', name: 'Operators' }] : [],
      devices: [{ id: String(500 + at), name: `Phone ${at}` }],
      device: { id: String(500 + at) },
      profile: at === 1 ? { Crm_Id: 'c-1' } : {},
      created_at: String(NOW - 5_000),
      updated_at: String(NOW - 5_000),
    });
  }
  return {
    users,
    roles: [
      { id: '40', name: 'Operators', description: 'Line 1' },
      { id: '41', name: 'Supervisors' },
    ],
    licenses: [
      { id: 'LIC-CC', product: 'CALL_CENTER', name: 'Contact centre', limit: 2, not_after: NOW + 1e9 },
      { id: 'LIC-OLD', product: 'CHAT', limit: 5, not_after: NOW - 1 },
      { id: 'LIC-POOL', product: 'CHAT', limit: 1, competitive: true, not_after: NOW + 1e9 },
      { id: 'LIC-CM', product: 'CALL_MANAGER', limit: 9, not_after: NOW + 1e9 },
    ],
    domain: [{ dc: '7', domain: 'acme.test' }],
  };
}

/** A running sandbox with a client of it. */
export interface Directory {
  sandbox: Sandbox;
  clock: SandboxClock;
  url: string;
  /** Sends the administrator's token; no status is an error. */
  http: AxiosInstance;
}

export async function startDirectory(tables: Tables = sampleTables(3)): Promise<Directory> {
  const clock = stillClock();
  const sandbox = createWebitelSandbox({
    clock,
    random: createRandom(7).next,
    data: tables,
    tokens: [{ token: TOKEN, userId: ADMIN_ID }],
  });
  const { url } = await sandbox.listen();
  const http = create({
    baseURL: `${url}/api`,
    headers: { 'X-Webitel-Access': TOKEN },
    validateStatus: () => true,
    proxy: false,
  });
  return { sandbox, clock, url, http };
}

const listSchema = z.object({
  page: z.number().optional(),
  size: z.number().optional(),
  next: z.boolean().optional(),
  items: z.array(z.record(z.string(), z.json())).default([]),
});

export type List = z.output<typeof listSchema>;

/** Reads a list; `items` that were left out are none. */
export async function list(directory: Directory, path: string): Promise<List> {
  const { data, status } = await directory.http.get<unknown>(path);
  if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(data)}`);
  return listSchema.parse(data);
}

/** The values of one field of a list, in its order. */
export async function column(directory: Directory, path: string, field: string): Promise<unknown[]> {
  const { items } = await list(directory, path);
  return items.map((item) => item[field]);
}
