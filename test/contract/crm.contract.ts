import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmConnector, CrmRow, CrmWrite } from '../../src/app/ports/crm.ts';

/** What the entities that the contract works on are called in the product. */
export interface CrmNames {
  /** A telephony record. */
  readonly record: {
    readonly entity: string;
    /** Text, of limited length. */
    readonly name: string;
    /** Text without a limit. */
    readonly note: string;
    readonly active: string;
    /** Lookup to a contact. */
    readonly contact: string;
    /** Text that is unique within a directory. */
    readonly extension: string;
    /** Lookup to a directory. */
    readonly directory: string;
    /** A time. */
    readonly changedOn: string;
  };
  /** A contact; one that a record refers to cannot be deleted. */
  readonly contact: { readonly entity: string; /** Text, required. */ readonly name: string };
  readonly directory: { readonly entity: string; readonly name: string };
}

/** A product that stands ready, with a connector to it that has not been used yet. */
export interface CrmStand {
  readonly connector: CrmConnector;
  readonly names: CrmNames;
  readonly account: { readonly login: string; readonly userId: string; readonly contactId: string };
  /** Edits by somebody else. */
  insert(entity: string, row: CrmRow): void;
  remove(entity: string, id: string): void;
  /** The rows as the product keeps them. */
  rows(entity: string): readonly Readonly<Record<string, unknown>>[];
  /** How many requests the product itself has counted. */
  requests(): number;
  /** From the n-th of the next requests of that kind on, the session is dead. */
  expire(disguise: string, when: 'read' | 'write', nth: number): void;
  /** The next write is carried out, and its answer is lost. */
  loseAnswer(): void;
  /** The next write is not carried out, and its connection breaks. */
  loseRequest(): void;
  close(): Promise<void>;
}

