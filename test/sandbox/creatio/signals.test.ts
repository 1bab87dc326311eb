import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Delivery, Json } from '../../../src/sandbox/types.ts';
import { useReceivers, type Answering, type Receiver } from './receiver.ts';
import { asText, byText, guid, useSites, type Site } from './site.ts';

const startSite = useSites();
const startReceiver = useReceivers();

const CULTURE = 'a5420246-0a8e-e111-84a3-00155d054c03';
const ALL_EMPLOYEES = 'a29a3ba5-4b0d-de11-9a51-005056c00008';

const data = {
  UsrWebitelUser: [
    { Id: guid(11), UsrName: 'Anna' },
    { Id: guid(12), UsrName: 'Boris' },
  ],
  UsrWebitelRole: [{ Id: guid(21), Name: 'Agent' }],
  UsrWebitelUserRole: [{ Id: guid(31), UsrWebitelUserId: guid(11), UsrRoleId: guid(21) }],
};

interface Bench {
  site: Site;
  receiver: Receiver;
  /** Waits until all calls have ended, and answers them. */
  settled: () => Promise<Delivery[]>;
}

async function start(switches: Record<string, Json> = {}, answering?: Answering): Promise<Bench> {
  const receiver = await startReceiver(answering);
  const webhookUrl = `${receiver.url}/v1/webhooks/creatio`;
  const site = await startSite({ data, switches: { webhookUrl, ...switches } });
  return {
    site,
    receiver,
    settled: async () => {
      expect(await site.sandbox.deliveries.settled(20_000)).toBe(true);
      return site.sandbox.deliveries.list();
    },
  };
}

/** `n` records, added one after the other past HTTP. */
function addRecords({ sandbox }: Site, count: number): string[] {
  const ids = Array.from({ length: count }, (_, at) => guid(1000 + at));
  for (const Id of ids) sandbox.insertRow('UsrWebitelUser', { Id, UsrName: 'New' });
  return ids;
}

const idsOf = ({ calls }: Receiver): Json[] => calls.map(({ json }) => json['id'] ?? null);

