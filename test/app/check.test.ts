import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/app/rollcall.ts';
import { people, startWorld, user } from '../support/world.ts';

/** What `check` finds with these patterns of logins that take no part. */
async function checkWith(patterns: string): Promise<readonly Finding[]> {
  const world = await startWorld({
    data: people({ webitel: { users: [user('400', 'Roman Tkach')] } }),
    config: `policy: { exclude: { patterns: ${patterns} } }`,
  });
  try {
    return await (await world.open()).rollcall.check();
  } finally {
    await world.close();
  }
}

test('check warns of a pattern that leaves everybody out', async () => {
  const found = await checkWith('["svc-*", "*"]');
  expect(found.filter(({ severity }) => severity !== 'ok')).toEqual([
    expect.objectContaining({
      severity: 'warning',
      code: 'policy.exclude.patterns',
      message: expect.stringContaining('fits every login'),
    }),
  ]);
});

test('check finds nothing wrong with other patterns, and says which rights it does not try', async () => {
  const found = await checkWith('["svc-*", "*.bot"]');
  expect(found.filter(({ severity }) => severity !== 'ok')).toEqual([]);
  expect(found.filter(({ message }) => /add and edit rows are not tried/u.test(message))).toHaveLength(1);
});
