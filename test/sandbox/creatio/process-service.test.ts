import { describe, expect, test } from '@jest/globals';
import type { Delivery, Json, Row } from '../../../src/sandbox/types.ts';
import { useReceivers, type Answering, type Receiver } from './receiver.ts';
import { asText, CALLER, EMPTY_GUID, guid, LOGIN, useSites, type Caller, type Site } from './site.ts';

const startSite = useSites();
const startReceiver = useReceivers();

const CODE = 'UsrGetWebitelUsers';
const STATUS = {
  new: 'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00001',
  failed: 'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00004',
};
const PROCESS = {
  running: 'ed2ae277-b6e2-df11-971b-001d60e938c6',
  completed: '815c9586-b6e2-df11-971b-001d60e938c6',
  error: 'f942c08d-b6e2-df11-971b-001d60e938c6',
};

interface Bench {
  site: Site;
  caller: Caller;
  receiver: Receiver;
  settled: () => Promise<Delivery[]>;
}

async function start(switches: Record<string, Json> = {}, answering?: Answering): Promise<Bench> {
  const receiver = await startReceiver(answering);
  const processUrl = `${receiver.url}/v1/processes/GetWebitelUsers/execute`;
  const site = await startSite({ switches: { processUrl, processToken: 'fixed-token', ...switches } });
  return {
    site,
    caller: await site.signIn(),
    receiver,
    settled: async () => {
      expect(await site.sandbox.deliveries.settled(20_000)).toBe(true);
      return site.sandbox.deliveries.list();
    },
  };
}

const service = '/0/ServiceModel/ProcessEngineService.svc';
const run = (caller: Caller, body: Json = { schemaName: CODE }) =>
  caller.send('POST', `${service}/RunProcess`, { body });
const execute = (caller: Caller, code = CODE, query = '', method = 'GET') =>
  caller.send(method, `${service}/${code}/Execute${query}`);
const rowsOf = ({ sandbox }: Site, table: string): Row[] => sandbox.state()[table] ?? [];