describe('a change', () => {
  test('by OData calls the connector with the object, the row, the event and the token', async () => {
    const { site, receiver, settled } = await start({ webhookToken: 'fixed-token' });
    const caller = await site.signIn();
    const id = asText((await caller.odata('POST', 'UsrWebitelUser', { body: { UsrName: 'Cid' } })).at('Id'));
    await settled();
    await caller.odata('PATCH', `UsrWebitelUser(${id})`, { body: { UsrName: 'Sid' } });
    await settled();
    await caller.odata('DELETE', `UsrWebitelUser(${id})`);
    expect(await settled()).toEqual(
      ['added', 'modified', 'deleted'].map((event) => ({
        entity: 'UsrWebitelUser',
        id,
        event,
        outcome: 'delivered',
        status: 202,
        error: null,
        attempts: 1,
        ms: expect.any(Number),
        isDuplicate: false,
      })),
    );
    expect(receiver.calls.map(({ json }) => json)).toEqual(
      ['added', 'modified', 'deleted'].map((event) => ({ entity: 'UsrWebitelUser', id, event })),
    );
    for (const { path, headers } of receiver.calls) {
      expect(path).toBe('/v1/webhooks/creatio');
      expect(headers).toMatchObject({
        authorization: 'Bearer fixed-token',
        'content-type': 'application/json; charset=utf-8',
      });
      expect(headers).not.toHaveProperty('webhook-signature');
    }
  });

  test('past HTTP calls as well, with stamps of whoever edits', async () => {
    const { site, receiver, settled } = await start();
    site.sandbox.insertRow('Contact', { Id: '410006e1-ca4e-4502-a9ec-e54d922d2c00', Name: 'Supervisor' });
    const before = site.sandbox.state()['UsrWebitelUser']?.[0]?.['ModifiedOn'];
    const row = site.sandbox.updateRow('UsrWebitelUser', guid(11), { UsrName: 'Hanna' });
    expect(row).toMatchObject({ ModifiedById: '410006e1-ca4e-4502-a9ec-e54d922d2c00' });
    expect(asText(row['ModifiedOn']) > asText(before)).toBe(true);
    const role = site.sandbox.insertRow('UsrWebitelUserRole', {
      UsrWebitelUserId: guid(12),
      UsrRoleId: guid(21),
    });
    expect(role).toMatchObject({ ModifiedById: '410006e1-ca4e-4502-a9ec-e54d922d2c00' });
    site.sandbox.deleteRow('UsrWebitelUserRole', guid(31));
    await settled();
    expect(receiver.calls.map(({ json }) => json).toSorted(byText)).toEqual(
      [
        { entity: 'UsrWebitelUser', id: guid(11), event: 'modified' },
        { entity: 'UsrWebitelUserRole', id: asText(role['Id']), event: 'added' },
        { entity: 'UsrWebitelUserRole', id: guid(31), event: 'deleted' },
      ].toSorted(byText),
    );
  });

  test('of a user by AdministrationService calls where users are among the objects', async () => {
    const { site, receiver, settled } = await start({ webhookEntities: ['SysAdminUnit'] });
    const caller = await site.signIn();
    const jsonObject = JSON.stringify({ Id: guid(61), Name: 'anna', SysCulture: CULTURE });
    const body = { jsonObject, roleId: ALL_EMPLOYEES };
    await caller.send('POST', '/0/rest/AdministrationService/UpdateOrCreateUser', { body });
    await settled();
    expect(receiver.calls.map(({ json }) => json)).toEqual([
      { entity: 'SysAdminUnit', id: guid(61), event: 'added' },
    ]);
  });

  test('of another object, of an event that starts nothing, or that was refused calls nobody', async () => {
    const { site, receiver, settled } = await start({ webhookEvents: ['deleted'] });
    const caller = await site.signIn();
    await caller.odata('POST', 'Contact', { body: { Name: 'Cid' } });
    await caller.odata('PATCH', `UsrWebitelUser(${guid(11)})`, { body: { UsrName: 'Hanna' } });
    await caller.odata('DELETE', `UsrWebitelRole(${guid(21)})`);
    await caller.odata('DELETE', `UsrWebitelUser(${guid(99)})`);
    expect(await settled()).toEqual([]);
    expect(receiver.calls).toEqual([]);
  });

  test('of a record takes its rows along in silence, unless they are said to start processes', async () => {
    const { site, receiver, settled } = await start();
    site.sandbox.deleteRow('UsrWebitelUser', guid(11));
    await settled();
    expect(idsOf(receiver)).toEqual([guid(11)]);
    site.sandbox.insertRow('UsrWebitelUserRole', {
      Id: guid(32),
      UsrWebitelUserId: guid(12),
      UsrRoleId: guid(21),
    });
    await settled();
    site.sandbox.setSwitches({ cascadeSignals: true });
    site.sandbox.deleteRow('UsrWebitelUser', guid(12));
    await settled();
    expect(idsOf(receiver).slice(2).toSorted(byText)).toEqual([guid(12), guid(32)]);
  });

  test('is told in the shape and under the names of the site', async () => {
    const { site, receiver, settled } = await start({
      renameEntities: { UsrWebitelUser: 'AbcUser' },
      webhookBody: { EntityName: '{entity}', Record: { Id: '{id}' }, tags: ['{event}', '{other}'] },
      webhookToken: 'fixed-token',
      webhookTokenHeader: 'X-Token',
    });
    site.sandbox.updateRow('AbcUser', guid(11), { UsrName: 'Hanna' });
    await settled();
    expect(receiver.calls.map(({ json }) => json)).toEqual([
      { EntityName: 'AbcUser', Record: { Id: guid(11) }, tags: ['modified', '{other}'] },
    ]);
    expect(receiver.calls[0]?.headers).toMatchObject({ 'x-token': 'fixed-token' });
    expect(receiver.calls[0]?.headers).not.toHaveProperty('authorization');
    expect(() => site.sandbox.setSwitches({ webhookEntities: ['UsrWebtelUser'] })).toThrow('UsrWebtelUser');
  });
});

