import { afterEach, describe, expect, test } from '@jest/globals';
import { createControlServer, type ControlServer } from '../../../src/sandbox/control/server.ts';
import { createSandboxClock } from '../../../src/sandbox/kit/clock.ts';
import type {
  Delivery,
  FaultRule,
  Json,
  Row,
  Sandbox,
  SandboxSystem,
  Tables,
} from '../../../src/sandbox/types.ts';
import { ask } from './client.ts';

/** The plainest sandbox there can be: a table of rows and a record of what it was told. */
interface Plain extends Sandbox {
  faults: FaultRule[];
  switches: Record<string, Json>;
}

function createPlain(system: SandboxSystem): Plain {
  const tables: Tables = { things: [{ id: '1', name: system }] };
  const find = (id: string): Row => {
    const row = tables['things']?.find((candidate) => candidate['id'] === id);
    if (row === undefined) throw new Error(`no row ${id}`);
    return row;
  };
  let counts = [{ system, method: 'GET', route: '/things', count: 3 }];
  const plain: Plain = {
    system,
    faults: [],
    switches: {},
    listen: async () => ({ url: '' }),
    close: async () => undefined,
    state: () => structuredClone(tables),
    requests: () => counts,
    clearRequests: () => {
      counts = [];
    },
    setFaults: (rules) => {
      plain.faults = rules;
    },
    setSwitches: (values) => {
      if ('unknown' in values) throw new Error('no switch "unknown"; known: csrf');
      plain.switches = { ...plain.switches, ...values };
    },
    insertRow: (table, row) => {
      tables[table]?.push(row);
      return row;
    },
    updateRow: (_table, id, changes) => Object.assign(find(id), changes),
    deleteRow: (table, id) => {
      find(id);
      tables[table] = (tables[table] ?? []).filter((row) => row['id'] !== id);
    },
  };
  return plain;
}

const delivery = (outcome: Delivery['outcome']): Delivery => ({
  entity: 'things',
  id: '1',
  event: 'modified',
  outcome,
  status: null,
  error: null,
  attempts: 1,
  ms: 3,
  isDuplicate: false,
});

/** A book that tells how long it was waited for, and settles as it is told to. */
function createBook(isSettled: boolean) {
  const book = {
    deliveries: [delivery('waiting'), delivery('lost')],
    waits: Array<number>(),
    list: () => book.deliveries,
    clear: () => {
      book.deliveries = book.deliveries.filter(({ outcome }) => outcome === 'waiting');
    },
    settled: async (withinMs: number) => {
      book.waits.push(withinMs);
      return isSettled;
    },
  };
  return book;
}

const open: ControlServer[] = [];

async function bench({ isSettled = true } = {}) {
  const deliveries = createBook(isSettled);
  const sandboxes = { creatio: createPlain('creatio'), webitel: createPlain('webitel') };
  const clock = createSandboxClock(1000, () => 0);
  const truth = { '7': { contact: 'c', crmUser: null } };
  const control = createControlServer({ sandboxes, clock, truth, deliveries });
  open.push(control);
  const { url } = await control.listen();
  return { url, sandboxes, clock, truth, deliveries };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((control) => control.close()));
});

