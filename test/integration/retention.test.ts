import { afterEach, expect, jest, test } from '@jest/globals';
import { people, startWorld, user, type World } from '../support/world.ts';

jest.setTimeout(120_000);

let world: World;
afterEach(() => world.close());

test('a run that is older than its details are kept keeps its report and is undone no more', async () => {
  world = await startWorld({
    data: people({ webitel: { users: [user('101', 'Олена Коваль'), user('102', 'Іван Петренко')] } }),
    config: 'policy: { exclude: { logins: [rollcall] } }\nretention: { details: 30, runs: 60 }',
  });
  const now = Date.now.bind(Date);
  const later = (days: number): void =>
    void jest.spyOn(Date, 'now').mockImplementation(() => now() + days * 86_400_000);
  const first = await world.import();
  const { rollcall } = await world.open();

  later(29);
  await world.import();
  expect(await rollcall.runPlan(first.runId)).not.toBeNull();

  later(31);
  // The end of any run clears away what became too old.
  expect(await world.import()).toMatchObject({ status: 'nothing-to-do' });
  expect(await rollcall.runPlan(first.runId)).toBeNull();
  expect((await rollcall.run(first.runId)).report).toMatchObject({ runId: first.runId, status: 'succeeded' });
  await expect(rollcall.undo(first.runId, { trigger: 'command' })).rejects.toMatchObject({
    code: 'CONFLICT',
    cure: expect.stringContaining('retention'),
  });

  // Nobody is not whoever failed in it.
  await expect(world.import({ onlyFailedOf: first.runId })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('its details were cleared away'),
    cure: expect.stringContaining('--retry-failed'),
  });
  expect(await rollcall.runs(9)).toHaveLength(3);

  later(60.5);
  expect(await rollcall.cleanUp({ now: Date.now(), dryRun: true })).toEqual({
    details: 1,
    runs: 1,
    cases: 0,
  });
  await world.import();
  await expect(rollcall.run(first.runId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(world.rows('UsrWebitelUser')).toHaveLength(2);
});
