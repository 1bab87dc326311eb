import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';

const LONG = 'Оператор '.repeat(40).trim();

let world: World;

beforeAll(async () => {
  world = await startWorld({
    data: people({
      webitel: {
        roles: [{ id: '900', name: LONG }],
        users: [
          user('101', 'Олена Коваль', { roles: [{ id: '900', name: LONG }] }),
          user('102', 'Ірина Бондар'),
        ],
      },
      creatio: { Contact: [contact(guid(1), 'Олена Коваль'), contact(guid(2), 'Ірина Бондар')] },
    }),
  });
});

afterAll(() => world.close());

test('a role that the CRM refuses is a failure in every run, and who has it is not taken for done', async () => {
  expect(await world.import()).toMatchObject({
    status: 'partial',
    failures: [expect.objectContaining({ person: null, operation: 'role.create' })],
    outcomes: { failed: 1, skipped: 1 },
  });
  for (let again = 0; again < 2; again += 1) {
    world.counted();
    expect(await world.import()).toMatchObject({
      status: 'partial',
      operations: {},
      pendingPush: 0,
      situations: { linked: 1, matched: 1 },
      failures: [
        expect.objectContaining({ person: null, operation: 'role.create' }),
        expect.objectContaining({ person: '101' }),
      ],
    });
    expect(world.counted().writes).toBe(0);
  }
});

test('once the role has a name that fits, the role is added and the person is done', async () => {
  world.webitel.updateRow('roles', '900', { name: 'Operators' });
  expect(await world.import()).toMatchObject({
    status: 'succeeded',
    operations: { 'role.create': 1, 'recordRole.create': 1 },
  });
  expect(await world.import()).toMatchObject({
    status: 'nothing-to-do',
    situations: { linked: 2 },
    pendingPush: 0,
  });
});