describe('the control server', () => {
  test('shows the rows of both systems, the truth and the counted requests', async () => {
    const { url, truth } = await bench();
    expect((await ask(url, 'GET', '/state')).json).toEqual({
      webitel: { things: [{ id: '1', name: 'webitel' }] },
      creatio: { things: [{ id: '1', name: 'creatio' }] },
    });
    expect((await ask(url, 'GET', '/truth')).json).toEqual(truth);
    expect((await ask(url, 'GET', '/requests')).json).toEqual([
      { system: 'creatio', method: 'GET', route: '/things', count: 3 },
      { system: 'webitel', method: 'GET', route: '/things', count: 3 },
    ]);
    await ask(url, 'DELETE', '/requests');
    expect((await ask(url, 'GET', '/requests')).json).toEqual([]);
  });

  test('hands fault rules to both systems and takes them back', async () => {
    const { url, sandboxes } = await bench();
    const rules = [
      {
        system: 'creatio',
        method: 'POST',
        path: 'batch',
        when: { firstOfBody: true },
        fault: 'reset-after-write',
      },
      { system: 'webitel', fault: 'status', status: 429, headers: { 'retry-after': '1' }, body: null },
    ];
    expect((await ask(url, 'POST', '/faults', rules)).json).toEqual({ rules: 2 });
    expect(sandboxes.creatio.faults).toEqual(rules);
    expect(sandboxes.webitel.faults).toEqual(rules);
    await ask(url, 'DELETE', '/faults');
    expect([sandboxes.creatio.faults, sandboxes.webitel.faults]).toEqual([[], []]);
  });

  test('sets and moves the clock', async () => {
    const { url, clock } = await bench();
    expect((await ask(url, 'POST', '/clock', { advanceMs: 500 })).json).toEqual({ now: 1500 });
    expect((await ask(url, 'POST', '/clock', { now: 9000, advanceMs: 1 })).json).toEqual({ now: 9001 });
    expect(clock.now()).toBe(9001);
  });

  test('sets switches of one system', async () => {
    const { url, sandboxes } = await bench();
    await ask(url, 'POST', '/switches', { system: 'creatio', values: { csrf: false } });
    expect([sandboxes.creatio.switches, sandboxes.webitel.switches]).toEqual([{ csrf: false }, {}]);
  });

  test('edits rows as somebody else', async () => {
    const { url, sandboxes } = await bench();
    const edit = { system: 'webitel', table: 'things' };
    await ask(url, 'POST', '/rows', { ...edit, op: 'insert', row: { id: '2', name: 'new' } });
    const changed = await ask(url, 'POST', '/rows', {
      ...edit,
      op: 'update',
      id: '2',
      row: { name: 'other' },
    });
    expect(changed.json).toEqual({ row: { id: '2', name: 'other' } });
    await ask(url, 'POST', '/rows', { ...edit, op: 'delete', id: '1' });
    expect(sandboxes.webitel.state()).toEqual({ things: [{ id: '2', name: 'other' }] });
    expect(sandboxes.creatio.state()).toEqual({ things: [{ id: '1', name: 'creatio' }] });
  });

  test('lists the calls to the connector, forgets those that have ended, and waits for the others', async () => {
    const { url, deliveries } = await bench();
    const both = [delivery('waiting'), delivery('lost')];
    expect((await ask(url, 'GET', '/deliveries')).json).toEqual(both);
    expect(deliveries.waits).toEqual([]);
    expect((await ask(url, 'GET', '/deliveries?settled=1&withinMs=250')).json).toEqual(both);
    await ask(url, 'DELETE', '/deliveries');
    expect((await ask(url, 'GET', '/deliveries?settled=1')).json).toEqual([delivery('waiting')]);
    expect(deliveries.waits).toEqual([250, 30_000]);
  });

  test('says so when calls are still under way after the time to wait', async () => {
    const { url } = await bench({ isSettled: false });
    const answer = await ask(url, 'GET', '/deliveries?settled=1&withinMs=250');
    expect([answer.status, JSON.stringify(answer.json)]).toEqual([408, expect.stringContaining('250 ms')]);
    expect((await ask(url, 'GET', '/deliveries?settled=yes')).status).toBe(400);
  });

  test.each([
    ['/faults', { system: 'creatio', fault: 'html' }, /array/],
    ['/faults', [{ system: 'creatio', fault: 'explode' }], /0\.fault/],
    ['/faults', [{ system: 'creatio', fault: 'html', delay: 5 }], /delay/],
    ['/faults', [{ system: 'creatio', fault: 'html', path: '(' }], /0\.path: .*regular expression/],
    ['/faults', [{ system: 'creatio', fault: 'html', when: { nth: 0 } }], /0\.when\.nth/],
    ['/faults', [{ system: 'webitel', fault: 'expire-session' }], /0\.fault: .*creatio/],
    ['/clock', {}, /now or advanceMs/],
    ['/clock', { now: 'noon' }, /now/],
    ['/switches', { system: 'creatio', values: { unknown: 1 } }, /known: csrf/],
    ['/switches', { system: 'xontel', values: {} }, /system/],
    ['/rows', { system: 'creatio', table: 'things', op: 'delete' }, /id/],
    ['/rows', { system: 'creatio', table: 'things', op: 'delete', id: '99' }, /no row 99/],
    ['/rows', { system: 'creatio', table: 'things', op: 'drop', id: '1' }, /op/],
  ])('refuses a wrong POST %s with 400 and the field: %j', async (path, body, message) => {
    const { url, sandboxes } = await bench();
    const answer = await ask(url, 'POST', path, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.json)).toMatch(message);
    expect(sandboxes.creatio.faults).toEqual([]);
  });

  test('answers 404 to a path that it does not have', async () => {
    const { url } = await bench();
    expect(await ask(url, 'GET', '/nothing')).toMatchObject({
      status: 404,
      json: { error: expect.any(String) },
    });
  });
});
