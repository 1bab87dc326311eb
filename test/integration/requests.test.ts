import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { OpenRollcall } from '../../src/bin/compose.ts';
import type { Row } from '../../src/sandbox/types.ts';
import { z } from 'zod';
import { until } from '../e2e/support.ts';
import { ask } from '../server/support.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

jest.setTimeout(120_000);

const NEW = 'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00001';
const STATUS: Readonly<Record<string, string>> = {
  [NEW]: 'New',
  'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00002': 'Processing',
  'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00003': 'Done',
  'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00004': 'Failed',
};
const ASKER = guid(50);

let world: World;
let working: Promise<unknown>[] = [];
let ending = new AbortController();
afterEach(async () => {
  ending.abort();
  await Promise.all(working);
  working = [];
  await world.close();
});

/** The product on a CRM with requests, with what the mapping suggests for them. */
async function start(
  requests: readonly Row[],
  config = '',
): Promise<{ opened: OpenRollcall; request(id: string): Record<string, unknown> }> {
  world = await startWorld({
    data: people({
      webitel: { users: [user('2', 'Olena Shevchenko')] },
      creatio: {
        Contact: [contact(guid(1), 'Olena Shevchenko'), contact(ASKER, 'Ada Admin')],
        UsrSyncRequest: [...requests],
      },
    }),
    config: `policy: { exclude: { logins: [rollcall] } }\n${config}`,
  });
  const suggested = await readFile('mappings/creatio-webitel.yaml', 'utf8');
  await mkdir(join(world.directory, 'mappings'));
  await writeFile(
    join(world.directory, 'mappings', 'creatio-webitel.yaml'),
    suggested.replaceAll(/^# (requests:| {2,}.*)$/gmu, '$1'),
  );
  const opened = await world.open();
  ending = new AbortController();
  working = [opened.rollcall.work(ending.signal)];
  const request = (id: string): Record<string, unknown> => {
    const row = world.rows('UsrSyncRequest').find((one) => one['Id'] === id) ?? {};
    return { ...row, status: STATUS[textOf(row['UsrStatusId'])] };
  };
  return { opened, request };
}

const asked = (id: string, command = 'import'): Row => ({
  Id: id,
  UsrCommand: command,
  UsrStatusId: NEW,
  UsrRequestedById: ASKER,
});

describe('A request row', () => {
  test('that a process hands over is told of the end, and whoever asked is notified once', async () => {
    const { opened, request } = await start([asked(guid(90))]);
    const wish = { kind: 'import', trigger: 'process' } as const;
    const asking = { id: guid(90), requestedBy: ASKER };
    const { runId } = await opened.rollcall.trigger(wish, asking);
    // The process tries again, since it heard no answer in time.
    expect(await opened.rollcall.trigger(wish, asking)).toEqual({ runId, alreadyRunning: true });
    await until('the row is told', () => request(guid(90))['status'] === 'Done');
    expect(request(guid(90))).toMatchObject({
      UsrRunId: runId,
      UsrFailed: 0,
      UsrCases: 0,
      UsrMessage: expect.stringContaining(`Run ${runId}: `),
    });
    expect(request(guid(90))['UsrCreated']).toBeGreaterThan(0);
    expect(Date.parse(String(request(guid(90))['UsrFinishedOn']))).toBeGreaterThan(0);
    const told = await until('the notification', () => {
      const rows = world.rows('Reminding');
      return rows.length > 0 && rows;
    });
    expect(told).toMatchObject([{ ContactId: ASKER, SubjectId: guid(90), PopupTitle: 'Telephony: done' }]);
    expect(await opened.rollcall.runs(10)).toHaveLength(1);
  });

  test('that the CRM’s process hands over on HTTP is told of the end, and of a row that is none nothing is done', async () => {
    const { opened, request } = await start([asked(guid(95))]);
    const server = await opened.listen({ web: true, port: 0 });
    try {
      const { secret } = await opened.rollcall.tokens.create({
        name: 'crm',
        scopes: ['trigger'],
        expiresAt: null,
      });
      const execute = (body: unknown): ReturnType<typeof ask> =>
        ask(`${server.url}/v1/processes/GetWebitelUsers/execute`, { method: 'POST', token: secret, body });
      expect((await execute({ requestId: '95', requestedBy: ASKER })).status).toBe(400);
      const answer = await execute({ requestId: guid(95).toUpperCase(), requestedBy: ASKER });
      expect(answer.status).toBe(202);
      const { runId } = z.object({ runId: z.string() }).parse(answer.json());
      await until('the row is told', () => request(guid(95))['status'] === 'Done');
      expect(request(guid(95))).toMatchObject({ UsrRunId: runId, UsrFailed: 0 });
      const told = await until('the notification', () => {
        const rows = world.rows('Reminding');
        return rows.length > 0 && rows;
      });
      expect(told).toMatchObject([{ ContactId: ASKER, SubjectId: guid(95) }]);
      // What a process sends for parameters without a value asks for no row.
      expect(
        (await execute({ requestId: '00000000-0000-0000-0000-000000000000', requestedBy: '' })).status,
      ).toBe(202);
      expect(await opened.rollcall.runs(10)).toHaveLength(2);
    } finally {
      await server.close();
    }
  });

  test('is told later when the CRM is away at the end of its run', async () => {
    const { opened, request } = await start([asked(guid(91))]);
    await opened.rollcall.import({ trigger: 'command' });
    // From now on, the CRM takes no writes for a while.
    world.creatio.setFaults([
      {
        system: 'creatio',
        method: 'POST',
        path: '\\$batch',
        fault: 'status',
        status: 503,
        when: { times: 8 },
      },
    ]);
    await opened.rollcall.trigger(
      { kind: 'import', trigger: 'process' },
      { id: guid(91), requestedBy: null },
    );
    await until('the row is told', () => request(guid(91))['status'] === 'Done', 90_000);
    expect(world.rows('Reminding')).toEqual([]);
  });

  test('that is found by a poll is run once, and again when it is new again', async () => {
    const { opened, request } = await start(
      [asked(guid(92)), asked(guid(93), 'GetWebitelUsers'), asked(guid(94), 'dance')],
      'poll: { seconds: 10 }',
    );
    // One look is enough for the first round; the next ones come ten seconds apart.
    working.push(opened.rollcall.schedule(ending.signal));
    await until(
      'both rows are told',
      () => [92, 93].every((id) => request(guid(id))['status'] === 'Done'),
      60_000,
    );
    expect(request(guid(94))).toMatchObject({
      status: 'Failed',
      UsrMessage: expect.stringContaining('import, push, sync, GetWebitelUsers'),
    });
    const runs = await opened.rollcall.runs(10);
    expect(runs.filter(({ trigger }) => trigger === 'poll')).not.toHaveLength(0);
    const before = request(guid(92))['UsrRunId'];
    world.creatio.updateRow('UsrSyncRequest', guid(92), { UsrStatusId: NEW });
    await until(
      'it has another run',
      () => request(guid(92))['UsrRunId'] !== before && request(guid(92))['status'] === 'Done',
      60_000,
    );

    const [record] = world.rows('UsrWebitelUser');
    world.creatio.updateRow('UsrWebitelUser', textOf(record?.['Id']), { UsrSyncError: 'looked at' });
    await until(
      'the edit is found, too',
      async () =>
        (await opened.rollcall.runs(20)).some(({ kind, trigger }) => kind === 'push' && trigger === 'poll'),
      60_000,
    );
  });
});
