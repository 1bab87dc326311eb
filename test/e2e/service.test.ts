import { appendFile, copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { Report } from '../../src/domain/run.ts';
import { ask } from '../server/support.ts';
import { addressOf, startService } from './service-bench.ts';
import { type Bench, cell, onlyJson, openBench, type Sandboxes, until } from './support.ts';

jest.setTimeout(240_000);

const TOKEN = 'canary-webhook-token-9';

let bench: Bench;
let sandboxes: Sandboxes;
let config: string;
beforeAll(async () => {
  bench = await openBench();
  sandboxes = await bench.sandbox(['--users', '12', '--contacts', '30', '--crm-users', '9', '--seed', '4']);
  config = join(sandboxes.folder, 'service.yaml');
  await copyFile(sandboxes.config, config);
  await appendFile(
    config,
    `policy: { exclude: { logins: [rollcall] } }\nserver: { port: 0, webhooks: { tokens: ["${TOKEN}"] } }\n`,
  );
});
afterAll(() => bench.close());

test('kept hints outlive a service that is killed right after it has answered, and become a push', async () => {
  expect((await bench.run(['-c', config, 'import', '--yes'])).code).toBe(0);
  const first = await startService(bench, config);
  const { creatio } = await sandboxes.control.state();
  const records = (creatio['UsrWebitelUser'] ?? []).map((row) => cell(row, 'Id')).slice(0, 5);
  expect(records).toHaveLength(5);
  const send = (id: string): ReturnType<typeof ask> =>
    ask(`${first.url}/v1/webhooks/creatio`, {
      method: 'POST',
      headers: { 'X-Rollcall-Token': TOKEN },
      body: { entity: 'UsrWebitelUser', id, event: 'modified' },
    });
  const answers = await Promise.all(records.map(send));
  first.process.signal('SIGKILL');
  expect(answers.map(({ status }) => status)).toEqual(records.map(() => 202));
  await first.process.ended;

  const second = await startService(bench, config);
  const Runs = z.array(
    z.object({ runId: z.string(), kind: z.string(), trigger: z.string(), phase: z.string() }),
  );
  const seen = async (): Promise<z.infer<typeof Runs>> =>
    Runs.parse((await ask(`${second.url}/v1/runs`, { token: second.token })).json());
  const pushed = await until(
    'the hints have become a run that has ended',
    async () => (await seen()).find(({ kind, phase }) => kind === 'push' && phase === 'done'),
    60_000,
  );
  expect(pushed.trigger).toBe('webhook');
  expect((await seen()).filter(({ kind }) => kind === 'push')).toHaveLength(1);
  second.process.signal('SIGTERM');
  expect(await second.process.ended).toMatchObject({ code: 0 });
  // Whoever looks for the service after its end finds nothing.
  await expect(stat(addressOf(config))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a command lets the service that holds its data directory do the run, and reports it as its own', async () => {
  const { process } = await startService(bench, config);
  const outcome = await bench.run(['-c', config, 'sync', '--yes', '--json']);
  expect(outcome.code).toBe(0);
  expect(Report.parse(onlyJson(outcome.stdout))).toMatchObject({ kind: 'sync', trigger: 'command' });
  const refused = await bench.run(['-c', config, 'runs']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('in use by process')]);
  process.signal('SIGTERM');
  expect((await process.ended).code).toBe(0);
});
