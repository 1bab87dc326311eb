import { describe, expect, test } from '@jest/globals';
import { readPages } from '../../../src/connectors/creatio/paging.ts';
import type { Page } from '../../../src/connectors/creatio/schema.ts';

/** Reads with pages of three rows; the answers are what the product gives in turn. */
async function readThrees(answers: readonly { ids: string; count?: number; next?: boolean }[]) {
  const asked: string[] = [];
  const read = await readPages({
    pageSize: 3,
    query: { $orderby: 'Id asc' },
    ask: async (query) => {
      const answer = answers[asked.length];
      if (answer === undefined) throw new Error('One page too many was asked for.');
      asked.push(`${String(query['$skip'])}+${String(query['$top'])}`);
      const page: Page = { value: answer.ids.split('').map((Id) => ({ Id })) };
      if (answer.count !== undefined) page['@odata.count'] = answer.count;
      if (answer.next === true) page['@odata.nextLink'] = 'more';
      return page;
    },
    fold: (raw) => ({ Id: String(raw['Id']) }),
  });
  return { ...read, items: read.items.map((row) => row['Id']).join(''), asked };
}

describe('Pages', () => {
  test('overlap by one row, which is counted once', async () => {
    const read = await readThrees([
      { ids: 'abc', count: 7 },
      { ids: 'cdef', count: 7 },
      { ids: 'fg', count: 7 },
    ]);
    expect(read).toMatchObject({ items: 'abcdefg', asked: ['0+3', '2+4', '5+4'], pages: 3, count: 7 });
    expect(read).toMatchObject({ duplicates: [], lastPageShort: true });
  });

  test('end with a full page where the count says so, and go on where there is no count', async () => {
    expect(await readThrees([{ ids: 'abc', count: 3 }])).toMatchObject({ pages: 1, lastPageShort: true });
    expect(await readThrees([{ ids: 'abc' }, { ids: 'c' }])).toMatchObject({
      items: 'abc',
      pages: 2,
      count: null,
      lastPageShort: true,
    });
  });

  test('go on when the count grows while they are read', async () => {
    const read = await readThrees([
      { ids: 'abc', count: 6 },
      { ids: 'cdef', count: 8 },
      { ids: 'fgh', count: 8 },
    ]);
    expect(read).toMatchObject({ items: 'abcdefgh', count: 8, lastPageShort: true });
  });

  test('that do not join are not complete, whatever the count says', async () => {
    const gone = await readThrees([
      { ids: 'abc', count: 6 },
      { ids: 'efgh', count: 6 },
    ]);
    expect(gone).toMatchObject({ items: 'abcefgh', lastPageShort: false });
    const empty = await readThrees([
      { ids: 'abc', count: 5 },
      { ids: '', count: 1 },
    ]);
    expect(empty).toMatchObject({ items: 'abc', count: 1, lastPageShort: false });
  });

  test('report rows that come twice and keep them once', async () => {
    const read = await readThrees([
      { ids: 'abc', count: 5 },
      { ids: 'cbd', count: 5 },
    ]);
    expect(read).toMatchObject({ items: 'abcd', duplicates: ['b'] });
  });

  test('that the product cuts short are not complete', async () => {
    expect(await readThrees([{ ids: 'ab', count: 5, next: true }])).toMatchObject({
      lastPageShort: false,
      count: 5,
    });
  });
});
