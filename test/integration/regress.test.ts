import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Rollcall } from '../../src/app/rollcall.ts';
import { contact, guid, people, startWorld, user, type World } from '../support/world.ts';

const CLEAR = '301';
const OTHER = '302';
const TWIN_A = '303';
const TWIN_B = '304';
const CLEAR_CONTACT = guid(1);
const OTHER_CONTACT = guid(2);
const TWIN = guid(3);

const DATA = people({
  webitel: {
    users: [
      user(CLEAR, 'Roman Tkach', { username: 'tkach' }),
      user(OTHER, 'Олена Мельник', { username: 'melnyk' }),
      user(TWIN_A, 'Олена Коваль', { username: 'koval.1' }),
      user(TWIN_B, 'Olena Koval', { username: 'koval.2' }),
    ],
  },
  creatio: {
    Contact: [
      contact(CLEAR_CONTACT, 'Ткач Роман'),
      contact(OTHER_CONTACT, 'Мельник Олена'),
      contact(TWIN, 'Коваль Олена'),
    ],
  },
});

let world: World;
let rollcall: Rollcall;

beforeAll(async () => {
  world = await startWorld({ data: DATA });
  ({ rollcall } = await world.open());
  await world.import();
});
afterAll(() => world.close());

describe('replaying what is known with the rules of this version', () => {
  test('finds the version accepted that the first import decided by', async () => {
    const first = await rollcall.regress();
    expect(first).toMatchObject({
      accepted: first.version,
      isAccepted: true,
      links: { replayed: 2, same: 2, open: 0, flips: 0 },
      verdicts: { replayed: 0 },
      flips: [],
    });
    expect(await rollcall.regress()).toMatchObject({ accepted: first.version, version: first.version });
  });

  test('writes to neither system', async () => {
    world.counted();
    await rollcall.regress();
    expect(world.counted().writes).toBe(0);
  });

  test('counts what a person decided and the rules leave open', async () => {
    const [twin] = (await rollcall.cases({ status: 'open' })).filter(
      ({ directoryUserId }) => directoryUserId === TWIN_A,
    );
    await rollcall.decide(twin?.id ?? '', { kind: 'same', contactId: TWIN });
    expect(await rollcall.regress()).toMatchObject({
      isAccepted: true,
      verdicts: { replayed: 1, same: 0, open: 1, flips: 0 },
    });
  });

  test('lists what would flip, and accepts it on demand only', async () => {
    await rollcall.unlink(OTHER);
    const found = await rollcall.regress();
    expect(found).toMatchObject({ isAccepted: false, verdicts: { replayed: 2, flips: 1 }, known: 0 });
    expect(found.flips).toMatchObject([
      {
        directoryUserId: OTHER,
        login: 'melnyk',
        standing: 'different',
        contactId: OTHER_CONTACT,
        foundId: OTHER_CONTACT,
        foundName: 'Мельник Олена',
        rule: 'name',
      },
    ]);
    expect(found.flips[0]?.reason).toContain('name is the same');
    expect(await rollcall.regress()).toMatchObject({ isAccepted: false });
    expect(await rollcall.regress({ accept: true })).toMatchObject({ isAccepted: true });
    expect(await rollcall.regress()).toMatchObject({ isAccepted: true, flips: [], known: 1 });
  });
});

describe('rules that are not the accepted ones', () => {
  const WRONGED = '311';
  const NAMESAKE = guid(11);
  const OWN = guid(12);
  const strict = 'policy: { exclude: { logins: [rollcall] }, matching: seed-strict }';
  const lenient = 'policy: { exclude: { logins: [rollcall] } }';
  let changed: World;

  beforeAll(async () => {
    changed = await startWorld({
      config: strict,
      data: people({
        webitel: { users: [user(WRONGED, 'Олена Коваль', { username: 'koval', email: 'o.koval@a.test' })] },
        creatio: {
          Contact: [
            contact(NAMESAKE, 'Олена Коваль'),
            contact(OWN, 'Коваль Олена Петрівна', { Email: 'o.koval@a.test' }),
            contact(guid(13), 'Бондар Ірина'),
          ],
        },
      }),
    });
    await changed.import();
  });
  afterAll(() => changed.close());

  test('stop an import before they decide about anybody, until it is approved or they are accepted', async () => {
    await changed.reconfigure(lenient);
    changed.webitel.insertRow('users', user('312', 'Iryna Bondar', { username: 'bondar' }));
    changed.counted();
    const stopped = await changed.import();
    expect(stopped).toMatchObject({
      status: 'awaiting-approval',
      guards: [{ guard: 'matching', number: 1, allowed: 0 }],
    });
    expect(stopped.guards[0]?.message).toContain('would link Олена Коваль (koval) otherwise');
    expect(changed.counted().writes).toBe(0);
    expect((await changed.plan()).guards).toMatchObject([{ guard: 'matching' }]);
  });

  test('are shown with what they would do, and decide once they are accepted', async () => {
    const opened = (await changed.open()).rollcall;
    const found = await opened.regress();
    expect(found).toMatchObject({
      isAccepted: false,
      flips: [
        { directoryUserId: WRONGED, standing: 'link', contactId: NAMESAKE, foundId: OWN, rule: 'email' },
      ],
    });
    expect(found.accepted).not.toBe(found.version);
    await opened.regress({ accept: true });
    expect(await changed.import()).toMatchObject({
      status: 'succeeded',
      guards: [],
      situations: { matched: 1 },
    });
    // What was linked stays so.
    expect(changed.record(WRONGED)?.['UsrContactId']).toBe(NAMESAKE);
  });

  test('are accepted by an import for which nothing would flip', async () => {
    await changed.reconfigure(strict);
    const before = await changed.import();
    expect(before.guards).toEqual([]);
    const found = await (await changed.open()).rollcall.regress();
    expect(found.accepted).toBe(found.version);
  });
});
