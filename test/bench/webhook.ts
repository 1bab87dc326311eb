import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { startPostgres, startRedis } from '../support/servers.ts';
import type { WebhookTarget } from './document.ts';
import { repeated } from './figures.ts';
import { type Child, processorMs, scriptPath, startNode } from './processes.ts';

/** What the endpoint is held to (issue 5): so many requests a second, answered within this by 99 in 100. */
export const RATE = 100;
export const P99_LIMIT_MS = 50;
/** What comes first is thrown away: code and connections warm up. */
const WARM_UP_SECONDS = 2;

const TOKEN = 'bench-webhook-token';
const Ready = z.strictObject({ url: z.url() });
const Measured = z.strictObject({ timesMs: z.array(z.number()), cpuMs: z.number() });
/** Times in the order in which they were answered, and processor time, both without what warms up. */
type Measured = z.infer<typeof Measured>;

interface Options {
  readonly repeat: number;
  readonly seconds: number;
  /** Parts of names of targets; without any, all are measured. */
  readonly only: readonly string[];
  readonly say: (text: string) => void;
}

interface Target {
  readonly name: string;
  measure(round: number): Promise<Measured>;
}

/**
 * Measures the webhook endpoint on both engines, alone and with the worker in the same process, and what it is made of: a
 * bare server, a bare row of the store, a bare job of the queue. Each in a process of its own, asked at a steady rate
 * whether it has answered or not.
 *
 * @throws Error when no target has one of the names
 */
export async function benchWebhook({ repeat, seconds, only, say }: Options): Promise<WebhookTarget[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const [postgres, redis] = await Promise.all([startPostgres(['fsync=on']), startRedis()]);
  try {
    const config = join(folder, 'rollcall.yaml');
    await writeFile(config, CONFIG);
    const script = scriptPath('./children/webhook.mjs');
    const served = (args: readonly string[], env: Record<string, string> = {}) =>
      measureServer(() => startNode([script, ...args], { env }), seconds);
    const alone = (mode: string, where: string, env: Record<string, string> = {}) =>
      measureAlone(() =>
        startNode([script, mode, where, ...[RATE, seconds, WARM_UP_SECONDS].map(String)], { env }),
      );
    // Each measurement begins with nothing in its store.
    const onServers = async (mode: string): Promise<Measured> =>
      served([mode, config], { DATABASE_URL: await postgres.fresh(), REDIS_URL: redis.url });
    const embedded = (mode: string, round: number): Promise<Measured> =>
      served([mode, config], { ROLLCALL_DATA: join(folder, `${mode}-${round}`) });
    const all: Target[] = [
      { name: 'a bare server', measure: () => served(['bare']) },
      { name: 'a bare row, embedded', measure: (round) => alone('insert', join(folder, `rows-${round}`)) },
      { name: 'a bare row, Postgres', measure: async () => alone('insert', await postgres.fresh()) },
      { name: 'a bare job, embedded', measure: (round) => alone('queue', join(folder, `jobs-${round}`)) },
      { name: 'a bare job, Postgres', measure: async () => alone('queue', await postgres.fresh()) },
      {
        name: 'a bare job, Redis',
        // In a database of its own: the product would find jobs there that it does not know.
        measure: async () =>
          alone('queue', await postgres.fresh(), { REDIS_URL: redis.url.replace(/0$/, '1') }),
      },
      { name: 'the endpoint, embedded', measure: (round) => embedded('endpoint', round) },
      { name: 'the endpoint, Postgres', measure: () => onServers('endpoint') },
      { name: 'the endpoint with a worker, embedded', measure: (round) => embedded('service', round) },
      { name: 'the endpoint with a worker, Postgres', measure: () => onServers('service') },
    ];
    const chosen = all.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)));
    if (chosen.length === 0)
      throw new Error(`No target has that in its name: ${all.map(({ name }) => name).join('; ')}.`);
    const rounds = new Map<string, Measured[]>(chosen.map(({ name }) => [name, []]));
    for (let round = 1; round <= repeat; round += 1)
      for (const { name, measure } of chosen) {
        say(`${name}: ${round} of ${repeat}`);
        rounds.get(name)?.push(await measure(round));
      }
    return [...rounds].map(([target, measured]) => figuresOf(target, measured));
  } finally {
    await Promise.all([postgres.remove(), redis.remove()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nobody answers at the products' addresses: what is looked for there fails at once. */
const CONFIG = `connections:
  creatio: { url: "http://127.0.0.1:9", auth: { kind: forms, username: nobody, password: nothing-to-see } }
  webitel: { url: "http://127.0.0.1:9", auth: { kind: token, token: nothing-to-see } }
mapping: creatio-webitel
server: { webhooks: { tokens: ["${TOKEN}"] } }
`;

function figuresOf(target: string, rounds: readonly Measured[]): WebhookTarget {
  const ordered = rounds.map(({ timesMs }) => timesMs.toSorted((a, b) => a - b));
  return {
    target,
    requests: Math.min(...ordered.map(({ length }) => length)),
    p50Ms: repeated(ordered.map((times) => quantile(times, 0.5))),
    p99Ms: repeated(ordered.map((times) => quantile(times, 0.99))),
    maxMs: repeated(ordered.map((times) => times.at(-1) ?? 0)),
    cpuMs: repeated(rounds.map(({ cpuMs, timesMs }) => cpuMs / timesMs.length)),
  };
}

function quantile(ordered: readonly number[], share: number): number {
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0;
}

async function measureAlone(start: () => Child): Promise<Measured> {
  const child = start();
  try {
    return Measured.parse(await child.next());
  } finally {
    child.signal('SIGKILL');
    await child.ended;
  }
}

async function measureServer(start: () => Child, seconds: number): Promise<Measured> {
  const child = start();
  const agent = new Agent({ keepAlive: true });
  try {
    const { url } = Ready.parse(await child.next());
    let sent = 0;
    const ask = (): Promise<void> => send(agent, `${url}/v1/webhooks/creatio`, ++sent);
    await atSteadyRate(WARM_UP_SECONDS, ask);
    const before = await processorMs(child.pid);
    const timesMs = await atSteadyRate(seconds, ask);
    return { timesMs, cpuMs: (await processorMs(child.pid)) - before };
  } finally {
    agent.destroy();
    child.signal('SIGKILL');
    await child.ended;
  }
}

async function atSteadyRate(seconds: number, ask: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  const began = performance.now();
  for (let count = 0; count < RATE * seconds; count += 1) {
    const due = began + (count * 1000) / RATE;
    await wait(Math.max(0, due - performance.now()));
    // From when it should have been sent: a late one is late, whoever is to blame.
    const answered = ask().then(() => void times.push(performance.now() - due));
    // It is heard of at the end.
    answered.catch(() => undefined);
    pending.push(answered);
  }
  await Promise.all(pending);
  return times;
}

function send(agent: Agent, url: string, count: number): Promise<void> {
  const id = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'x-rollcall-token': TOKEN } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 202 ? resolve() : reject(new Error(`The answer was ${answer.statusCode}.`)),
        );
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ entity: 'UsrWebitelUser', id, event: 'modified' }));
  });
}
