// Sends recorded requests as fast as the limits allow, and says how long that took.
// node --import …/register.mjs replay.ts CREATIO WEBITEL FILE CONCURRENCY, with the secrets in the environment
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { z } from 'zod';
import { laneOf, makersOf, phasesOf } from '../order.ts';
import { countDone, isBatch, readAll, Recorded } from '../recording.ts';

const [creatio = '', webitel = '', file = '', concurrency = '4'] = process.argv.slice(2);
const LIMIT = Number(concurrency);
const { CREATIO_PASSWORD = '', WEBITEL_TOKEN = '' } = process.env;
const LOGIN = /\/AuthService\.svc\/Login$/;

const recorded = (await readFile(file, 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => Recorded.parse(JSON.parse(line)));
const agents = {
  creatio: new Agent({ keepAlive: true, maxSockets: LIMIT }),
  webitel: new Agent({ keepAlive: true, maxSockets: LIMIT }),
};
const origins = { creatio: new URL(creatio), webitel: new URL(webitel) };
const cookies = new Map<string, string>();
const makers = makersOf(recorded);
const answered = new Map<Recorded, Promise<void>>();

function send(one: Recorded): Promise<void> {
  const answer = sendNow(one);
  answered.set(one, answer);
  return answer;
}

async function sendNow(one: Recorded): Promise<void> {
  await Promise.all([...(makers.get(one) ?? [])].map(async (maker) => answered.get(maker)));
  const { system, method, path, headers } = one;
  const isLogin = LOGIN.test(path);
  const body = isLogin ? withPassword(one.body) : one.body;
  const content = await new Promise<Buffer>((resolve, reject) => {
    request(
      {
        agent: agents[system],
        host: origins[system].hostname,
        port: origins[system].port,
        method,
        path,
        headers: {
          ...headers,
          ...(system === 'creatio' ? session() : { 'x-webitel-access': WEBITEL_TOKEN }),
          ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
      },
      (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        if (answer.statusCode !== one.status)
          reject(
            new Error(`${method} ${path}: ${answer.statusCode}, and ${one.status} when it was recorded`),
          );
        else readAll(answer).then(resolve, reject);
      },
    )
      .on('error', reject)
      .end(body === '' ? undefined : body);
  });
  if (isBatch(one) && countDone(content) !== one.done)
    throw new Error(
      `A batch was carried out otherwise than when it was recorded: ${content.toString().slice(0, 500)}`,
    );
}

function session(): Record<string, string> {
  if (cookies.size === 0) return {};
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return { cookie, bpmcsrf: cookies.get('BPMCSRF') ?? '' };
}

function withPassword(body: string): string {
  const login = z.record(z.string(), z.string()).parse(JSON.parse(body));
  return JSON.stringify({ ...login, UserPassword: CREATIO_PASSWORD });
}

/** Up to the limit side by side, each lane in its order. */
async function sendAll(requests: readonly Recorded[]): Promise<void> {
  const lanes = new Map<string, Recorded[]>();
  for (const [index, one] of requests.entries()) {
    const lane = laneOf(one, index);
    const known = lanes.get(lane);
    if (known === undefined) lanes.set(lane, [one]);
    else known.push(one);
  }
  const waiting = [...lanes.values()].values();
  const work = async (): Promise<void> => {
    for (const lane of waiting) for (const one of lane) await send(one);
  };
  await Promise.all(Array.from({ length: LIMIT }, work));
}

const phases = phasesOf(recorded);
const start = performance.now();
for (const phase of phases) {
  // Whoever has no session yet signs in first.
  for (const one of phase.filter(({ path }) => LOGIN.test(path))) await send(one);
  const rest = phase.filter(({ path }) => !LOGIN.test(path));
  await Promise.all([
    sendAll(rest.filter(({ system }) => system === 'creatio')),
    sendAll(rest.filter(({ system }) => system === 'webitel')),
  ]);
}
process.stdout.write(`${JSON.stringify({ replayMs: performance.now() - start })}\n`);
process.exit(0);
