import { appendFile, copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { Report } from '../../src/domain/run.ts';
import { ask } from '../server/support.ts';
import { addressOf, startService } from './service-bench.ts';
import { type Bench, cell, errorOf, onlyJson, openBench, type Sandboxes, until } from './support.ts';

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
  await appendFile(config, `server: { port: 0, webhooks: { tokens: ["${TOKEN}"] } }\n`);
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
  const refused = await bench.run(['-c', config, 'holds']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('in use by process')]);
  process.signal('SIGTERM');
  expect((await process.ended).code).toBe(0);
});

test('commands that look, decide and make tokens ask the service that holds the data directory', async () => {
  const { process, url } = await startService(bench, config);
  const json = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await bench.run(['-c', config, ...args, '--json']);
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return onlyJson(stdout);
  };
  const Runs = z.array(z.object({ runId: z.string(), kind: z.string(), status: z.string() }));
  const listed = Runs.parse(await json('runs'));
  const first = listed.find(({ kind }) => kind === 'import')?.runId ?? '';
  expect(Report.parse(await json('runs', 'show', first))).toMatchObject({ runId: first, kind: 'import' });
  expect(await json('runs', 'show', first, '--plan')).toMatchObject({ kind: 'import' });
  const missing = await bench.run(['-c', config, 'runs', 'show', 'none', '--json']);
  expect([missing.code, errorOf(missing)]).toEqual([1, expect.objectContaining({ code: 'NOT_FOUND' })]);
  const done = await bench.run(['-c', config, 'approve', first, '--yes', '--json']);
  expect([done.code, errorOf(done)]).toEqual([1, expect.objectContaining({ code: 'CONFLICT' })]);

  const Cases = z.array(z.object({ id: z.string(), login: z.string(), status: z.string() }));
  const [open] = Cases.parse(await json('cases'));
  const id = open?.id ?? '';
  expect(await json('cases', 'show', id)).toMatchObject({ id, status: 'open' });
  expect(await json('cases', 'decide', id, '--different')).toMatchObject({ id, status: 'decided' });
  expect(await json('cases', 'revoke', id)).toMatchObject({ id, status: 'open' });

  const made = z
    .object({ id: z.string(), secret: z.string() })
    .parse(await json('tokens', 'create', 'prometheus', '--scope', 'read'));
  expect(await json('tokens')).toEqual([expect.objectContaining({ id: made.id, name: 'prometheus' })]);
  const statusOf = async (): Promise<number> => (await ask(`${url}/v1/runs`, { token: made.secret })).status;
  expect(await statusOf()).toBe(200);
  await json('tokens', 'revoke', made.id);
  expect(await statusOf()).toBe(401);
  process.signal('SIGTERM');
  expect((await process.ended).code).toBe(0);
});
