import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmConnector, CrmWrite } from '../../../src/app/ports/crm.ts';
import type { FaultRule, Json } from '../../../src/sandbox/types.ts';
import { openStand, type CreatioStand } from './stand.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const create = (n: number, values: CrmWrite['values'] = { Name: `Contact ${n}` }): CrmWrite => ({
  ref: `c${n}`,
  kind: 'create',
  entity: 'Contact',
  id: id(n),
  values,
});
const update = (n: number, values: CrmWrite['values'] = {}): CrmWrite => ({
  ...create(n, values),
  kind: 'update',
});
const remove = (n: number): CrmWrite => ({ ...create(n, {}), kind: 'delete' });
const created = (part: string, n: number) => ({
  id: part,
  status: 201,
  headers: {},
  body: { Id: id(n), Name: 'x' },
});
const envelope = (message: string, type = 'Terrasoft.Common.DbOperationException') => ({
  error: {
    code: '',
    message: 'An error has occurred.',
    innererror: { message: 'x', type: '', internalexception: { message, type } },
  },
});

let stand: CreatioStand;
let crm: CrmConnector;
beforeEach(async () => {
  stand = await openStand();
  crm = stand.connector;
  await crm.describe();
});
afterEach(() => stand.close());

/** The next batch is answered with this, and nothing is done. */
const answer = (body: Json, status = 200): void =>
  stand.fault({ path: 'batch', when: { times: 1 }, fault: 'status', status, body });
const states = async (writes: readonly CrmWrite[]) =>
  (await crm.write(writes)).map((one) => (one.state === 'refused' ? one.code : one.state));

describe('Answers of a batch', () => {
  test('that stop half-way leave the rest unknown', async () => {
    answer({
      responses: [created('1', 1), { id: '2', status: 500, body: envelope('22001: value too long') }],
    });
    expect(await states([create(1), create(2), create(3)])).toEqual(['done', 'VALIDATION', 'unknown']);
  });

  test('that come in another order than they were sent are unknown', async () => {
    answer({ responses: [created('2', 2), created('1', 1), created('3', 3)] });
    expect(await states([create(1), create(2), create(3)])).toEqual(['unknown', 'unknown', 'done']);
  });

  test('that bear another id than the part at their place are unknown, whatever they say', async () => {
    answer({
      responses: [
        { id: '2', status: 204 },
        { id: '1', status: 404 },
      ],
    });
    expect(await states([update(1), update(2)])).toEqual(['unknown', 'unknown']);
    answer({
      responses: [
        { id: '1', status: 204 },
        { id: '1', status: 204 },
      ],
    });
    expect(await states([update(1), update(2)])).toEqual(['done', 'unknown']);
  });

  test('that tell of another row than the one sent are unknown', async () => {
    answer({ responses: [created('1', 7)] });
    expect(await states([create(1)])).toEqual(['unknown']);
  });

  test('are done without a row where the product sends none', async () => {
    answer({
      responses: [
        { id: '1', status: 201 },
        { id: '2', status: 204 },
      ],
    });
    expect(await crm.write([create(1), update(2)])).toEqual([
      { ref: 'c1', state: 'done', row: null },
      { ref: 'c2', state: 'done', row: null },
    ]);
  });

  test.each([
    [
      'an unexplained failure',
      500,
      envelope('Object reference not set to an instance of an object.', 'X'),
      'unknown',
    ],
    ['a gateway', 502, null, 'unknown'],
    [
      'a body that is not understood',
      400,
      { error: { code: '', message: 'The request is invalid.' } },
      'VALIDATION',
    ],
    ['a missing right', 403, null, 'FORBIDDEN'],
    ['a security exception', 500, envelope('Denied.', 'System.Security.SecurityException'), 'FORBIDDEN'],
    ['an unknown entity', 404, { Message: 'No HTTP resource was found that matches.' }, 'CONTRACT'],
    ['a host that is busy', 503, null, 'UNAVAILABLE'],
    [
      'another unique index',
      500,
      envelope('23505: duplicate key value violates unique constraint "IUContactCode"'),
      'CONFLICT',
    ],
    [
      'a taken id',
      500,
      envelope('23505: duplicate key value violates unique constraint "PK_Contact"'),
      'exists',
    ],
    [
      'a missing reference',
      500,
      envelope('23503: insert or update on table "Contact" violates foreign key constraint "F" on table "A"'),
      'DEPENDENCY',
    ],
  ])('read %s as what it is', async (_, status, body, expected) => {
    answer({ responses: [created('1', 1), { id: '2', status, ...(body === null ? {} : { body }) }] });
    expect(await states([create(1), create(2)])).toEqual(['done', expected]);
  });

  test('never call a row absent that was to be created', async () => {
    answer({
      responses: [
        { id: '1', status: 404 },
        { id: '2', status: 404 },
        { id: '3', status: 404 },
      ],
    });
    expect(await states([create(1), update(2), remove(3)])).toEqual(['CONTRACT', 'absent', 'absent']);
  });

  test('that are all refused for want of a session are sent again once', async () => {
    answer({
      responses: [
        { id: '1', status: 401 },
        { id: '2', status: 401 },
      ],
    });
    const before = stand.requests();
    expect(await states([create(1), create(2)])).toEqual(['done', 'done']);
    expect(stand.requests() - before).toBe(3);
  });

  test('of which one is refused with 401 are left as they are', async () => {
    answer({ responses: [created('1', 1), { id: '2', status: 401 }] });
    const before = stand.requests();
    expect(await states([create(1), create(2)])).toEqual(['done', 'FORBIDDEN']);
    expect(stand.requests() - before).toBe(1);
  });
});

