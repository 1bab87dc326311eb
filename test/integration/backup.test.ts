import { afterEach, beforeEach, expect, test, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openRollcall, type OpenRollcall } from '../../src/bin/compose.ts';
import { contact, guid, PASSWORD, people, startWorld, TOKEN, user, type World } from '../support/world.ts';
import { createTestLogger } from '../store/support.ts';

let world: World;
let other: OpenRollcall | null = null;
beforeEach(async () => {
  world = await startWorld({
    data: people({
      webitel: { users: [user('101', 'Іван Петренко'), user('102', 'Олена Коваль')] },
      creatio: { Contact: [contact(guid(1), 'Петренко Іван')] },
    }),
  });
});
afterEach(async () => {
  await other?.close();
  other = null;
  await world.close();
});

/** The product on another store, as after a move to another machine. */
async function openElsewhere(): Promise<OpenRollcall> {
  other = await openRollcall({
    configPath: world.configPath,
    env: {
      CREATIO_PASSWORD: PASSWORD,
      WEBITEL_TOKEN: TOKEN,
      ROLLCALL_DATA: join(world.directory, 'elsewhere'),
    },
    logger: createTestLogger(),
    onSecrets: () => undefined,
  });
  return other;
}

jest.setTimeout(120_000);

test('a store that was moved to another place knows everybody and the runs, and undoes what was done there', async () => {
  const { runId } = await world.import();
  const file = join(world.directory, 'rollcall.backup');
  const first = await world.open();
  await first.archive.backup(file);
  const before = await first.rollcall.runs(10);
  await world.shut();

  const { archive, rollcall } = await openElsewhere();
  await archive.restore(file, { replace: false });
  expect(await rollcall.runs(10)).toEqual(before);
  const { report } = await rollcall.import({ trigger: 'command' });
  expect(report).toMatchObject({ status: 'nothing-to-do', situations: { linked: 2 } });
  const undone = await rollcall.undo(runId, { trigger: 'command' });
  expect(undone.report).toMatchObject({ status: 'succeeded' });
  expect(world.rows('UsrWebitelUser')).toEqual([]);
});

test('a backup holds no secret', async () => {
  await world.import();
  const file = join(world.directory, 'rollcall.backup');
  await (await world.open()).archive.backup(file);
  const text = gunzipSync(await readFile(file)).toString('utf8');
  expect(text).toContain('Олена Коваль');
  for (const secret of [PASSWORD, TOKEN]) expect(text).not.toContain(secret);
});