describe('RunProcess', () => {
  test('adds a request, calls the connector with it, and shows in the log of processes until it has ended', async () => {
    const waiting: (() => void)[] = [];
    const { site, caller, receiver, settled } = await start(
      {},
      () => new Promise((resolve) => waiting.push(() => resolve(202))),
    );
    const answer = await run(caller);
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        processId: expect.any(String),
        processStatus: 1,
        resultParameterValues: null,
        executionData: null,
        success: true,
        errorInfo: null,
      },
    ]);
    const processId = asText(answer.at('processId'));
    const log = () => caller.get(`SysProcessLog(${processId})`);
    expect((await log()).json()).toMatchObject({
      Name: CODE,
      StatusId: PROCESS.running,
      OwnerId: CALLER,
      CompleteDate: '0001-01-01T00:00:00Z',
    });
    while (waiting.length === 0) await site.login();
    const [request] = rowsOf(site, 'UsrSyncRequest');
    expect(request).toMatchObject({ UsrStatusId: STATUS.new, UsrRequestedById: CALLER, CreatedById: CALLER });
    expect(receiver.calls).toMatchObject([
      {
        path: '/v1/processes/GetWebitelUsers/execute',
        headers: { authorization: 'Bearer fixed-token' },
        json: { requestId: request?.['Id'], requestedBy: CALLER },
      },
    ]);
    for (const release of waiting) release();
    expect(await settled()).toMatchObject([
      { entity: 'UsrSyncRequest', id: request?.['Id'], event: 'execute', outcome: 'delivered', status: 202 },
    ]);
    const done = await log();
    expect(done.at('StatusId')).toBe(PROCESS.completed);
    expect(asText(done.at('CompleteDate')) >= asText(done.at('StartDate'))).toBe(true);
    expect(rowsOf(site, 'UsrSyncRequest')).toMatchObject([{ UsrStatusId: STATUS.new }]);
  });

  test('waits for the end where a result is asked for, or where nothing runs in the background', async () => {
    const { site, caller } = await start();
    const answer = await run(caller, { schemaName: CODE, resultParameterNames: ['RequestId', 'Other'] });
    expect(answer.at('processStatus')).toBe(2);
    expect(answer.at('resultParameterValues')).toEqual({
      RequestId: rowsOf(site, 'UsrSyncRequest')[0]?.['Id'],
      Other: null,
    });
    site.sandbox.setSwitches({ processInBackground: false, processDoneStatus: 7 });
    expect((await run(caller)).at('processStatus')).toBe(7);
    expect(rowsOf(site, 'SysProcessLog').map((row) => row['StatusId'])).toEqual([
      PROCESS.completed,
      PROCESS.completed,
    ]);
  });

  test('that nobody answers ends in error, after its retries, and fails the request', async () => {
    const { site, caller, receiver } = await start({ processInBackground: false }, () => 503);
    const answer = await run(caller);
    expect(answer.json()).toMatchObject({
      processStatus: 3,
      success: false,
      errorInfo: { message: 'The web service failed: it answered 503.' },
    });
    expect(receiver.calls).toHaveLength(3);
    expect(new Set(receiver.calls.map(({ text }) => text)).size).toBe(1);
    expect(rowsOf(site, 'UsrSyncRequest')).toMatchObject([
      { UsrStatusId: STATUS.failed, UsrMessage: 'The web service failed: it answered 503.' },
    ]);
    expect(rowsOf(site, 'SysProcessLog')).toMatchObject([
      { StatusId: PROCESS.error, ErrorDescription: expect.stringContaining('503') },
    ]);
  });

  test('only leaves the request to be found where the site cannot call out', async () => {
    const { site, caller, receiver } = await start({ processUrl: null });
    expect((await run(caller)).at('success')).toBe(true);
    expect(rowsOf(site, 'UsrSyncRequest')).toMatchObject([{ UsrStatusId: STATUS.new, UsrMessage: '' }]);
    expect(rowsOf(site, 'SysProcessLog')).toMatchObject([{ StatusId: PROCESS.completed }]);
    expect([receiver.calls, site.sandbox.deliveries.list()]).toEqual([[], []]);
  });

  test('leaves a request alone that the connector has taken before the call was lost', async () => {
    const takers: ((id: string) => Promise<void>)[] = [];
    const { site, caller } = await start({ processInBackground: false }, async ({ json }) => {
      await takers[0]?.(asText(json['requestId']));
      return 504;
    });
    const processing = 'd3a7b4e6-5f79-4b2c-9e7a-9c3f40b00002';
    const connector = await site.signIn();
    takers.push(async (id) => {
      await connector.odata('PATCH', `UsrSyncRequest(${id})`, { body: { UsrStatusId: processing } });
    });
    expect((await run(caller)).at('processStatus')).toBe(3);
    expect(rowsOf(site, 'UsrSyncRequest')).toMatchObject([{ UsrStatusId: processing, UsrMessage: '' }]);
  });

  test('of an unknown process is refused in the answer, of an unreadable request with 400', async () => {
    const { site, caller, receiver } = await start();
    expect((await run(caller, { schemaName: 'UsrNothing' })).json()).toMatchObject({
      processId: EMPTY_GUID,
      processStatus: 3,
      success: false,
      errorInfo: { message: expect.stringContaining('UsrNothing') },
    });
    expect((await run(caller, { code: CODE })).status).toBe(400);
    expect(rowsOf(site, 'SysProcessLog')).toEqual([]);
    expect(receiver.calls).toEqual([]);
  });

  test('needs a live session and the right, which is refused as the switch says', async () => {
    const { site, caller } = await start({ cannotRunProcesses: [LOGIN] });
    expect((await run(caller)).json()).toMatchObject({ success: false, processStatus: 3 });
    site.sandbox.setSwitches({ processDenied: '403' });
    expect((await run(caller)).status).toBe(403);
    site.sandbox.setSwitches({ processDenied: '500' });
    expect((await run(caller)).status).toBe(500);
    const stranger = await caller.send('POST', `${service}/RunProcess`, {
      headers: { cookie: '' },
      body: { schemaName: CODE },
    });
    expect([stranger.status, stranger.at('Message')]).toEqual([401, 'Authentication failed.']);
    expect(rowsOf(site, 'SysProcessLog')).toEqual([]);
  });

  test('is where the flavor of the site has its services', async () => {
    const { site } = await start({ flavor: 'netcore' });
    const caller = await site.signIn('/odata');
    const path = '/ServiceModel/ProcessEngineService.svc/RunProcess';
    const answer = await caller.send('POST', path, { body: { schemaName: CODE } });
    expect(answer.at('success')).toBe(true);
    expect((await run(caller)).status).toBe(404);
  });
});

