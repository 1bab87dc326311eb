import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmRead, CrmRow } from '../../src/app/ports/crm.ts';
import { guid, type CrmBench } from './crm.bench.ts';

/** Reading, as every CRM connector has to do it. */
export function describeCrmReading(bench: CrmBench): void {
  describe('reading', () => {
    beforeEach(async () => {
      await bench.crm.whoAmI();
      await bench.crm.describe();
    });

    test('takes one request for nothing and says that nothing is all there is', async () => {
      let rows: unknown;
      expect(await bench.cost(async () => (rows = await bench.read([bench.stand.names.record.name])))).toBe(
        1,
      );
      expect(rows).toEqual({ items: [], lastPageShort: true, duplicates: [], pages: 1, count: 0 });
    });

    test('takes a page more only when rows are left', async () => {
      const { pageSize } = bench.crm.capabilities;
      const { name } = bench.stand.names.record;
      bench.fill(1, pageSize * 2);
      const heard: [number, number | null][] = [];
      const query = {
        entity: bench.stand.names.record.entity,
        columns: [name],
        onPage: (done: number, total: number | null) => heard.push([done, total]),
      };
      const full = await bench.crm.readRows(query);
      expect(full).toMatchObject({ pages: 2, count: pageSize * 2, lastPageShort: true, duplicates: [] });
      expect(heard).toEqual([
        [pageSize, pageSize * 2],
        [pageSize * 2, pageSize * 2],
      ]);

      bench.fill(pageSize * 2 + 1, pageSize * 2 + 1);
      let more: CrmRead | undefined;
      expect(await bench.cost(async () => (more = await bench.read([name])))).toBe(3);
      expect(more).toMatchObject({
        pages: 3,
        count: pageSize * 2 + 1,
        lastPageShort: true,
        duplicates: [],
      });
      // In the order of creation, each row once.
      expect(more?.items.map((row) => row[name])).toEqual(
        Array.from({ length: pageSize * 2 + 1 }, (_, index) => `Record ${index + 1}`),
      );
    });

    test('takes rows that are added meanwhile last', async () => {
      const { pageSize } = bench.crm.capabilities;
      bench.fill(1, pageSize + 1);
      const { items, count, lastPageShort } = await bench.crm.readRows({
        entity: bench.stand.names.record.entity,
        columns: [],
        onPage: (done) => {
          if (done === pageSize) bench.fill(9001, 9002);
        },
      });
      expect({ items: items.length, count, lastPageShort }).toEqual({
        items: pageSize + 3,
        count: pageSize + 3,
        lastPageShort: true,
      });
      expect(items.at(-1)?.['Id']).toBe(guid(9002));
    });

    test('is not complete when rows vanish meanwhile, even if as many are added', async () => {
      const { pageSize } = bench.crm.capabilities;
      const { entity } = bench.stand.names.record;
      bench.fill(1, pageSize + 5);
      const { lastPageShort, count, items } = await bench.crm.readRows({
        entity,
        columns: [],
        onPage: (done) => {
          if (done !== pageSize) return;
          for (const n of [3, 4, 5]) bench.stand.remove(entity, guid(n));
          bench.fill(9001, 9003);
        },
      });
      const complete = lastPageShort && count === items.length;
      expect(complete).toBe(false);
    });

    test('folds empty cells to null and leaves everything else as it is', async () => {
      const names = bench.stand.names.record;
      bench.stand.insert(names.entity, { Id: guid(1), [names.name]: 'One' });
      const { items } = await bench.read([
        names.name,
        names.note,
        names.contact,
        names.changedOn,
        names.active,
      ]);
      expect(items).toEqual([
        {
          Id: guid(1),
          [names.name]: 'One',
          [names.note]: null,
          [names.contact]: null,
          [names.changedOn]: null,
          [names.active]: false,
        },
      ]);
    });

    test('narrows by lookup, text, flag and emptiness, all of them together', async () => {
      const names = bench.stand.names.record;
      bench.stand.insert(bench.stand.names.contact.entity, {
        Id: guid(1, 2),
        [bench.stand.names.contact.name]: 'Ann',
      });
      const tied = { [names.contact]: guid(1, 2), [names.active]: true };
      bench.stand.insert(names.entity, { Id: guid(1), [names.name]: "O'Neil", ...tied });
      bench.stand.insert(names.entity, { Id: guid(2), [names.name]: 'Bob', ...tied });
      bench.stand.insert(names.entity, { Id: guid(3), [names.name]: "O'Neil", [names.active]: true });
      bench.stand.insert(names.entity, {
        Id: guid(4),
        [names.name]: "O'Neil",
        ...tied,
        [names.active]: false,
      });
      const ids = async (...filter: { column: string; anyOf: CrmRow[string][] }[]) =>
        (await bench.read([], filter)).items.map((row) => row['Id']);

      expect(await ids({ column: names.contact, anyOf: [guid(1, 2).toUpperCase()] })).toEqual(
        [1, 2, 4].map((n) => guid(n)),
      );
      expect(await ids({ column: names.contact, anyOf: [null] })).toEqual([guid(3)]);
      expect(await ids({ column: names.name, anyOf: ["O'Neil", 'Nobody'] })).toEqual(
        [1, 3, 4].map((n) => guid(n)),
      );
      expect(await ids({ column: names.active, anyOf: [false] })).toEqual([guid(4)]);
      expect(
        await ids(
          { column: names.contact, anyOf: [guid(1, 2)] },
          { column: names.name, anyOf: ["O'Neil", 'Carl'] },
          { column: names.active, anyOf: [true] },
        ),
      ).toEqual([guid(1)]);
      expect(await ids({ column: names.name, anyOf: ["x' or 'a' eq 'a"] })).toEqual([]);
    });

    test('of an unknown column or entity is an error of the configuration that names it', async () => {
      await expect(bench.read(['NoSuchColumn'])).rejects.toMatchObject({ code: 'CONFIGURATION' });
      await expect(bench.read(['NoSuchColumn'])).rejects.toThrow('NoSuchColumn');
      await expect(bench.crm.readRows({ entity: 'NoSuchEntity', columns: [] })).rejects.toMatchObject({
        code: 'CONFIGURATION',
      });
    });

    test('finds rows by a list of values, so many a request and each value once', async () => {
      const { probeTerms } = bench.crm.capabilities;
      const names = bench.stand.names.record;
      bench.fill(1, probeTerms + 5);
      const values = Array.from({ length: probeTerms + 1 }, (_, index) => `Record ${index + 1}`);
      let found: readonly CrmRow[] = [];
      const find = async (terms: readonly string[]): Promise<void> => {
        found = await bench.crm.findRows({
          entity: names.entity,
          columns: [names.name],
          by: { column: names.name, values: terms },
        });
      };
      expect(await bench.cost(() => find([...values, ...values]))).toBe(2);
      expect(new Set(found.map((row) => row[names.name]))).toEqual(new Set(values));
      expect(found).toHaveLength(probeTerms + 1);
      expect(await bench.cost(() => find([]))).toBe(0);
      expect(found).toEqual([]);
    });
  });
}