describe('A batch that fails as a whole', () => {
  const counts = async (action: () => Promise<unknown>): Promise<number> => {
    const before = stand.requests();
    await action();
    return stand.requests() - before;
  };

  const failures: [string, Omit<FaultRule, 'system' | 'path'>][] = [
    ['half an answer', { fault: 'truncated' }],
    ['a page of a proxy', { fault: 'html', status: 502 }],
    ['a page with 200', { fault: 'html', status: 200 }],
    [
      'a failure that the product does not explain',
      { fault: 'status', status: 500, body: envelope('odd', 'X') },
    ],
    ['something that is no batch', { fault: 'status', status: 200, body: { value: [] } }],
  ];
  test.each(failures)('is unknown after %s, and is sent once', async (_, fault) => {
    stand.fault({ path: 'batch', ...fault });
    expect(
      await counts(async () => expect(await states([create(1), update(2)])).toEqual(['unknown', 'unknown'])),
    ).toBe(1);
  });

  test('is refused as a whole where the product does not take it', async () => {
    answer({ error: { code: '', message: 'The request is invalid.' } }, 400);
    expect(await states([create(1)])).toEqual(['VALIDATION']);
  });

  test('throws where nothing was done and the next one would fare no better', async () => {
    stand.sandbox.setSwitches({ canUseOData: false });
    await expect(crm.write([create(1)])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await stand.sandbox.close();
    await expect(crm.write([create(1)])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('is unknown when the caller gives up while it is under way', async () => {
    stand.fault({ path: 'batch', fault: 'timeout-after-write' });
    const stop = new AbortController();
    const outcome = crm.write([create(1)], stop.signal);
    const deadline = Date.now() + 5_000;
    while (stand.rows('Contact').length === 0 && Date.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort(new Error('enough'));
    expect(await outcome).toMatchObject([{ ref: 'c1', state: 'unknown' }]);
  });
});

describe('Rows that were written although the product says that it failed', () => {
  test('are never called refused', async () => {
    stand.sandbox.setSwitches({ postWriteError: 1 });
    expect(await states([create(1), create(2)])).toEqual(['unknown', 'unknown']);
    stand.sandbox.setSwitches({ postWriteError: 0 });
    expect(await states([create(1), create(2)])).toEqual(['exists', 'exists']);
  });
});

describe('Writes that Creatio would take amiss in silence', () => {
  test('are refused before anything is sent', async () => {
    const before = stand.requests();
    const outcomes = await crm.write([
      update(1, { Nmae: 'x' }),
      create(2, { Name: 'x', BirthDate: '2000-01-01T00:00:00' }),
      create(3, { Name: 'x', AccountId: 'not a guid' }),
      { ...create(4), id: 'not a guid' },
    ]);
    expect(outcomes.map((one) => (one.state === 'refused' ? one.code : one.state))).toEqual([
      'CONTRACT',
      'VALIDATION',
      'VALIDATION',
      'CONTRACT',
    ]);
    expect(outcomes[0]).toMatchObject({ message: expect.stringContaining('Nmae') });
    expect(stand.requests()).toBe(before);
  });

  test('keep their place among those that are sent', async () => {
    expect(
      await states([
        create(1),
        create(2, { Nope: 1 }),
        create(3),
        { ...create(4), entity: 'Nope' },
        update(9),
      ]),
    ).toEqual(['done', 'CONTRACT', 'done', 'CONTRACT', 'absent']);
  });

  test('clear a lookup although they name the empty GUID', async () => {
    const account = id(50);
    stand.insert('Account', { Id: account, Name: 'A' });
    await crm.write([create(1, { Name: 'N', AccountId: account })]);
    expect(await states([update(1, { AccountId: '00000000-0000-0000-0000-000000000000' })])).toEqual([
      'done',
    ]);
    const { items } = await crm.readRows({
      entity: 'Contact',
      columns: ['AccountId'],
      filter: [{ column: 'Id', anyOf: [id(1)] }],
    });
    expect(items).toEqual([{ Id: id(1), AccountId: null }]);
  });
});
