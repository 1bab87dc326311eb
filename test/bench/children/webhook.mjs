// One thing that takes what a webhook brings, alone in its process.
// node webhook.mjs bare                 answers and does nothing else; prints {"url"}
// node webhook.mjs endpoint CONFIG      the product's own endpoint; prints {"url"}
// node webhook.mjs service CONFIG       the same, and the worker beside it; prints {"url"}
// node webhook.mjs insert DATA|URL RATE SECONDS WARM_UP   the store's row without a server; prints {"timesMs","cpuMs"}
// node webhook.mjs queue DATA|URL RATE SECONDS WARM_UP    a job of the queue without a server; prints the same
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import Fastify from 'fastify';
import { openRollcall } from '../../../dist/src/bin/compose.js';
import { systemClock } from '../../../dist/src/bin/surroundings.js';
import { createJobQueue } from '../../../dist/src/queue/index.js';
import { createStore, openEngine } from '../../../dist/src/store/index.js';

const [mode, where = '', rate = '100', seconds = '10', warmUp = '2'] = process.argv.slice(2);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

async function atSteadyRate(count, take) {
  const times = [];
  const pending = [];
  const start = performance.now();
  for (let at = 0; at < count; at += 1) {
    const due = start + (at * 1000) / Number(rate);
    await wait(Math.max(0, due - performance.now()));
    pending.push(take(randomUUID()).then(() => times.push(performance.now() - due)));
  }
  await Promise.all(pending);
  return times;
}

async function measure(take) {
  await atSteadyRate(Number(rate) * Number(warmUp), take);
  const before = process.cpuUsage();
  const timesMs = await atSteadyRate(Number(rate) * Number(seconds), take);
  const { user, system } = process.cpuUsage(before);
  say({ timesMs, cpuMs: (user + system) / 1000 });
}

function open() {
  const isUrl = where.startsWith('postgres:');
  return openEngine({
    databaseUrl: isUrl ? where : undefined,
    dataDirectory: isUrl ? '/nowhere' : where,
    logger: silent,
    clock: systemClock,
    newId: randomUUID,
    command: 'a bench',
  });
}

if (mode === 'bare') {
  const server = Fastify({ logger: false });
  server.post('/v1/webhooks/creatio', (_request, reply) => reply.code(202).send({ kept: 1, ignored: 0 }));
  say({ url: await server.listen({ host: '127.0.0.1', port: 0 }) });
} else if (mode === 'endpoint' || mode === 'service') {
  const opened = await openRollcall({
    configPath: where,
    env: process.env,
    logger: silent,
    onSecrets: () => undefined,
  });
  const { url } = await opened.listen({ web: true, port: 0 });
  say({ url });
  if (mode === 'service') await opened.rollcall.work(new AbortController().signal);
} else if (mode === 'insert') {
  const engine = await open();
  const store = await createStore(engine, { clock: systemClock });
  await measure((rowId) => {
    const now = Date.now();
    const hint = { entity: 'UsrWebitelUser', rowId, event: 'modified', source: 'webhook' };
    return store.hints.add([hint], { now, due: now + 2000 });
  });
  await engine.close();
  process.exit(0);
} else {
  const engine = await open();
  const queue = await createJobQueue({
    pool: engine.queuePool,
    redisUrl: process.env.REDIS_URL,
    logger: silent,
    clock: systemClock,
    ids: randomUUID,
  });
  await measure((row) => queue.add({ name: 'hint', payload: { row } }));
  await queue.close(0);
  await engine.close();
  process.exit(0);
}
