import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CollectionRead } from '../../src/app/ports/directory.ts';
import type { DirectoryUser } from '../../src/domain/person.ts';
import { rejection } from '../http/support.ts';
import {
  createDirectoryBench,
  idsOf,
  sum,
  type Collection,
  type DirectoryBench,
  type DirectoryStand,
  type Lack,
  type Trouble,
} from './directory.bench.ts';
import { describeDirectoryReading } from './directory.reading.ts';

const COLLECTIONS: readonly Collection[] = ['users', 'roles', 'licences'];

/**
 * What every directory connector has to do (`src/app/ports/directory.ts`), tried on the product or a stand-in of it.
 * After each test the connectors' own tally must be what the product has counted, and no credential may be in the log.
 */
export function describeDirectoryContract(product: string, open: () => Promise<DirectoryStand>): void {
  describe(`The directory port on ${product}`, () => {
    let current: DirectoryBench;
    const bench = (): DirectoryBench => current;

    beforeEach(async () => {
      current = createDirectoryBench(await open());
    });
    afterEach(async () => {
      const { stand, connectors, secrets } = current;
      const tallies = connectors.map((connector) => connector.tally());
      const [counted, logs] = [stand.requests(), stand.logs()];
      await stand.close();
      expect(sum(tallies.map(({ used }) => used))).toBe(counted);
      expect(sum(tallies.flatMap(({ byRoute }) => Object.values(byRoute)))).toBe(counted);
      for (const secret of secrets) expect(logs).not.toContain(secret);
    });

    describeDirectoryReading(bench);

    describe('who-am-I', () => {
      test('names the account, its domain and what it may do, in one request', async () => {
        expect(await bench().directory.whoAmI()).toEqual(bench().stand.account);
        expect(await bench().cost(() => bench().directory.whoAmI())).toBe(1);
      });

      test('with a bad credential is AUTHENTICATION with a cure, asked once', async () => {
        const wrong = 'canary-of-a-wrong-credential';
        bench().secrets.push(wrong);
        const stranger = bench().stand.connectWith(wrong);
        bench().connectors.push(stranger);
        let error: unknown;
        expect(await bench().cost(async () => (error = await bench().refusal(stranger.whoAmI())))).toBe(1);
        expect(error).toMatchObject({ code: 'AUTHENTICATION', cure: expect.stringMatching(/\S/) });
        expect(await bench().refusal(stranger.readUsers())).toMatchObject({ code: 'AUTHENTICATION' });
      });

      test('of a caller who has given up sends nothing', async () => {
        expect(await bench().cost(() => rejection(bench().directory.whoAmI(AbortSignal.abort())))).toBe(0);
      });
    });

    describe.each(COLLECTIONS)('an account that may not read %s', (collection) => {
      test.each<Lack>(['licence', 'permission'])(
        'for want of a %s is FORBIDDEN with a cure, asked once, and still knows itself',
        async (what) => {
          bench().stand.lack(what, collection);
          let error: unknown;
          expect(
            await bench().cost(async () => (error = await bench().refusal(bench().read(collection)))),
          ).toBe(1);
          expect(error).toMatchObject({ code: 'FORBIDDEN', cure: expect.stringContaining(what) });
          expect((await bench().directory.whoAmI()).userId).toBe(bench().stand.account.userId);
        },
      );
    });

    describe.each(COLLECTIONS)('reading %s from a host in trouble', (collection) => {
      test.each<[string, Trouble]>([
        ['a push-back without a time', { kind: 'busy', nth: 1 }],
        ["a proxy's page", { kind: 'proxy', nth: 1 }],
        ['half an answer', { kind: 'truncated', nth: 1 }],
      ])('repeats after %s, and nothing is missing', async (_, trouble) => {
        bench().fill(3);
        bench().stand.addRole({ id: '40', name: 'Operators' });
        const calm = await bench().read(collection);
        bench().stand.trouble(trouble);
        let answer: unknown;
        expect(await bench().cost(async () => (answer = await bench().read(collection)))).toBe(2);
        expect(answer).toEqual(calm);
        expect(bench().directory.tally().retries).toBe(1);
      });

      test('waits as long as the host asks before it asks again', async () => {
        bench().stand.trouble({ kind: 'busy', nth: 1, retryAfterSeconds: 7 });
        await bench().read(collection);
        expect(sum(bench().stand.slept())).toBeGreaterThanOrEqual(7000);
        expect(sum(bench().stand.slept())).toBeLessThan(8000);
        expect(bench().directory.tally()).toMatchObject({ used: 2, retries: 1 });
      });
    });

    test.each<[string, Trouble]>([
      ['a push-back', { kind: 'busy', nth: 2, retryAfterSeconds: 1 }],
      ["a proxy's page", { kind: 'proxy', nth: 2 }],
      ['half an answer', { kind: 'truncated', nth: 2 }],
    ])('%s in the middle of many pages costs one request, and nobody is missing', async (_, trouble) => {
      const ids = bench().fill(bench().directory.capabilities.pageSize * 2 + 1);
      bench().stand.trouble(trouble);
      let users: CollectionRead<DirectoryUser> | undefined;
      expect(await bench().cost(async () => (users = await bench().directory.readUsers()))).toBe(4);
      expect(users).toMatchObject({ pages: 3, lastPageShort: true, duplicates: [] });
      expect(idsOf(users?.items ?? [])).toEqual([bench().stand.account.userId, ...ids]);
    });

    test('a refusal that quotes the credential does not show it', async () => {
      bench().stand.quoteSecret();
      expect(await bench().refusal(bench().directory.readUsers())).toMatchObject({
        code: expect.any(String),
      });
    });
  });
}
