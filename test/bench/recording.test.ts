import { createServer, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { ImportSize } from './document.ts';
import { repeated } from './figures.ts';
import { limitsOf } from './import.ts';
import { laneOf, makersOf, phasesOf } from './order.ts';
import { countDone, startRecorder, type Recorded } from './recording.ts';

function recorded(path: string, changes: Partial<Recorded> = {}): Recorded {
  const plain = { method: 'GET', headers: {}, body: '', status: 200, done: 0 };
  return { system: 'creatio', path, ...plain, ...changes };
}

const batch = (done: number): Recorded => recorded('/0/odata/$batch', { method: 'POST', done });

describe('phases', () => {
  test('the first batch goes alone, between what is read before all batches and after them', () => {
    const requests = [recorded('/a'), recorded('/b'), batch(1), batch(2), batch(3), recorded('/c')];
    expect(phasesOf(requests).map((phase) => phase.length)).toEqual([2, 1, 2, 1]);
  });

  test('without a batch there is one phase', () => {
    expect(phasesOf([recorded('/a'), recorded('/b')]).map((phase) => phase.length)).toEqual([2]);
  });
});

describe('lanes', () => {
  test('pages of one list are asked one after the other, two lists side by side', () => {
    const first = laneOf(recorded('/0/odata/Contact?$select=Id&$top=2000&$skip=0'), 0);
    expect(laneOf(recorded('/0/odata/Contact?$select=Id&$top=2001&$skip=1999'), 1)).toBe(first);
    expect(laneOf(recorded('/0/odata/SysAdminUnit?$select=Id&$top=2000&$skip=0'), 2)).not.toBe(first);
    const users = recorded('/api/users?fields=id&page=1&size=500', { system: 'webitel' });
    expect(laneOf({ ...users, path: '/api/users?fields=id&page=2&size=500' }, 4)).toBe(laneOf(users, 3));
  });

  test('batches do not wait for one another', () => {
    expect(laneOf(batch(1), 0)).not.toBe(laneOf(batch(1), 1));
  });
});

describe('rows that others rest on', () => {
  const own = (number: number): string => `11111111-2222-5333-8444-${String(number).padStart(12, '0')}`;
  const write = (...ids: string[]): Recorded => ({ ...batch(1), body: JSON.stringify(ids) });

  test('are made by the request that mentions them first, and waited for by all others', () => {
    const [first, second, third] = [write(own(1), own(2)), write(own(3)), write(own(2), own(3), own(4))];
    const makers = makersOf([first, second, third]);
    expect([first, second, third].map((one) => [...(makers.get(one) ?? [])])).toEqual([
      [],
      [],
      [first, second],
    ]);
  });

  test('are only those that the import makes: what two requests share of the site holds nobody up', () => {
    const employee = '60733efc-f36b-1410-a883-16d83cab0980';
    const [first, second] = [write(employee, own(1)), write(employee, own(2), own(2))];
    expect([...(makersOf([first, second]).get(second) ?? [])]).toEqual([]);
  });
});

test('parts that were carried out are counted, refused ones are not', () => {
  const answer = { responses: [{ status: 201 }, { status: 204 }, { status: 500 }, { status: 404 }] };
  expect(countDone(Buffer.from(JSON.stringify(answer)))).toBe(2);
});

test('a recorder hands everything on and keeps no secret of it', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((incoming, outgoing) => {
    const token = incoming.headers['x-webitel-access'];
    seen.push(incoming.headers.cookie, Array.isArray(token) ? token.join() : token);
    outgoing.writeHead(201, { 'content-type': 'application/json' }).end('{"responses":[{"status":201}]}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  const kept: Recorded[] = [];
  const recorder = await startRecorder('creatio', `http://127.0.0.1:${address.port}`, kept);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${recorder.url}/0/odata/$batch`, {
        method: 'POST',
        headers: {
          cookie: 'A=canary-cookie',
          'x-webitel-access': 'canary-token',
          prefer: 'continue-on-error',
        },
      })
        .on('response', resolve)
        .on('error', reject)
        .end('{"requests":[]}');
    });
    expect([answer.statusCode, await text(answer)]).toEqual([201, '{"responses":[{"status":201}]}']);
  } finally {
    await recorder.close();
    server.close();
    server.closeAllConnections();
  }
  expect(seen).toEqual(['A=canary-cookie', 'canary-token']);
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({
    method: 'POST',
    path: '/0/odata/$batch',
    body: '{"requests":[]}',
    status: 201,
    done: 1,
  });
  expect(kept[0]?.headers['prefer']).toBe('continue-on-error');
  expect(JSON.stringify(kept)).not.toContain('canary');
});

test('the figure of several runs is their least, with the median beside it', () => {
  expect(repeated([30, 10, 20])).toEqual({ min: 10, median: 20, all: [30, 10, 20] });
  expect(repeated([1, 2, 3, 10])).toMatchObject({ min: 1, median: 2.5 });
});

describe('limits', () => {
  const size = (users: number, changes: { ratio: number; aboveIdleMb: number; msPerUser: number }) => {
    const once = repeated([1]);
    const measured: ImportSize = {
      users,
      contacts: users * 4,
      crmUsers: 1,
      latencyMs: 0,
      batchMs: 0,
      writes: 1,
      requests: { used: 1, floor: 1, retries: 0 },
      importMs: once,
      phases: [],
      replayMs: once,
      ratio: { min: changes.ratio, median: 9 },
      msPerUser: changes.msPerUser,
      openMs: once,
      cpuMs: { import: once, sandboxes: once },
      memory: { idleMb: 1, peakMb: 1, aboveIdleMb: changes.aboveIdleMb, heapAboveIdleMb: 1 },
    };
    return measured;
  };

  test('are those of the sizes that were measured', () => {
    expect(limitsOf([size(1000, { ratio: 9, aboveIdleMb: 999, msPerUser: 9 })])).toEqual([]);
    expect(
      limitsOf([
        size(10_000, { ratio: 1.3, aboveIdleMb: 151, msPerUser: 2 }),
        size(100_000, { ratio: 9, aboveIdleMb: 400, msPerUser: 2.7 }),
      ]).map(({ limit, measured, met }) => [limit, measured, met]),
    ).toEqual([
      [1.3, 1.3, true],
      [150, 151, false],
      [400, 400, true],
      [1.3, 1.35, false],
    ]);
  });
});
