import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { isRollcallError } from '../../src/app/ports/errors.ts';
import type { Report } from '../../src/domain/run.ts';
import { createRandom } from '../../src/sandbox/kit/random.ts';
import type { FaultRule } from '../../src/sandbox/types.ts';
import { openOffice, strayUsers, type Office } from '../support/random-edits.ts';
import {
  directoryUsers,
  inCrm,
  inDirectory,
  isDeleted,
  looseDevices,
  referenceOf,
} from '../support/two-sides.ts';
import { people, startWorld, textOf, user, type World } from '../support/world.ts';

/** Sequences of edits, a thousand edits in all; a full trial is a thousand sequences (ROLLCALL_SEQUENCES=1000). */
const SEQUENCES = Number(process.env['ROLLCALL_SEQUENCES'] ?? 40);
const SEED = Number(process.env['ROLLCALL_SEED'] ?? 1);
const EDITS = 25;

jest.setTimeout(60_000 + SEQUENCES * 20_000);

/** One call in ten goes wrong, in one of four ways; a 503 would only make the limiter pause, which takes its time. */
const FAULTS: readonly FaultRule[] = (['creatio', 'webitel'] as const).flatMap((system): FaultRule[] => [
  { system, when: { probability: 0.03 }, fault: 'html' },
  { system, when: { probability: 0.03 }, fault: 'reset-before-write' },
  { system, when: { probability: 0.03 }, fault: 'reset-after-write' },
  { system, when: { probability: 0.01 }, fault: 'timeout-after-write' },
]);

const anything = '{ count: 100000, percent: 100 }';
const CONFIG = `policy:
  exclude: { logins: [rollcall] }
  guards:
    budgets:
      contactsCreated: ${anything}
      crmUsersCreated: ${anything}
      usersCreated: ${anything}
      recordsChanged: ${anything}
      recordsRemoved: ${anything}`;

const random = createRandom(SEED);
let world: World;
let office: Office;

beforeAll(async () => {
  world = await startWorld({
    config: CONFIG,
    seed: SEED,
    httpPolicy: { backoffMs: 2, backoffCapMs: 10, attemptMs: 1500 },
    data: people({
      webitel: {
        roles: ['900', '901', '902'].map((id) => ({ id, name: `Group ${id}` })),
        licenses: ['CC', 'CHAT'].map((id) => ({
          id: `S-${id}`,
          product: id === 'CC' ? 'CALL_CENTER' : id,
          name: id,
          limit: 100_000,
          not_after: '1900000000000',
        })),
        users: Array.from({ length: 12 }, (_, index) =>
          user(String(201 + index), `Перша Людина${String(index)}`, {
            username: `first${String(index)}`,
            extension: String(201 + index),
            license: index % 2 === 0 ? [{ id: 'S-CC' }] : [],
            roles: index % 3 === 0 ? [{ id: '900' }] : [],
          }),
        ),
      },
    }),
  });
  expect((await world.import()).status).toBe('succeeded');
  office = openOffice(world, random);
  office.welcome();
});
afterAll(() => world.close());

/** Carries a run to its end, after one that was cut off, if there is one. */
async function run(kind: 'push' | 'sync', records?: readonly string[]): Promise<Report> {
  const { rollcall } = await world.open();
  for (;;) {
    try {
      const given = { trigger: 'webhook', ...(records === undefined ? {} : { records }) } as const;
      return (await (kind === 'push' ? rollcall.push(given) : rollcall.sync({ trigger: 'schedule' }))).report;
    } catch (error) {
      if (!isRollcallError(error, 'CONFLICT')) throw error;
      const cutOff = await rollcall.run(String(error.details?.['runId']));
      await (cutOff.kind === 'push'
        ? rollcall.push({ trigger: 'webhook' })
        : rollcall.sync({ trigger: 'schedule' }));
    }
  }
}

/** A hint may find the systems out of reach; the sync makes up for it. */
async function hint(records: readonly string[]): Promise<void> {
  try {
    await run(random.chance(0.1) ? 'sync' : 'push', records);
  } catch (error) {
    if (!isRollcallError(error)) throw error;
  }
}

/** Somebody empties the recycle view, since what is in it keeps a login from who is to get it. */
function purge(): void {
  for (const row of directoryUsers(world))
    if (isDeleted(row)) world.webitel.deleteRow('users', textOf(row['id']));
  for (const id of looseDevices(world)) world.webitel.deleteRow('devices', id);
}

function expectAgreement(): void {
  for (const [recordId, { isGone, active, recordId: _, crmUserId: __, ...wanted }] of office.wanted) {
    const row = world.rows('UsrWebitelUser').find(({ Id }) => Id === recordId);
    // Who was switched off before anybody heard of them is made when they are switched on.
    if (!active && textOf(row?.['UsrExternalId']) === '') continue;
    expect(inCrm(world, recordId)).toEqual(wanted);
    expect(row?.['UsrActive']).toBe(active);
    if (isGone) continue;
    const userId = textOf(row?.['UsrExternalId']);
    expect({ userId, ...inDirectory(world, userId) }).toEqual({
      userId,
      ...wanted,
      licences: active ? wanted.licences : [],
    });
  }
  expect(strayUsers(world, office)).toEqual([]);
  const references = directoryUsers(world)
    .map(referenceOf)
    .filter((reference) => reference !== '');
  expect(references.length).toBe(new Set(references).size);
}

test(`${String(SEQUENCES)} sequences of ${String(EDITS)} edits on both sides end in agreement`, async () => {
  for (let sequence = 0; sequence < SEQUENCES; sequence += 1) {
    const log: string[] = [];
    try {
      world.creatio.setFaults(FAULTS.filter(({ system }) => system === 'creatio'));
      world.webitel.setFaults(FAULTS.filter(({ system }) => system === 'webitel'));
      let hints: string[] = [];
      for (let edit = 0; edit < EDITS; edit += 1) {
        const { what, records } = office.edit();
        log.push(what);
        for (const record of records) {
          if (random.chance(0.2)) continue;
          hints.push(record, ...(random.chance(0.2) ? [record] : []));
        }
        if (hints.length === 0 || !random.chance(0.12)) continue;
        const due = random.shuffle(hints).slice(0, random.int(1, hints.length));
        hints = hints.filter((record) => !due.includes(record));
        log.push('hint');
        await hint(due);
      }
      world.creatio.setFaults([]);
      world.webitel.setFaults([]);
      let report = await run('sync');
      if (report.failures.length > 0) {
        log.push(...report.failures.map(({ code, message }) => `${code} ${message}`));
        purge();
        report = await run('sync');
      }
      expect(report.failures).toEqual([]);
      office.welcome();
      expectAgreement();
      world.counted();
      const again = await run('sync');
      expect({ status: again.status, operations: again.operations }).toEqual({
        status: 'nothing-to-do',
        operations: {},
      });
      expect(world.counted().writes).toBe(0);
    } catch (error) {
      throw new Error(`Sequence ${String(sequence)} of seed ${String(SEED)}:\n${log.join('\n')}`, {
        cause: error,
      });
    }
  }
});
