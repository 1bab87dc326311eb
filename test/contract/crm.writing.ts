import { beforeEach, describe, expect, test } from '@jest/globals';
import { guid, type CrmBench } from './crm.bench.ts';

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

/** Writing, as every CRM connector has to do it. */
export function describeCrmWriting(bench: CrmBench): void {
  describe('writing', () => {
    beforeEach(async () => {
      await bench.crm.whoAmI();
      await bench.crm.describe();
    });

    test.each(TEXTS)('keeps %s byte for byte, in an answer, in a row and in a condition', async (_, text) => {
      const names = bench.stand.names.record;
      const [outcome] = await bench.crm.write([
        bench.record(1, { [names.name]: text, [names.note]: text.repeat(50) }),
      ]);
      expect(outcome).toMatchObject({ state: 'done', row: { [names.name]: text } });
      const by = { column: names.name, values: [text] };
      const found = await bench.crm.findRows({ entity: names.entity, columns: [names.name, names.note], by });
      expect(found).toEqual([{ Id: guid(1), [names.name]: text, [names.note]: text.repeat(50) }]);
    });

    test('creates parents and children in one request and answers the rows', async () => {
      const names = bench.stand.names.record;
      const child = bench.record(1, {
        [names.contact]: guid(7, 2),
        [names.active]: true,
        [names.changedOn]: '2026-01-02T03:04:05Z',
      });
      let outcomes: unknown;
      expect(
        await bench.cost(async () => (outcomes = await bench.crm.write([bench.contact(7), child]))),
      ).toBe(1);
      expect(outcomes).toMatchObject([
        {
          ref: 'contact 7',
          state: 'done',
          row: { Id: guid(7, 2), [bench.stand.names.contact.name]: 'Contact 7' },
        },
        {
          ref: 'record 1',
          state: 'done',
          row: { Id: guid(1), [names.contact]: guid(7, 2), [names.active]: true },
        },
      ]);
      const { items } = await bench.read([names.contact, names.changedOn]);
      expect(items[0]).toMatchObject({ [names.contact]: guid(7, 2) });
      expect(Date.parse(String(items[0]?.[names.changedOn]))).toBe(Date.parse('2026-01-02T03:04:05Z'));
    });

    test('says of a row that it exists already, and leaves it alone', async () => {
      const { name } = bench.stand.names.record;
      await bench.crm.write([bench.record(1)]);
      expect(await bench.crm.write([bench.record(1, { [name]: 'Other' })])).toEqual([
        { ref: 'record 1', state: 'exists' },
      ]);
      expect(bench.stored(1)?.[name]).toBe('Record 1');
    });

    test('changes, clears and deletes, and says what is not there', async () => {
      const names = bench.stand.names.record;
      await bench.crm.write([
        bench.contact(1),
        bench.record(1, { [names.contact]: guid(1, 2), [names.note]: 'old', [names.active]: true }),
        bench.record(2),
      ]);
      const cleared = { [names.contact]: null, [names.note]: null, [names.active]: false };
      const outcomes = await bench.crm.write([
        bench.change(1, cleared),
        bench.removal(2),
        bench.change(3, { [names.note]: 'x' }),
        bench.removal(4),
      ]);
      expect(outcomes).toEqual([
        { ref: 'record 1', state: 'done', row: null },
        { ref: 'record 2', state: 'done', row: null },
        { ref: 'record 3', state: 'absent' },
        { ref: 'record 4', state: 'absent' },
      ]);
      const { items } = await bench.read([names.name, names.contact, names.note, names.active]);
      expect(items).toEqual([{ Id: guid(1), [names.name]: 'Record 1', ...cleared }]);
    });

    test('refuses with a code for every kind of refusal, and goes on with the others', async () => {
      const names = bench.stand.names.record;
      bench.stand.insert(bench.stand.names.directory.entity, {
        Id: guid(1, 3),
        [bench.stand.names.directory.name]: 'D',
      });
      const taken = { [names.extension]: '100', [names.directory]: guid(1, 3) };
      const outcomes = await bench.crm.write([
        bench.contact(1),
        bench.record(1, { ...taken, [names.contact]: guid(1, 2) }),
        bench.record(2, { [names.name]: 'x'.repeat(300) }),
        bench.contact(2, { [bench.stand.names.contact.name]: null }),
        bench.record(3, { [names.contact]: guid(99, 2) }),
        bench.record(4, taken),
        { ...bench.contact(1), ref: 'referenced', kind: 'delete', values: {} },
        bench.record(5, { NoSuchColumn: 'x' }),
        { ...bench.record(6), entity: 'NoSuchEntity' },
        bench.record(7),
        bench.change(7, { [names.contact]: guid(99, 2) }),
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
      expect(bench.stand.rows(names.entity).map((row) => row['Id'])).toEqual([guid(1), guid(7)]);
    });

    test('takes as many writes a request as it says, none for nothing, and no more', async () => {
      const { batchSize } = bench.crm.capabilities;
      const writes = Array.from({ length: batchSize }, (_, index) => bench.record(index + 1));
      let outcomes: readonly { state: string }[] = [];
      expect(await bench.cost(async () => (outcomes = await bench.crm.write(writes)))).toBe(1);
      expect(outcomes.every((one) => one.state === 'done')).toBe(true);
      expect(bench.stand.rows(bench.stand.names.record.entity)).toHaveLength(batchSize);
      expect(await bench.cost(() => bench.crm.write([]))).toBe(0);
      await expect(bench.crm.write([...writes, bench.record(9999)])).rejects.toMatchObject({
        code: 'CONTRACT',
      });
    });

    test('says that it does not know when the answer is lost, and does not send again', async () => {
      bench.stand.loseAnswer();
      let outcomes: readonly { state: string }[] = [];
      expect(
        await bench.cost(async () => (outcomes = await bench.crm.write([bench.record(1), bench.record(2)]))),
      ).toBe(1);
      expect(outcomes.map((one) => one.state)).toEqual(['unknown', 'unknown']);
      expect(bench.stored(2)).toBeDefined();
      expect((await bench.crm.write([bench.record(2)]))[0]).toEqual({ ref: 'record 2', state: 'exists' });
    });

    test('says that it does not know when the connection breaks, although nothing was done', async () => {
      bench.stand.loseRequest();
      const outcomes = await bench.crm.write([bench.record(1)]);
      expect(outcomes.map((one) => one.state)).toEqual(['unknown']);
      expect(bench.stored(1)).toBeUndefined();
    });
  });
}
