import { afterEach, describe, expect, test } from '@jest/globals';
import { startSandboxes, type RunningSandboxes, type SandboxesOptions } from '../../src/sandbox/start.ts';
import { z } from 'zod';
import { ask, read } from './control/client.ts';
import { useReceivers } from './creatio/receiver.ts';
import { asText } from './creatio/site.ts';

const startReceiver = useReceivers();
let running: RunningSandboxes[] = [];

async function start(options: SandboxesOptions): Promise<RunningSandboxes> {
  const sandboxes = await startSandboxes(options);
  running.push(sandboxes);
  return sandboxes;
}

afterEach(async () => {
  await Promise.all(running.map((sandboxes) => sandboxes.close()));
  running = [];
});

/** Signs in to Creatio and answers the headers of later calls. */
async function signIn({ creatio, credentials }: RunningSandboxes): Promise<Record<string, string>> {
  const body = { UserName: credentials.creatio.username, UserPassword: credentials.creatio.password };
  const answer = await ask(creatio.url, 'POST', '/ServiceModel/AuthService.svc/Login', body);
  expect(answer.json).toMatchObject({ Code: 0 });
  const cookies = (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '');
  const csrf = cookies.find((cookie) => cookie.startsWith('BPMCSRF='))?.slice('BPMCSRF='.length) ?? '';
  return { cookie: cookies.join('; '), BPMCSRF: csrf, ForceUseSession: 'true', accept: 'application/json' };
}

async function countInCreatio(sandboxes: RunningSandboxes, set: string, filter = ''): Promise<number> {
  const headers = await signIn(sandboxes);
  const query = `$count=true&$top=0${filter === '' ? '' : `&$filter=${encodeURIComponent(filter)}`}`;
  const page = z.object({ '@odata.count': z.int() });
  return (await read(page, sandboxes.creatio.url, `/0/odata/${set}?${query}`, headers))['@odata.count'];
}

async function listUsers({ webitel, credentials }: RunningSandboxes): Promise<Record<string, string>[]> {
  const headers = { 'X-Webitel-Access': credentials.webitel.token };
  const page = z.object({ items: z.array(z.record(z.string(), z.string())) });
  return (await read(page, webitel.url, '/api/users?size=1000&fields=id,name,username', headers)).items;
}