/** A GUID that is the same in each run of the tests. */
export function guid(n: number, group = 1): string {
  return `${group.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Texts that have to come back as they went, byte for byte. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['apostrophes', "O'Brien ''quoted'' Мар'яна ’"],
  ['right to left', '\u200Fمريم בן־דוד\u200E (abc)'],
  ['astral characters and joiners', '👩‍👩‍👧 𝒳 é'],
  ['blanks at the ends and inside', '  two  blanks\t '],
  ['lines', 'one\r\ntwo\nthree'],
  ['what looks like syntax', '%20&$filter=1 eq 1;--\\"</a>{}\'; null'],
  ['what looks like a GUID', 'ABCDEF00-0000-4000-8000-00000000000A'],
];

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
    let crm: CrmConnector;

    beforeEach(async () => {
      stand = await open();
      crm = stand.connector;
    });
    afterEach(async () => {
      const [own, counted] = [crm.tally().used, stand.requests()];
      await stand.close();
      expect(own).toBe(counted);
    });

    /** Requests that were sent while `action` ran. */
    async function cost(action: () => Promise<unknown>): Promise<number> {
      const before = stand.requests();
      await action();
      return stand.requests() - before;
    }

    const record = (n: number, values: CrmWrite['values'] = {}): CrmWrite => ({
      ref: `record ${n}`,
      kind: 'create',
      entity: stand.names.record.entity,
      id: guid(n),
      values: { [stand.names.record.name]: `Record ${n}`, ...values },
    });
    const change = (n: number, values: CrmWrite['values']): CrmWrite => ({
      ...record(n),
      kind: 'update',
      values,
    });
    const removal = (n: number): CrmWrite => ({ ...record(n), kind: 'delete', values: {} });
    const contact = (n: number, values?: CrmWrite['values']): CrmWrite => ({
      ref: `contact ${n}`,
      kind: 'create',
      entity: stand.names.contact.entity,
      id: guid(n, 2),
      values: values ?? { [stand.names.contact.name]: `Contact ${n}` },
    });
    const read = (columns: readonly string[], filter: { column: string; anyOf: CrmRow[string][] }[] = []) =>
      crm.readRows({ entity: stand.names.record.entity, columns, filter });
    const stored = (n: number) => stand.rows(stand.names.record.entity).find((row) => row['Id'] === guid(n));
    const fill = (from: number, to: number): void => {
      const { entity, name } = stand.names.record;
      for (let n = from; n <= to; n += 1) stand.insert(entity, { Id: guid(n), [name]: `Record ${n}` });
    };

    describe('who-am-I', () => {
      test('names the account, its user and its contact in one request once signed in', async () => {
        expect(await crm.whoAmI()).toEqual(stand.account);
        expect(await cost(() => crm.whoAmI())).toBe(1);
      });
    });

    describe('describe', () => {
      test('lists columns with types and lookups in one request', async () => {
        const { record: names, contact: people } = stand.names;
        await crm.whoAmI();
        let columns: Awaited<ReturnType<CrmConnector['describe']>>[string] | undefined;
        const spent = await cost(async () => {
          columns = (await crm.describe())[names.entity];
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

    describe('reading', () => {
      beforeEach(async () => {
        await crm.whoAmI();
        await crm.describe();
      });

      test('takes one request for nothing and says that nothing is all there is', async () => {
        let rows: unknown;
        expect(await cost(async () => (rows = await read([stand.names.record.name])))).toBe(1);
        expect(rows).toEqual({ items: [], lastPageShort: true, duplicates: [], pages: 1, count: 0 });
      });

      test('takes a page more only when rows are left', async () => {
        const { pageSize } = crm.capabilities;
        const { name } = stand.names.record;
        fill(1, pageSize * 2);
        const heard: [number, number | null][] = [];
        const query = {
          entity: stand.names.record.entity,
          columns: [name],
          onPage: (done: number, total: number | null) => heard.push([done, total]),
        };
        const full = await crm.readRows(query);
        expect(full).toMatchObject({ pages: 2, count: pageSize * 2, lastPageShort: true, duplicates: [] });
        expect(heard).toEqual([
          [pageSize, pageSize * 2],
          [pageSize * 2, pageSize * 2],
        ]);

        fill(pageSize * 2 + 1, pageSize * 2 + 1);
        let more: Awaited<ReturnType<typeof read>> | undefined;
        expect(await cost(async () => (more = await read([name])))).toBe(3);
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
        const { pageSize } = crm.capabilities;
        fill(1, pageSize + 1);
        const { items, count, lastPageShort } = await crm.readRows({
          entity: stand.names.record.entity,
          columns: [],
          onPage: (done) => {
            if (done === pageSize) fill(9001, 9002);
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
        const { pageSize } = crm.capabilities;
        const { entity } = stand.names.record;
        fill(1, pageSize + 5);
        const { lastPageShort, count, items } = await crm.readRows({
          entity,
          columns: [],
          onPage: (done) => {
            if (done !== pageSize) return;
            for (const n of [3, 4, 5]) stand.remove(entity, guid(n));
            fill(9001, 9003);
          },
        });
        const complete = lastPageShort && count === items.length;
        expect(complete).toBe(false);
      });

      test('folds empty cells to null and leaves everything else as it is', async () => {
        const names = stand.names.record;
        stand.insert(names.entity, { Id: guid(1), [names.name]: 'One' });
        const { items } = await read([names.name, names.note, names.contact, names.changedOn, names.active]);
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
        const names = stand.names.record;
        stand.insert(stand.names.contact.entity, { Id: guid(1, 2), [stand.names.contact.name]: 'Ann' });
        const tied = { [names.contact]: guid(1, 2), [names.active]: true };
        stand.insert(names.entity, { Id: guid(1), [names.name]: "O'Neil", ...tied });
        stand.insert(names.entity, { Id: guid(2), [names.name]: 'Bob', ...tied });
        stand.insert(names.entity, { Id: guid(3), [names.name]: "O'Neil", [names.active]: true });
        stand.insert(names.entity, { Id: guid(4), [names.name]: "O'Neil", ...tied, [names.active]: false });
        const ids = async (...filter: { column: string; anyOf: CrmRow[string][] }[]) =>
          (await read([], filter)).items.map((row) => row['Id']);

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
        await expect(read(['NoSuchColumn'])).rejects.toMatchObject({ code: 'CONFIGURATION' });
        await expect(read(['NoSuchColumn'])).rejects.toThrow('NoSuchColumn');
        await expect(crm.readRows({ entity: 'NoSuchEntity', columns: [] })).rejects.toMatchObject({
          code: 'CONFIGURATION',
        });
      });

      test('finds rows by a list of values, so many a request and each value once', async () => {
        const { probeTerms } = crm.capabilities;
        const names = stand.names.record;
        fill(1, probeTerms + 5);
        const values = Array.from({ length: probeTerms + 1 }, (_, index) => `Record ${index + 1}`);
        let found: readonly CrmRow[] = [];
        const find = async (terms: readonly string[]): Promise<void> => {
          found = await crm.findRows({
            entity: names.entity,
            columns: [names.name],
            by: { column: names.name, values: terms },
          });
        };
        expect(await cost(() => find([...values, ...values]))).toBe(2);
        expect(new Set(found.map((row) => row[names.name]))).toEqual(new Set(values));
        expect(found).toHaveLength(probeTerms + 1);
        expect(await cost(() => find([]))).toBe(0);
        expect(found).toEqual([]);
      });
    });

    describe('writing', () => {
      beforeEach(async () => {
        await crm.whoAmI();
        await crm.describe();
      });

      test.each(TEXTS)(
        'keeps %s byte for byte, in an answer, in a row and in a condition',
        async (_, text) => {
          const names = stand.names.record;
          const [outcome] = await crm.write([
            record(1, { [names.name]: text, [names.note]: text.repeat(50) }),
          ]);
          expect(outcome).toMatchObject({ state: 'done', row: { [names.name]: text } });
          const by = { column: names.name, values: [text] };
          const found = await crm.findRows({ entity: names.entity, columns: [names.name, names.note], by });
          expect(found).toEqual([{ Id: guid(1), [names.name]: text, [names.note]: text.repeat(50) }]);
        },
      );

      test('creates parents and children in one request and answers the rows', async () => {
        const names = stand.names.record;
        const child = record(1, {
          [names.contact]: guid(7, 2),
          [names.active]: true,
          [names.changedOn]: '2026-01-02T03:04:05Z',
        });
        let outcomes: unknown;
        expect(await cost(async () => (outcomes = await crm.write([contact(7), child])))).toBe(1);
        expect(outcomes).toMatchObject([
          {
            ref: 'contact 7',
            state: 'done',
            row: { Id: guid(7, 2), [stand.names.contact.name]: 'Contact 7' },
          },
          {
            ref: 'record 1',
            state: 'done',
            row: { Id: guid(1), [names.contact]: guid(7, 2), [names.active]: true },
          },
        ]);
        const { items } = await read([names.contact, names.changedOn]);
        expect(items[0]).toMatchObject({ [names.contact]: guid(7, 2) });
        expect(Date.parse(String(items[0]?.[names.changedOn]))).toBe(Date.parse('2026-01-02T03:04:05Z'));
      });

      test('says of a row that it exists already, and leaves it alone', async () => {
        const { name } = stand.names.record;
        await crm.write([record(1)]);
        expect(await crm.write([record(1, { [name]: 'Other' })])).toEqual([
          { ref: 'record 1', state: 'exists' },
        ]);
        expect(stored(1)?.[name]).toBe('Record 1');
      });

      test('changes, clears and deletes, and says what is not there', async () => {
        const names = stand.names.record;
        await crm.write([
          contact(1),
          record(1, { [names.contact]: guid(1, 2), [names.note]: 'old', [names.active]: true }),
          record(2),
        ]);
        const cleared = { [names.contact]: null, [names.note]: null, [names.active]: false };
        const outcomes = await crm.write([
          change(1, cleared),
          removal(2),
          change(3, { [names.note]: 'x' }),
          removal(4),
        ]);
        expect(outcomes).toEqual([
          { ref: 'record 1', state: 'done', row: null },
          { ref: 'record 2', state: 'done', row: null },
          { ref: 'record 3', state: 'absent' },
          { ref: 'record 4', state: 'absent' },
        ]);
        const { items } = await read([names.name, names.contact, names.note, names.active]);
        expect(items).toEqual([{ Id: guid(1), [names.name]: 'Record 1', ...cleared }]);
      });

      test('refuses with a code for every kind of refusal, and goes on with the others', async () => {
        const names = stand.names.record;
        stand.insert(stand.names.directory.entity, { Id: guid(1, 3), [stand.names.directory.name]: 'D' });
        const taken = { [names.extension]: '100', [names.directory]: guid(1, 3) };
        const outcomes = await crm.write([
          contact(1),
          record(1, { ...taken, [names.contact]: guid(1, 2) }),
          record(2, { [names.name]: 'x'.repeat(300) }),
          contact(2, { [stand.names.contact.name]: null }),
          record(3, { [names.contact]: guid(99, 2) }),
          record(4, taken),
          { ...contact(1), ref: 'referenced', kind: 'delete', values: {} },
          record(5, { NoSuchColumn: 'x' }),
          { ...record(6), entity: 'NoSuchEntity' },
          record(7),
          change(7, { [names.contact]: guid(99, 2) }),
        ]);
        expect(outcomes.map((one) => (one.state === 'refused' ? one.code : one.state))).toEqual([
          'done',
          'done',
          'VALIDATION',
          'VALIDATION',
          'DEPENDENCY',
          'CONFLICT',
          'CONFLICT',
          'CONTRACT',
          'CONTRACT',
          'done',
          'DEPENDENCY',
        ]);
        expect(outcomes.map((one) => one.ref)).toEqual([
          'contact 1',
          'record 1',
          'record 2',
          'contact 2',
          'record 3',
          'record 4',
          'referenced',
          'record 5',
          'record 6',
          'record 7',
          'record 7',
        ]);
        expect(stand.rows(names.entity).map((row) => row['Id'])).toEqual([guid(1), guid(7)]);
      });

      test('takes as many writes a request as it says, none for nothing, and no more', async () => {
        const { batchSize } = crm.capabilities;
        const writes = Array.from({ length: batchSize }, (_, index) => record(index + 1));
        let outcomes: readonly { state: string }[] = [];
        expect(await cost(async () => (outcomes = await crm.write(writes)))).toBe(1);
        expect(outcomes.every((one) => one.state === 'done')).toBe(true);
        expect(stand.rows(stand.names.record.entity)).toHaveLength(batchSize);
        expect(await cost(() => crm.write([]))).toBe(0);
        await expect(crm.write([...writes, record(9999)])).rejects.toMatchObject({ code: 'CONTRACT' });
      });

      test('says that it does not know when the answer is lost, and does not send again', async () => {
        stand.loseAnswer();
        let outcomes: readonly { state: string }[] = [];
        expect(await cost(async () => (outcomes = await crm.write([record(1), record(2)])))).toBe(1);
        expect(outcomes.map((one) => one.state)).toEqual(['unknown', 'unknown']);
        expect(stored(2)).toBeDefined();
        expect((await crm.write([record(2)]))[0]).toEqual({ ref: 'record 2', state: 'exists' });
      });

      test('says that it does not know when the connection breaks, although nothing was done', async () => {
        stand.loseRequest();
        const outcomes = await crm.write([record(1)]);
        expect(outcomes.map((one) => one.state)).toEqual(['unknown']);
        expect(stored(1)).toBeUndefined();
      });
    });

    describe.each(disguises)('a session that ends and shows as %s', (disguise) => {
      beforeEach(async () => {
        await crm.whoAmI();
        await crm.describe();
      });

      test('in the middle of a read costs a sign-in and a repetition, and loses nothing', async () => {
        const { pageSize } = crm.capabilities;
        fill(1, pageSize + 1);
        stand.expire(disguise, 'read', 2);
        let rows: Awaited<ReturnType<typeof read>> | undefined;
        expect(await cost(async () => (rows = await read([])))).toBe(4);
        expect(rows).toMatchObject({ pages: 2, count: pageSize + 1, lastPageShort: true, duplicates: [] });
        expect(rows?.items).toHaveLength(pageSize + 1);
      });

      test('before a write costs a sign-in and a repetition, and doubles nothing', async () => {
        stand.expire(disguise, 'write', 1);
        let outcomes: readonly { state: string }[] = [];
        expect(await cost(async () => (outcomes = await crm.write([record(1), record(2)])))).toBe(3);
        expect(outcomes.map((one) => one.state)).toEqual(['done', 'done']);
        expect(stand.rows(stand.names.record.entity)).toHaveLength(2);
      });
    });
  });
}
