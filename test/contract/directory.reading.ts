import { describe, expect, test } from '@jest/globals';
import type { CollectionRead } from '../../src/app/ports/directory.ts';
import type { DirectoryUser } from '../../src/domain/person.ts';
import { idsOf, type DirectoryBench, type PagingFlaw } from './directory.bench.ts';

/** Names that have to come back as they are kept, byte for byte. */
const NAMES: readonly (readonly [string, string])[] = [
  ['apostrophes of three kinds', "О'Коваль Мар’яна Д`Артаньян"],
  ['right-to-left text with marks', '\u200Fمريم بن\u200E דוד'],
  ['300 characters', 'Їжак'.repeat(75)],
  ['astral characters and joiners', '👩‍👩‍👧 𝒳 e\u0301'],
  ['blanks at the ends and inside', '  two  blanks '],
  ['what looks like syntax', '%20&size=1"\\</a>{}; null'],
];

/** Neighbours that a double cannot tell apart. */
const LARGE_IDS = ['9007199254740992', '9007199254740993', '9223372036854775807'];

/**
 * Reading, as every directory connector has to do it.
 *
 * @param bench the one of the test under way
 */
export function describeDirectoryReading(bench: () => DirectoryBench): void {
  describe('reading all users', () => {
    test('brings what a user holds, and null where there is nothing', async () => {
      bench().stand.addRole({ id: '40', name: 'Operators' });
      bench().stand.addLicence({
        serial: 'S-1',
        product: 'SEAT',
        name: 'Seat',
        limit: 3,
        competitive: false,
        validUntil: null,
      });
      const full = bench().stand.addUser({
        login: 'O.Koval',
        displayName: 'Olena Koval',
        email: 'O.Koval@example.test',
        chatName: 'Olena',
        extension: '0207',
        device: 'Phone of Olena',
        licences: ['S-1'],
        roles: ['40'],
      });
      const bare = bench().stand.addUser({ login: 'bare', displayName: 'Bare' });
      const { items } = await bench().directory.readUsers();
      expect(items.find(({ id }) => id === full)).toEqual({
        id: full,
        login: 'O.Koval',
        displayName: 'Olena Koval',
        email: 'O.Koval@example.test',
        chatName: 'Olena',
        extension: '0207',
        defaultDevice: { id: expect.stringMatching(/^\d+$/), name: 'Phone of Olena' },
        licences: [{ serial: 'S-1', product: 'SEAT' }],
        roles: [{ id: '40', name: 'Operators' }],
        deleted: false,
      });
      expect(items.find(({ id }) => id === bare)).toEqual({
        id: bare,
        login: 'bare',
        displayName: 'Bare',
        email: null,
        chatName: null,
        extension: null,
        defaultDevice: null,
        licences: [],
        roles: [],
        deleted: false,
      });
    });

    test('goes over several pages in the order of creation, each user once, and knows the end', async () => {
      const { pageSize } = bench().directory.capabilities;
      const ids = bench().fill(pageSize * 2 + 1);
      const heard: number[] = [];
      let users: CollectionRead<DirectoryUser> | undefined;
      const spent = await bench().cost(
        async () => (users = await bench().directory.readUsers({ onPage: (count) => heard.push(count) })),
      );
      expect(users).toMatchObject({ pages: 3, lastPageShort: true, duplicates: [] });
      expect(idsOf(users?.items ?? [])).toEqual([bench().stand.account.userId, ...ids]);
      expect(spent).toBe(3);
      expect(heard).toEqual([pageSize, pageSize * 2, pageSize * 2 + 2]);
    });

    test('is not fooled by a last page that is full, and makes sure with one request at most', async () => {
      const { pageSize } = bench().directory.capabilities;
      bench().fill(pageSize - 1);
      const users = await bench().directory.readUsers();
      expect(users).toMatchObject({ lastPageShort: true, duplicates: [] });
      expect(users.items).toHaveLength(pageSize);
      expect(users.pages).toBeLessThanOrEqual(2);
    });

    test('takes users who are added meanwhile last', async () => {
      const { pageSize } = bench().directory.capabilities;
      const ids = bench().fill(pageSize + 1);
      const added: string[] = [];
      const users = await bench().directory.readUsers({
        onPage: (count) => {
          if (count !== pageSize) return;
          for (const login of ['late.1', 'late.2'])
            added.push(bench().stand.addUser({ login, displayName: login }));
        },
      });
      expect(users).toMatchObject({ lastPageShort: true, duplicates: [] });
      expect(idsOf(users.items)).toEqual([bench().stand.account.userId, ...ids, ...added]);
    });

    test('when users vanish meanwhile never hides anybody from a reading by id', async () => {
      const { pageSize } = bench().directory.capabilities;
      const ids = bench().fill(pageSize + 20);
      const victims = ids.slice(0, 3);
      const users = await bench().directory.readUsers({
        onPage: (count) => {
          if (count !== pageSize) return;
          const [first = '', ...others] = victims;
          bench().stand.softDelete(first);
          for (const id of others) bench().stand.remove(id);
        },
      });
      const shown = new Set(idsOf(users.items));
      const unseen = ids.filter((id) => !shown.has(id));
      const alive = (await bench().directory.readUsersById(unseen)).filter(({ deleted }) => !deleted);
      const staying = ids.filter((id) => !victims.includes(id));
      expect(staying.filter((id) => !shown.has(id) && !idsOf(alive).includes(id))).toEqual([]);
      expect(shown.size).toBe(users.items.length);
    });

    test.each<PagingFlaw>(['a row comes twice', 'the end is announced too early'])(
      'is never complete when %s',
      async (flaw) => {
        const { pageSize } = bench().directory.capabilities;
        bench().fill(pageSize + 20);
        bench().stand.flaw(flaw, flaw === 'a row comes twice' ? 2 : 1);
        const users = await bench().directory.readUsers();
        expect(users.lastPageShort && users.duplicates.length === 0).toBe(false);
        expect(new Set(idsOf(users.items)).size).toBe(users.items.length);
      },
    );

    test('that skips somebody leaves them to be found by id', async () => {
      const { pageSize } = bench().directory.capabilities;
      const ids = bench().fill(pageSize + 20);
      bench().stand.flaw('a row is skipped', 2);
      const shown = new Set(idsOf((await bench().directory.readUsers()).items));
      const skipped = ids.filter((id) => !shown.has(id));
      expect(skipped).toHaveLength(1);
      expect(await bench().directory.readUsersById(skipped)).toMatchObject([
        { id: skipped[0], deleted: false },
      ]);
    });

    test('fails as a whole when one page fails for good', async () => {
      bench().fill(bench().directory.capabilities.pageSize + 20);
      const call = bench().directory.readUsers({ onPage: () => bench().stand.trouble({ kind: 'proxy' }) });
      expect(await bench().refusal(call)).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      expect(bench().directory.tally().retries).toBeGreaterThan(0);
    });

    test.each(NAMES)('keeps %s byte for byte', async (_, name) => {
      const id = bench().stand.addUser({ login: 'named', displayName: name, chatName: name });
      const { items } = await bench().directory.readUsers();
      expect(items.find((user) => user.id === id)).toMatchObject({ displayName: name, chatName: name });
      const [found] = await bench().directory.readUsersById([id]);
      expect(Buffer.from(found?.displayName ?? '')).toEqual(Buffer.from(name));
    });

    test('keeps ids beyond 2^53 exact', async () => {
      for (const [at, id] of LARGE_IDS.entries())
        bench().stand.addUser({ id, login: `large.${at}`, displayName: `Large ${at}` });
      expect(idsOf((await bench().directory.readUsers()).items)).toEqual([
        bench().stand.account.userId,
        ...LARGE_IDS,
      ]);
      for (const [at, id] of LARGE_IDS.entries())
        expect(await bench().directory.readUsersById([id])).toMatchObject([{ id, login: `large.${at}` }]);
    });
  });

  describe('reading users by id', () => {
    test('answers soft-deleted ones as deleted, whom the list leaves out', async () => {
      const [kept = '', deleted = ''] = bench().fill(2);
      bench().stand.softDelete(deleted);
      expect(idsOf((await bench().directory.readUsers()).items)).toEqual([
        bench().stand.account.userId,
        kept,
      ]);
      expect(await bench().directory.readUsersById([deleted, kept])).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: deleted, login: 'user.2', deleted: true }),
          expect.objectContaining({ id: kept, login: 'user.1', deleted: false }),
        ]),
      );
    });

    test('leaves out whom the product does not know', async () => {
      const [known = '', removed = ''] = bench().fill(2);
      bench().stand.remove(removed);
      expect(idsOf(await bench().directory.readUsersById(['999999', removed, known]))).toEqual([known]);
      expect(await bench().directory.readUsersById(['999999'])).toEqual([]);
    });

    test('asks for 25 in a request at most, for each once, and for nobody not at all', async () => {
      const ids = bench().fill(51);
      let found: readonly DirectoryUser[] = [];
      const asked = [...ids, ...ids.slice(0, 5)];
      expect(await bench().cost(async () => (found = await bench().directory.readUsersById(asked)))).toBe(3);
      expect(idsOf(found).toSorted()).toEqual(ids.toSorted());
      expect(await bench().cost(() => bench().directory.readUsersById([]))).toBe(0);
    });
  });

  describe('reading reference data', () => {
    test('lists licences with product, seats and end', async () => {
      const seat = { serial: 'S-1', product: 'SEAT', name: 'Seat', limit: 3, competitive: false };
      const pool = { serial: 'S-2', product: 'POOL', name: 'Pool', limit: 1, competitive: true };
      const validUntil = Date.UTC(2100, 0, 1);
      bench().stand.addLicence({ ...seat, validUntil });
      bench().stand.addLicence({ ...pool, validUntil: null });
      bench().stand.addUser({ login: 'holder', displayName: 'Holder', licences: ['S-1'] });
      const licences = await bench().directory.readLicences();
      expect(licences).toMatchObject({ lastPageShort: true, duplicates: [], pages: 1 });
      expect(licences.items).toHaveLength(2);
      expect(licences.items).toEqual(
        expect.arrayContaining([
          { ...seat, remain: 2, validUntil },
          { ...pool, remain: expect.any(Number), validUntil: null },
        ]),
      );
    });

    test('lists the roles that people are given, and counts the rows that it leaves out', async () => {
      const roles = [
        { id: '40', name: "Оператори «О'К»" },
        { id: '41', name: 'Supervisors' },
      ];
      for (const role of roles) bench().stand.addRole(role);
      bench().fill(3);
      const answer = await bench().directory.readRoles();
      expect(answer.items.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(roles);
      expect(answer).toMatchObject({ lastPageShort: true, duplicates: [], pages: 1 });
      expect(answer.rows ?? answer.items.length).toBe(bench().stand.rows('roles'));
    });

    test('pays a page for rows that it leaves out, too', async () => {
      bench().stand.addRole({ id: '40', name: 'Operators' });
      bench().fill(bench().directory.capabilities.pageSize + 1);
      const answer = await bench().directory.readRoles();
      const pages = Math.max(
        1,
        Math.ceil(bench().stand.rows('roles') / bench().directory.capabilities.pageSize),
      );
      expect(answer).toMatchObject({
        items: [{ id: '40', name: 'Operators' }],
        lastPageShort: true,
        pages,
      });
    });

    test('takes one request for nothing and says that nothing is all there is', async () => {
      let licences: unknown;
      expect(await bench().cost(async () => (licences = await bench().directory.readLicences()))).toBe(1);
      expect(licences).toMatchObject({ items: [], lastPageShort: true, duplicates: [], pages: 1 });
    });
  });
}
