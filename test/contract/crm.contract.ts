import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmConnector, CrmRead } from '../../src/app/ports/crm.ts';
import { createBench, type CrmStand } from './crm.bench.ts';
import { describeCrmReading } from './crm.reading.ts';
import { describeCrmUsers } from './crm.users.ts';
import { describeCrmWriting } from './crm.writing.ts';

/**
 * What every CRM connector has to do (`src/app/ports/crm.ts`), tried on the product or a stand-in of it. After each
 * test the connector's own tally must be what the product has counted.
 */
export function describeCrmContract(
  product: string,
  disguises: readonly string[],
  open: () => Promise<CrmStand>,
): void {
  describe(`The CRM port on ${product}`, () => {
    let stand: CrmStand;
    const bench = createBench(() => stand);

    beforeEach(async () => {
      stand = await open();
    });
    afterEach(async () => {
      const [own, counted] = [stand.connector.tally().used, stand.requests()];
      await stand.close();
      expect(own).toBe(counted);
    });

    describe('who-am-I', () => {
      test('names the account, its user and its contact in one request once signed in', async () => {
        expect(await bench.crm.whoAmI()).toEqual(bench.stand.account);
        expect(await bench.cost(() => bench.crm.whoAmI())).toBe(1);
      });
    });

    describe('describe', () => {
      test('lists columns with types and lookups in one request', async () => {
        const { record: names, contact: people } = bench.stand.names;
        await bench.crm.whoAmI();
        let columns: Awaited<ReturnType<CrmConnector['describe']>>[string] | undefined;
        const spent = await bench.cost(async () => {
          columns = (await bench.crm.describe())[names.entity];
        });
        expect(spent).toBe(1);
        expect(columns?.['Id']?.type).toBe('guid');
        expect(columns?.[names.name]).toMatchObject({ type: 'text', lookup: null });
        expect(columns?.[names.active]?.type).toBe('boolean');
        expect(columns?.[names.changedOn]?.type).toBe('dateTime');
        expect(columns?.[names.contact]).toMatchObject({ type: 'guid', lookup: people.entity });
        expect(columns?.['NoSuchColumn']).toBeUndefined();
      });
    });

    describeCrmReading(bench);
    describeCrmWriting(bench);
    describeCrmUsers(bench);

    describe.each(disguises)('a session that ends and shows as %s', (disguise) => {
      beforeEach(async () => {
        await bench.crm.whoAmI();
        await bench.crm.describe();
      });

      test('in the middle of a read costs a sign-in and a repetition, and loses nothing', async () => {
        const { pageSize } = bench.crm.capabilities;
        bench.fill(1, pageSize + 1);
        bench.stand.expire(disguise, 'read', 2);
        let rows: CrmRead | undefined;
        expect(await bench.cost(async () => (rows = await bench.read([])))).toBe(4);
        expect(rows).toMatchObject({ pages: 2, count: pageSize + 1, lastPageShort: true, duplicates: [] });
        expect(rows?.items).toHaveLength(pageSize + 1);
      });

      test('before a CRM user is made costs a sign-in and a repetition, and makes one', async () => {
        await bench.crm.write([bench.contact(1)]);
        bench.stand.expire(disguise, 'user', 1);
        let outcome: { state: string } | undefined;
        expect(
          await bench.cost(async () => (outcome = await bench.crm.crmUsers?.write(bench.crmUser(1)))),
        ).toBe(3);
        expect(outcome).toMatchObject({ state: 'done' });
      });

      test('before a write costs a sign-in and a repetition, and doubles nothing', async () => {
        bench.stand.expire(disguise, 'write', 1);
        let outcomes: readonly { state: string }[] = [];
        expect(
          await bench.cost(
            async () => (outcomes = await bench.crm.write([bench.record(1), bench.record(2)])),
          ),
        ).toBe(3);
        expect(outcomes.map((one) => one.state)).toEqual(['done', 'done']);
        expect(bench.stand.rows(bench.stand.names.record.entity)).toHaveLength(2);
      });
    });
  });
}
