import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { people, startWorld, user, type World } from '../support/world.ts';

const holders = Array.from({ length: 20 }, (_, index) =>
  user(String(200 + index), `Person Number${index}`, { license: [{ id: 'S-CC', prod: 'CALL_CENTER' }] }),
);

let world: World;

beforeAll(async () => {
  world = await startWorld({ data: people({ webitel: { users: holders } }) });
  world.webitel.setSwitches({ deletedHoldSeats: true });
});

afterAll(() => world.close());

test('soft-deleted users who keep their licence seats do not make the list of the others look incomplete', async () => {
  for (let index = 0; index < 10; index += 1)
    world.webitel.updateRow('users', String(200 + index), { deleted_at: '1764000000000' });
  const report = await world.import();
  expect(report).toMatchObject({ status: 'succeeded', directory: { users: 11, complete: true } });
  expect(world.counted().all).toBe(report.requests.used);
});

test('users who are hidden and not deleted do', async () => {
  world.webitel.setSwitches({ visibleUsers: 4 });
  expect(await world.import()).toMatchObject({
    status: 'stopped',
    directory: { complete: false },
    operations: {},
  });
});