describe('the sandboxes together', () => {
  test('serve the generated people to the accounts that they name', async () => {
    const sandboxes = await start({ users: 120, contacts: 400, crmUsers: 90, seed: 7 });
    const users = await listUsers(sandboxes);
    expect(users).toHaveLength(120);
    expect(await countInCreatio(sandboxes, 'Contact')).toBe(400);
    expect(await countInCreatio(sandboxes, 'SysAdminUnit', 'SysAdminUnitTypeValue eq 4')).toBe(90);
    const truth = await read(z.record(z.string(), z.unknown()), sandboxes.control.url, '/truth');
    expect(Object.keys(truth).toSorted()).toEqual(users.map((user) => user['id'] ?? '').toSorted());
  });

  test('show a state that starts them anew with the same people', async () => {
    const first = await start({ users: 60, contacts: 200, crmUsers: 40, seed: 3 });
    const tables = z.record(z.string(), z.array(z.record(z.string(), z.json())));
    const state = await read(z.object({ webitel: tables, creatio: tables }), first.control.url, '/state');
    const second = await start({ data: state });
    expect(await listUsers(second)).toEqual(await listUsers(first));
    expect((await ask(second.control.url, 'GET', '/state')).json).toEqual(state);
    expect((await ask(second.control.url, 'GET', '/truth')).json).toEqual({});
  });

  test('count requests of both systems and strike with the faults of the control server', async () => {
    const sandboxes = await start({ users: 20 });
    await ask(sandboxes.control.url, 'POST', '/faults', [
      { system: 'webitel', path: '/users', fault: 'status', status: 503 },
    ]);
    const headers = { 'X-Webitel-Access': sandboxes.credentials.webitel.token };
    expect((await ask(sandboxes.webitel.url, 'GET', '/api/users', undefined, headers)).status).toBe(503);
    await ask(sandboxes.control.url, 'DELETE', '/faults');
    expect(await countInCreatio(sandboxes, 'Contact')).toBe(80);
    const counts = await read(
      z.array(z.object({ system: z.string(), count: z.int() })),
      sandboxes.control.url,
      '/requests',
    );
    expect(counts.filter(({ system }) => system === 'webitel').map(({ count }) => count)).toEqual([1]);
    expect(
      counts.filter(({ system }) => system === 'creatio').reduce((sum, { count }) => sum + count, 0),
    ).toBe(2);
  });

  test('call the connector about what is edited through the control server, and list the calls', async () => {
    const receiver = await startReceiver();
    const secret = Buffer.from('canary-key').toString('base64');
    const connector = { url: `${receiver.url}/`, token: 'canary-fixed', secret };
    const sandboxes = await start({ users: 60, connector });
    const { control, creatio } = sandboxes;
    const tables = z.record(z.string(), z.array(z.record(z.string(), z.json())));
    const state = async () => (await read(z.object({ creatio: tables }), control.url, '/state')).creatio;
    const settled = async () =>
      read(
        z.array(z.looseObject({ id: z.string(), outcome: z.string() })),
        control.url,
        '/deliveries?settled=1',
      );
    const before = await state();
    expect(before).toMatchObject({ UsrSyncRequest: [], UsrSyncLog: [], Reminding: [] });
    const record = before['UsrWebitelUser']?.[0];
    const edit = { system: 'creatio', table: 'UsrWebitelUser', op: 'update', id: record?.['Id'] };
    await ask(control.url, 'POST', '/rows', { ...edit, row: { UsrChatName: 'Olena' } });
    expect(await settled()).toMatchObject([{ id: record?.['Id'], event: 'modified', outcome: 'delivered' }]);
    const after = (await state())['UsrWebitelUser']?.find((row) => row['Id'] === record?.['Id']);
    expect(asText(after?.['ModifiedOn']) > asText(record?.['ModifiedOn'])).toBe(true);
    expect(after?.['ModifiedById']).toBe('410006e1-ca4e-4502-a9ec-e54d922d2c00');

    await ask(control.url, 'DELETE', '/deliveries');
    const headers = await signIn(sandboxes);
    const path = '/0/ServiceModel/ProcessEngineService.svc/RunProcess';
    const started = await ask(creatio.url, 'POST', path, { schemaName: 'UsrGetWebitelUsers' }, headers);
    expect(started.json).toMatchObject({ success: true });
    expect(await settled()).toMatchObject([{ entity: 'UsrSyncRequest', outcome: 'delivered' }]);
    expect(receiver.calls).toMatchObject([
      { path: '/v1/webhooks/creatio', headers: { 'webhook-id': expect.stringContaining('msg_') } },
      {
        path: '/v1/processes/GetWebitelUsers/execute',
        json: { requestedBy: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ]);
    const [change, process] = receiver.calls;
    expect(change?.headers).toMatchObject({ 'x-rollcall-token': 'canary-fixed' });
    expect(change?.headers).not.toHaveProperty('authorization');
    expect(process?.headers).toMatchObject({ authorization: 'Bearer canary-fixed' });
    expect(JSON.stringify([await state(), await settled()])).not.toContain('canary');
  });

  test('keep the secrets of the connector out of the state', async () => {
    const secrets = { creatioPassword: 'canary-password', webitelToken: 'canary-token' };
    const sandboxes = await start({ users: 5, secrets });
    expect(JSON.stringify((await ask(sandboxes.control.url, 'GET', '/state')).json)).not.toContain('canary');
  });

  test('take given rows without adding a user to the directory', async () => {
    const sandboxes = await start({
      data: { webitel: { users: [{ id: '5', name: 'Olena Koval', username: 'o.koval' }] }, creatio: {} },
    });
    expect(await listUsers(sandboxes)).toEqual([{ id: '5', name: 'Olena Koval', username: 'o.koval' }]);
  });

  test.each([
    ['no user', { users: [] }, /webitel\.users: at least one user/],
    ['an unknown column', { users: [{ id: '1', nick: 'x' }] }, /users[\s\S]*nick/],
  ])('refuse rows that are not usable and name the place: %s', async (_, webitel, message) => {
    await expect(startSandboxes({ data: { webitel, creatio: {} } })).rejects.toThrow(message);
  });
});