describe('Execute', () => {
  const xml = (text: string): string =>
    `<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">${text}</string>`;

  test('starts the process by GET and by POST, and answers an empty text as XML', async () => {
    const { site, caller, settled } = await start();
    for (const method of ['GET', 'POST']) {
      const answer = await execute(caller, CODE, '', method);
      expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([
        200,
        'application/xml; charset=utf-8',
        xml(''),
      ]);
    }
    await settled();
    expect(rowsOf(site, 'UsrSyncRequest')).toHaveLength(2);
  });

  test('answers a result as JSON inside the XML', async () => {
    const { site, caller } = await start();
    const answer = await execute(caller, CODE, '?ResultParameterName=RequestId');
    expect(answer.text).toBe(xml(`"${asText(rowsOf(site, 'UsrSyncRequest')[0]?.['Id'])}"`));
  });

  test('of an unknown process is an error as the switch says', async () => {
    const { site, caller } = await start();
    const known = await execute(caller, 'UsrNothing');
    expect([known.status, known.at('Message')]).toEqual([500, expect.stringContaining('UsrNothing')]);
    site.sandbox.setSwitches({ unknownProcess: '500-html' });
    expect(await execute(caller, 'UsrNothing')).toMatchObject({ status: 500, text: /./ });
    site.sandbox.setSwitches({ unknownProcess: '404-html' });
    const page = await execute(caller, 'UsrNothing');
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html']);
    site.sandbox.setSwitches({ processCodes: ['UsrNothing'] });
    expect((await execute(caller, 'UsrNothing')).status).toBe(200);
  });
});

describe('what processes work with', () => {
  test('is in the metadata, with the states of requests and of processes as rows', async () => {
    const { caller } = await start();
    const { text } = await caller.get('$metadata');
    for (const name of ['UsrSyncRequest', 'UsrSyncLog', 'Reminding', 'SysProcessLog']) {
      expect(text).toContain(`<EntityType Name="${name}">`);
    }
    const names = async (set: string): Promise<Json[]> =>
      (await caller.get(`${set}?$orderby=Id`)).rows().map((row) => row['Name'] ?? null);
    expect(await names('UsrSyncRequestStatus')).toEqual(['New', 'Processing', 'Done', 'Failed']);
    expect(await names('NotificationType')).toEqual(['Notification', 'Reminder']);
    expect(await names('SysProcessStatus')).toHaveLength(5);
  });

  test('takes requests, logs and notifications, and lists requests by their state', async () => {
    const { site, caller } = await start();
    const post = (set: string, body: Row) => caller.odata('POST', set, { body });
    const request = { Id: guid(1), UsrStatusId: STATUS.new, UsrCommand: 'import' };
    expect((await post('UsrSyncRequest', request)).status).toBe(201);
    await post('UsrSyncRequest', { Id: guid(2), UsrStatusId: STATUS.failed });
    const list = await caller.get(
      `UsrSyncRequest?$filter=UsrStatus/Id eq ${STATUS.new}&$orderby=CreatedOn,Id`,
    );
    expect(list.rows().map((row) => row['Id'])).toEqual([guid(1)]);
    const counts = { UsrTotal: 60, UsrCreated: 50, UsrChanged: 3, UsrFailed: 1, UsrCases: 6 };
    expect((await post('UsrSyncLog', { UsrRequestId: guid(1), ...counts })).json()).toMatchObject(counts);
    const note = {
      AuthorId: CALLER,
      ContactId: CALLER,
      SourceId: 'a66d08e1-2e2d-e011-ac0a-00155d043205',
      NotificationTypeId: '685e7149-c015-4a4d-b4a6-2e5625a6314c',
      SubjectId: guid(1),
      SubjectCaption: 'Import has ended',
      RemindTime: '2026-01-02T03:04:05Z',
    };
    expect((await post('Reminding', note)).status).toBe(201);
    expect((await caller.get(`Reminding?$filter=Contact/Id eq ${CALLER}`)).rows()).toMatchObject([note]);
    expect((await post('SysProcessLog', { Name: 'x' })).status).toBe(500);
    // What the state shows starts another site.
    const copy = await startSite({ data: site.sandbox.state() });
    expect(copy.sandbox.state()['Reminding']).toEqual(site.sandbox.state()['Reminding']);
  });
});
