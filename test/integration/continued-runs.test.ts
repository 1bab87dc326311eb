import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Moment } from '../../src/app/deps.ts';
import { onceDead, startImport } from '../support/import-child.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

let world: World;

afterEach(() => world.close());

/** A run that is killed once its plan is kept, or later: one record to be filled, two people to be created. */
async function cutOff(fatal: { moment: Moment; nth: number } = { moment: 'planned', nth: 1 }): Promise<void> {
  world = await startWorld({
    data: people({
      webitel: {
        users: [
          user('101', 'Олена Коваль', { extension: '2101' }),
          user('102', 'Bohdan Hrytsenko', { extension: '2102' }),
          user('103', 'Ірина Бондар', { extension: '2103' }),
        ],
      },
      creatio: {
        Contact: [contact(guid(1), 'Олена Коваль')],
        UsrWebitelUser: [
          { Id: guid(11), UsrName: 'Олена Коваль', UsrUsername: 'user101', UsrContactId: guid(1) },
        ],
      },
    }),
  });
  expect((await startImport(world, fatal).ended).signal).toBe('SIGKILL');
}

describe('a run that goes on after it was cut off', () => {
  test.each([
    { moment: 'planned', nth: 1, what: 'nothing was sent' },
    // Behind the rows that all share.
    { moment: 'intended', nth: 2, what: 'everything was about to be sent' },
  ] as const)(
    'leaves alone what somebody has changed since, and doubles nobody who was added by hand, when $what',
    async ({ moment, nth }) => {
      await cutOff({ moment, nth });
      world.creatio.updateRow('UsrWebitelUser', guid(11), { UsrExtension: '9999' });
      world.creatio.insertRow('Contact', contact(guid(3), 'Бондар Ірина'));
      const report = await onceDead(() => world.import());
      expect(report).toMatchObject({ status: 'partial' });
      expect(report.outcomes.stale).toBeGreaterThan(0);
      expect(world.rows('UsrWebitelUser').find((row) => row['Id'] === guid(11))).toMatchObject({
        UsrExtension: '9999',
      });
      expect(world.rows('Contact').filter((row) => /Бондар/u.test(textOf(row['Name'])))).toHaveLength(1);
      // What was left is done by the next import, on what both systems hold now.
      expect(await world.import()).toMatchObject({ situations: { disputed: 0, linked: 1 } });
      expect(world.record('103')).toMatchObject({ UsrContactId: guid(3) });
      expect(await world.import()).toMatchObject({ status: 'nothing-to-do' });
    },
  );

  test('keeps the domain and counts the requests of both parts', async () => {
    await cutOff();
    const report = await onceDead(() => world.import());
    expect(report.requests.used).toBe(world.counted().all);
    world.webitel.setSwitches({ domainId: '77' });
    await expect(world.import()).rejects.toMatchObject({ code: 'CONFLICT', details: { stopped: true } });
  });

  test('is not passed over for a saved plan', async () => {
    await cutOff();
    const plan = await world.plan();
    await expect(onceDead(() => world.import({ plan }))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await world.import()).toMatchObject({ status: 'succeeded' });
  });
});

describe('a question that waits', () => {
  test('is followed by another look at both systems', async () => {
    world = await startWorld({
      data: people({ webitel: { users: [user('103', 'Ірина Бондар')] } }),
    });
    const { rollcall } = await world.open();
    const now = Date.now.bind(Date);
    const { report } = await rollcall.import({
      trigger: 'command',
      confirm: () => {
        world.creatio.insertRow('Contact', contact(guid(3), 'Бондар Ірина'));
        jest.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
        return Promise.resolve(true);
      },
    });
    expect(report.outcomes).toMatchObject({ failed: 0 });
    expect(report.outcomes.stale).toBeGreaterThan(0);
    expect(world.rows('Contact').filter((row) => /Бондар/u.test(textOf(row['Name'])))).toHaveLength(1);
  });

  test('is asked of what was read once, however long the plan took to be kept', async () => {
    world = await startWorld({
      data: people({ webitel: { users: [user('103', 'Ірина Бондар')] } }),
    });
    const { rollcall } = await world.open();
    const now = Date.now.bind(Date);
    let passed = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => {
      if (/\bsavePlan\b/u.test(new Error().stack ?? '')) passed = 60_000;
      return now() + passed;
    });
    const { report } = await rollcall.import({ trigger: 'command', confirm: () => Promise.resolve(true) });
    expect(passed).toBeGreaterThan(0);
    expect(report).toMatchObject({ status: 'succeeded' });
    const lists = world.webitel
      .requests()
      .filter(({ method, route }) => method === 'GET' && route.endsWith('/users'));
    expect(lists.map(({ count }) => count)).toEqual([1]);
  });
});
