import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DirectoryConnector } from '../../src/app/ports/directory.ts';
import type { DirectoryUser } from '../../src/domain/person.ts';
import { rejection } from '../http/support.ts';
import type { Collection, DirectoryStand, Lack, PagingFlaw, Trouble } from './directory-stand.ts';

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

const COLLECTIONS: readonly Collection[] = ['users', 'roles', 'licences'];

/**
 * What every directory connector has to do (`src/app/ports/directory.ts`), tried on the product or a stand-in of it.
 * After each test the connectors' own tally must be what the product has counted, and no credential may be in the log.
 */
export function describeDirectoryContract(product: string, open: () => Promise<DirectoryStand>): void {
  describe(`The directory port on ${product}`, () => {
    let stand: DirectoryStand;
    let directory: DirectoryConnector;
    let connectors: DirectoryConnector[];
    let secrets: string[];

    beforeEach(async () => {
      stand = await open();
      directory = stand.connector;
      connectors = [directory];
      secrets = [stand.secret];
    });
    afterEach(async () => {
      const tallies = connectors.map((connector) => connector.tally());
      const [counted, logs] = [stand.requests(), stand.logs()];
      await stand.close();
      expect(sum(tallies.map(({ used }) => used))).toBe(counted);
      expect(sum(tallies.flatMap(({ byRoute }) => Object.values(byRoute)))).toBe(counted);
      for (const secret of secrets) expect(logs).not.toContain(secret);
    });

    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
    const idsOf = (users: readonly DirectoryUser[]): string[] => users.map(({ id }) => id);

    /** Requests that were sent while `action` ran. */
    async function cost(action: () => Promise<unknown>): Promise<number> {
      const before = stand.requests();
      await action();
      return stand.requests() - before;
    }

    /** The error that a call ends with, which shows no credential anywhere. */
    async function refusal(call: Promise<unknown>): Promise<unknown> {
      const error = await rejection(call);
      const shown = inspect(error, { depth: 12, showHidden: true });
      for (const secret of secrets) expect(shown).not.toContain(secret);
      return error;
    }

    const read = (collection: Collection) => {
      if (collection === 'users') return directory.readUsers();
      return collection === 'roles' ? directory.readRoles() : directory.readLicences();
    };

    /** Adds so many users; answers the ids in the order of their creation. */
    function fill(count: number): string[] {
      return Array.from({ length: count }, (_, at) =>
        stand.addUser({ login: `user.${at + 1}`, displayName: `Person ${at + 1}` }),
      );
    }

    describe('who-am-I', () => {
      test('names the account, its domain and what it may do, in one request', async () => {
        expect(await directory.whoAmI()).toEqual(stand.account);
        expect(await cost(() => directory.whoAmI())).toBe(1);
      });

      test('with a bad credential is AUTHENTICATION with a cure, asked once', async () => {
        const wrong = 'canary-of-a-wrong-credential';
        secrets.push(wrong);
        const stranger = stand.connectWith(wrong);
        connectors.push(stranger);
        let error: unknown;
        expect(await cost(async () => (error = await refusal(stranger.whoAmI())))).toBe(1);
        expect(error).toMatchObject({ code: 'AUTHENTICATION', cure: expect.stringMatching(/\S/) });
        expect(await refusal(stranger.readUsers())).toMatchObject({ code: 'AUTHENTICATION' });
      });

      test('of a caller who has given up sends nothing', async () => {
        expect(await cost(() => rejection(directory.whoAmI(AbortSignal.abort())))).toBe(0);
      });
    });

    describe('reading all users', () => {
      test('brings what a user holds, and null where there is nothing', async () => {
        stand.addRole({ id: '40', name: 'Operators' });
        stand.addLicence({
          serial: 'S-1',
          product: 'SEAT',
          name: 'Seat',
          limit: 3,
          competitive: false,
          validUntil: null,
        });
        const full = stand.addUser({
          login: 'O.Koval',
          displayName: 'Olena Koval',
          email: 'O.Koval@example.test',
          chatName: 'Olena',
          extension: '0207',
          device: 'Phone of Olena',
          licences: ['S-1'],
          roles: ['40'],
        });
        const bare = stand.addUser({ login: 'bare', displayName: 'Bare' });
        const { items } = await directory.readUsers();
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
        const { pageSize } = directory.capabilities;
        const ids = fill(pageSize * 2 + 1);
        const heard: number[] = [];
        let users: Awaited<ReturnType<typeof directory.readUsers>> | undefined;
        const spent = await cost(
          async () => (users = await directory.readUsers({ onPage: (count) => heard.push(count) })),
        );
        expect(users).toMatchObject({ pages: 3, lastPageShort: true, duplicates: [] });
        expect(idsOf(users?.items ?? [])).toEqual([stand.account.userId, ...ids]);
        expect(spent).toBe(3);
        expect(heard).toEqual([pageSize, pageSize * 2, pageSize * 2 + 2]);
      });

      test('is not fooled by a last page that is full, and makes sure with one request at most', async () => {
        const { pageSize } = directory.capabilities;
        fill(pageSize - 1);
        const users = await directory.readUsers();
        expect(users).toMatchObject({ lastPageShort: true, duplicates: [] });
        expect(users.items).toHaveLength(pageSize);
        expect(users.pages).toBeLessThanOrEqual(2);
      });

      test('takes users who are added meanwhile last', async () => {
        const { pageSize } = directory.capabilities;
        const ids = fill(pageSize + 1);
        const added: string[] = [];
        const users = await directory.readUsers({
          onPage: (count) => {
            if (count !== pageSize) return;
            for (const login of ['late.1', 'late.2'])
              added.push(stand.addUser({ login, displayName: login }));
          },
        });
        expect(users).toMatchObject({ lastPageShort: true, duplicates: [] });
        expect(idsOf(users.items)).toEqual([stand.account.userId, ...ids, ...added]);
      });

      test('when users vanish meanwhile never hides anybody from a reading by id', async () => {
        const { pageSize } = directory.capabilities;
        const ids = fill(pageSize + 20);
        const victims = ids.slice(0, 3);
        const users = await directory.readUsers({
          onPage: (count) => {
            if (count !== pageSize) return;
            const [first = '', ...others] = victims;
            stand.softDelete(first);
            for (const id of others) stand.remove(id);
          },
        });
        const shown = new Set(idsOf(users.items));
        const unseen = ids.filter((id) => !shown.has(id));
        const alive = (await directory.readUsersById(unseen)).filter(({ deleted }) => !deleted);
        const staying = ids.filter((id) => !victims.includes(id));
        expect(staying.filter((id) => !shown.has(id) && !idsOf(alive).includes(id))).toEqual([]);
        expect(shown.size).toBe(users.items.length);
      });

      test.each<PagingFlaw>(['a row comes twice', 'the end is announced too early'])(
        'is never complete when %s',
        async (flaw) => {
          const { pageSize } = directory.capabilities;
          fill(pageSize + 20);
          stand.flaw(flaw, flaw === 'a row comes twice' ? 2 : 1);
          const users = await directory.readUsers();
          expect(users.lastPageShort && users.duplicates.length === 0).toBe(false);
          expect(new Set(idsOf(users.items)).size).toBe(users.items.length);
        },
      );

      test('that skips somebody leaves them to be found by id', async () => {
        const { pageSize } = directory.capabilities;
        const ids = fill(pageSize + 20);
        stand.flaw('a row is skipped', 2);
        const shown = new Set(idsOf((await directory.readUsers()).items));
        const skipped = ids.filter((id) => !shown.has(id));
        expect(skipped).toHaveLength(1);
        expect(await directory.readUsersById(skipped)).toMatchObject([{ id: skipped[0], deleted: false }]);
      });

      test('fails as a whole when one page fails for good', async () => {
        fill(directory.capabilities.pageSize + 20);
        const call = directory.readUsers({ onPage: () => stand.trouble({ kind: 'proxy' }) });
        expect(await refusal(call)).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
        expect(directory.tally().retries).toBeGreaterThan(0);
      });

      test.each(NAMES)('keeps %s byte for byte', async (_, name) => {
        const id = stand.addUser({ login: 'named', displayName: name, chatName: name });
        const { items } = await directory.readUsers();
        expect(items.find((user) => user.id === id)).toMatchObject({ displayName: name, chatName: name });
        const [found] = await directory.readUsersById([id]);
        expect(Buffer.from(found?.displayName ?? '')).toEqual(Buffer.from(name));
      });

      test('keeps ids beyond 2^53 exact', async () => {
        for (const [at, id] of LARGE_IDS.entries())
          stand.addUser({ id, login: `large.${at}`, displayName: `Large ${at}` });
        expect(idsOf((await directory.readUsers()).items)).toEqual([stand.account.userId, ...LARGE_IDS]);
        for (const [at, id] of LARGE_IDS.entries())
          expect(await directory.readUsersById([id])).toMatchObject([{ id, login: `large.${at}` }]);
      });
    });

    describe('reading users by id', () => {
      test('answers soft-deleted ones as deleted, whom the list leaves out', async () => {
        const [kept = '', deleted = ''] = fill(2);
        stand.softDelete(deleted);
        expect(idsOf((await directory.readUsers()).items)).toEqual([stand.account.userId, kept]);
        expect(await directory.readUsersById([deleted, kept])).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ id: deleted, login: 'user.2', deleted: true }),
            expect.objectContaining({ id: kept, login: 'user.1', deleted: false }),
          ]),
        );
      });

      test('leaves out whom the product does not know', async () => {
        const [known = '', removed = ''] = fill(2);
        stand.remove(removed);
        expect(idsOf(await directory.readUsersById(['999999', removed, known]))).toEqual([known]);
        expect(await directory.readUsersById(['999999'])).toEqual([]);
      });

      test('asks for 25 in a request at most, for each once, and for nobody not at all', async () => {
        const ids = fill(51);
        let found: readonly DirectoryUser[] = [];
        const asked = [...ids, ...ids.slice(0, 5)];
        expect(await cost(async () => (found = await directory.readUsersById(asked)))).toBe(3);
        expect(idsOf(found).toSorted()).toEqual(ids.toSorted());
        expect(await cost(() => directory.readUsersById([]))).toBe(0);
      });
    });

    describe('reading reference data', () => {
      test('lists licences with product, seats and end', async () => {
        const seat = { serial: 'S-1', product: 'SEAT', name: 'Seat', limit: 3, competitive: false };
        const pool = { serial: 'S-2', product: 'POOL', name: 'Pool', limit: 1, competitive: true };
        const validUntil = Date.UTC(2100, 0, 1);
        stand.addLicence({ ...seat, validUntil });
        stand.addLicence({ ...pool, validUntil: null });
        stand.addUser({ login: 'holder', displayName: 'Holder', licences: ['S-1'] });
        const licences = await directory.readLicences();
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
        for (const role of roles) stand.addRole(role);
        fill(3);
        const answer = await directory.readRoles();
        expect(answer.items.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(roles);
        expect(answer).toMatchObject({ lastPageShort: true, duplicates: [], pages: 1 });
        expect(answer.rows ?? answer.items.length).toBe(stand.rows('roles'));
      });

      test('pays a page for rows that it leaves out, too', async () => {
        stand.addRole({ id: '40', name: 'Operators' });
        fill(directory.capabilities.pageSize + 1);
        const answer = await directory.readRoles();
        const pages = Math.max(1, Math.ceil(stand.rows('roles') / directory.capabilities.pageSize));
        expect(answer).toMatchObject({
          items: [{ id: '40', name: 'Operators' }],
          lastPageShort: true,
          pages,
        });
      });

      test('takes one request for nothing and says that nothing is all there is', async () => {
        let licences: unknown;
        expect(await cost(async () => (licences = await directory.readLicences()))).toBe(1);
        expect(licences).toMatchObject({ items: [], lastPageShort: true, duplicates: [], pages: 1 });
      });
    });

    describe.each(COLLECTIONS)('an account that may not read %s', (collection) => {
      test.each<Lack>(['licence', 'permission'])(
        'for want of a %s is FORBIDDEN with a cure, asked once, and still knows itself',
        async (what) => {
          stand.lack(what, collection);
          let error: unknown;
          expect(await cost(async () => (error = await refusal(read(collection))))).toBe(1);
          expect(error).toMatchObject({ code: 'FORBIDDEN', cure: expect.stringContaining(what) });
          expect((await directory.whoAmI()).userId).toBe(stand.account.userId);
        },
      );
    });

    describe.each(COLLECTIONS)('reading %s from a host in trouble', (collection) => {
      test.each<[string, Trouble]>([
        ['a push-back without a time', { kind: 'busy', nth: 1 }],
        ["a proxy's page", { kind: 'proxy', nth: 1 }],
        ['half an answer', { kind: 'truncated', nth: 1 }],
      ])('repeats after %s, and nothing is missing', async (_, trouble) => {
        fill(3);
        stand.addRole({ id: '40', name: 'Operators' });
        const calm = await read(collection);
        stand.trouble(trouble);
        let answer: unknown;
        expect(await cost(async () => (answer = await read(collection)))).toBe(2);
        expect(answer).toEqual(calm);
        expect(directory.tally().retries).toBe(1);
      });

      test('waits as long as the host asks before it asks again', async () => {
        stand.trouble({ kind: 'busy', nth: 1, retryAfterSeconds: 7 });
        await read(collection);
        expect(sum(stand.slept())).toBeGreaterThanOrEqual(7000);
        expect(sum(stand.slept())).toBeLessThan(8000);
        expect(directory.tally()).toMatchObject({ used: 2, retries: 1 });
      });
    });

    test.each<[string, Trouble]>([
      ['a push-back', { kind: 'busy', nth: 2, retryAfterSeconds: 1 }],
      ["a proxy's page", { kind: 'proxy', nth: 2 }],
      ['half an answer', { kind: 'truncated', nth: 2 }],
    ])('%s in the middle of many pages costs one request, and nobody is missing', async (_, trouble) => {
      const ids = fill(directory.capabilities.pageSize * 2 + 1);
      stand.trouble(trouble);
      let users: Awaited<ReturnType<typeof directory.readUsers>> | undefined;
      expect(await cost(async () => (users = await directory.readUsers()))).toBe(4);
      expect(users).toMatchObject({ pages: 3, lastPageShort: true, duplicates: [] });
      expect(idsOf(users?.items ?? [])).toEqual([stand.account.userId, ...ids]);
    });

    test('a refusal that quotes the credential does not show it', async () => {
      stand.quoteSecret();
      expect(await refusal(directory.readUsers())).toMatchObject({ code: expect.any(String) });
    });
  });
}