describe('a batch', () => {
  const insert = (n: number, more: Record<string, Json> = {}): Json => ({
    id: String(n),
    method: 'POST',
    url: 'UsrWebitelUser',
    headers: { 'Content-Type': 'application/json' },
    body: { Id: guid(n), UsrName: 'New' },
    ...more,
  });

  test('makes one call for each change, so many side by side as the switch says', async () => {
    let isOpen = false;
    const waiting: (() => void)[] = [];
    const holdBack: Answering = () =>
      isOpen ? 202 : new Promise((resolve) => waiting.push(() => resolve(202)));
    const { site, receiver, settled } = await start({ webhookParallel: 2 }, holdBack);
    const caller = await site.signIn();
    const ids = Array.from({ length: 20 }, (_, at) => 1000 + at);
    expect((await caller.batch(ids.map((n) => insert(n)))).status).toBe(200);
    while (waiting.length < 2) await site.login();
    for (let round = 0; round < 5; round += 1) await site.login();
    expect(receiver.calls).toHaveLength(2);
    isOpen = true;
    for (const answer of waiting) answer();
    expect(await settled()).toHaveLength(20);
    expect(idsOf(receiver).toSorted(byText)).toEqual(ids.map(guid));
  });

  test('calls for nothing that its group took back', async () => {
    const { site, receiver, settled } = await start();
    const caller = await site.signIn();
    const group = { atomicityGroup: 'g' };
    await caller.batch([insert(1000), insert(1001, group), insert(1001, group), insert(1002)], {
      prefer: 'continue-on-error',
    });
    await settled();
    expect(idsOf(receiver).toSorted(byText)).toEqual([guid(1000), guid(1002)]);
  });
});

describe('a call', () => {
  test('that fails is repeated at once with the same body, as often as the switch says', async () => {
    const { site, receiver, settled } = await start({ webhookRetries: 3 }, (_call, nth) =>
      nth < 3 ? 503 : 202,
    );
    addRecords(site, 1);
    expect(await settled()).toMatchObject([{ outcome: 'delivered', status: 202, attempts: 3 }]);
    expect(new Set(receiver.calls.map(({ text }) => text)).size).toBe(1);

    const refused = await start({ webhookRetries: 1 }, () => 401);
    addRecords(refused.site, 1);
    expect(await refused.settled()).toMatchObject([{ outcome: 'failed', status: 401, attempts: 2 }]);
    const once = await start({ webhookRetries: 5, webhookRetryOn: 'no-answer' }, () => 500);
    addRecords(once.site, 1);
    expect(await once.settled()).toMatchObject([{ outcome: 'failed', status: 500, attempts: 1 }]);
  });

  test('that is not answered in time has arrived all the same, and is repeated', async () => {
    const { site, receiver, settled } = await start(
      { webhookTimeoutMs: 150, webhookRetries: 1 },
      (_call, nth) => (nth === 1 ? 'never' : 202),
    );
    addRecords(site, 1);
    expect(await settled()).toMatchObject([{ outcome: 'delivered', status: 202, attempts: 2 }]);
    expect(receiver.calls).toHaveLength(2);
    const silent = await start({ webhookTimeoutMs: 150, webhookRetries: 0 }, () => 'never');
    addRecords(silent.site, 1);
    expect(await silent.settled()).toMatchObject([
      { outcome: 'failed', status: null, error: 'no answer within 150 ms', attempts: 1 },
    ]);
  });

  test('to nobody fails, and the change stands', async () => {
    const { site, settled } = await start({ webhookUrl: 'http://127.0.0.1:1/hook', webhookRetries: 1 });
    addRecords(site, 1);
    expect(await settled()).toMatchObject([
      { outcome: 'failed', status: null, error: expect.stringContaining('ECONNREFUSED'), attempts: 2 },
    ]);
    expect(site.sandbox.state()['UsrWebitelUser']).toHaveLength(3);
  });

  test('is signed where a secret is set, with one id for all of its attempts', async () => {
    const key = Buffer.from('a key of the webhook').toString('base64');
    const { site, receiver, settled } = await start({ webhookSecret: `whsec_${key}` }, (_call, nth) =>
      nth === 1 ? 500 : 202,
    );
    addRecords(site, 1);
    await settled();
    site.sandbox.updateRow('UsrWebitelUser', guid(11), { UsrName: 'Hanna' });
    await settled();
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    for (const { headers, text } of receiver.calls) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
      const wanted = createHmac('sha256', 'a key of the webhook').update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${wanted}`);
      expect(Math.abs(Number(headers['webhook-timestamp']) * 1000 - site.clock.now())).toBeLessThan(60_000);
    }
    site.sandbox.setSwitches({ clockSkewMinutes: -60 });
    site.sandbox.updateRow('UsrWebitelUser', guid(11), { UsrName: 'Anna' });
    await settled();
    const stale = Number(receiver.calls.at(-1)?.headers['webhook-timestamp']) * 1000;
    expect(site.clock.now() - stale).toBeGreaterThan(59 * 60_000);
  });

  test('is lost or doubled as often as the switches say, the same ones for the same seed', async () => {
    const play = async (): Promise<Pick<Delivery, 'id' | 'outcome' | 'isDuplicate'>[]> => {
      const { site, settled, receiver } = await start({ webhookLosses: 0.2, webhookDuplicates: 0.3 });
      addRecords(site, 200);
      const deliveries = await settled();
      expect(receiver.calls).toHaveLength(deliveries.filter(({ outcome }) => outcome !== 'lost').length);
      return deliveries.map(({ id, outcome, isDuplicate }) => ({ id, outcome, isDuplicate }));
    };
    const first = await play();
    const lost = first.filter(({ outcome }) => outcome === 'lost').length;
    const doubled = first.filter(({ isDuplicate }) => isDuplicate).length;
    expect(lost).toBeGreaterThan(20);
    expect(lost).toBeLessThan(60);
    expect(doubled).toBeGreaterThan(35);
    expect(doubled).toBeLessThan(85);
    expect(await play()).toEqual(first);
  });

  test('comes after a later one where calls are reordered, and none is left behind', async () => {
    const { site, receiver, settled } = await start({ webhookReordering: 0.3, webhookParallel: 1 });
    const ids = addRecords(site, 60);
    await settled();
    const arrived = idsOf(receiver);
    expect(arrived.toSorted(byText)).toEqual(ids);
    expect(arrived).not.toEqual(ids);
    const inOrder = await start({ webhookParallel: 1 });
    addRecords(inOrder.site, 60);
    await inOrder.settled();
    expect(idsOf(inOrder.receiver)).toEqual(ids);
  });

  test('before the commit finds others reading what was before, until it has ended', async () => {
    const seen: Json[] = [];
    const readers: { read: (id: string) => Promise<Json> }[] = [];
    const look: Answering = async ({ json }) => {
      const [reader] = readers;
      if (reader !== undefined) seen.push(await reader.read(asText(json['id'])));
      return 202;
    };
    const { site, settled } = await start({ webhookCommitAfterMs: 0 }, look);
    const other = await site.signIn();
    const read = async (id: string): Promise<Json> => {
      const answer = await other.get(`UsrWebitelUser(${id})`);
      const list = await other.get('UsrWebitelUser?$orderby=Id&$select=Id,UsrName');
      const rows = list.rows().filter((row) => row['Id'] === id);
      expect(rows.map((row) => row['UsrName'])).toEqual(answer.status === 404 ? [] : [answer.at('UsrName')]);
      return answer.status === 404 ? 404 : asText(answer.at('UsrName'));
    };
    readers.push({ read });
    const author = await site.signIn();
    // Each answer comes after the commit: its author reads what was written.
    const created = await author.odata('POST', 'UsrWebitelUser', {
      body: { Id: guid(13), UsrName: 'Cid' },
    });
    expect(created.status).toBe(201);
    expect(await read(guid(13))).toBe('Cid');
    await author.odata('PATCH', `UsrWebitelUser(${guid(13)})`, { body: { UsrName: 'Sid' } });
    expect(await read(guid(13))).toBe('Sid');
    await author.odata('DELETE', `UsrWebitelUser(${guid(13)})`);
    expect(await read(guid(13))).toBe(404);
    await settled();
    expect(seen).toEqual([404, 'Cid', 'Sid']);
  });

  test('ends with the sandbox, whatever it waits for', async () => {
    const { site } = await start({ webhookParallel: 1, webhookCommitAfterMs: 60_000 }, () => 'never');
    addRecords(site, 3);
    expect(await site.sandbox.deliveries.settled(20)).toBe(false);
    await site.sandbox.close();
    expect(site.sandbox.deliveries.list()).toHaveLength(3);
  });
});
