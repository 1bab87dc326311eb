import { describe, expect, test } from '@jest/globals';
import { createStore } from '../../../src/sandbox/creatio/store.ts';

const row = (Id: string, Name: string | null, Number = 0) => ({ Id, Name, Number });

describe('finding rows by what they hold', () => {
  test('answers the rows that hold exactly these values, before and after an index exists', () => {
    const store = createStore([]);
    store.put('Thing', row('a', 'one'));
    expect(store.find('Thing', ['Name'], ['one'])).toEqual([row('a', 'one')]);
    store.put('Thing', row('b', 'one'));
    store.put('Thing', row('c', 'two'));
    expect(store.find('Thing', ['Name'], ['one']).map(({ Id }) => Id)).toEqual(['a', 'b']);
    expect(store.find('Thing', ['Name'], ['three'])).toEqual([]);
  });

  test('follows changes and removals', () => {
    const store = createStore([]);
    for (const id of ['a', 'b', 'c']) store.put('Thing', row(id, 'one'));
    expect(store.find('Thing', ['Name'], ['one'])).toHaveLength(3);
    store.put('Thing', row('a', 'two'));
    store.remove('Thing', 'b');
    expect(store.find('Thing', ['Name'], ['one']).map(({ Id }) => Id)).toEqual(['c']);
    expect(store.find('Thing', ['Name'], ['two']).map(({ Id }) => Id)).toEqual(['a']);
    store.remove('Thing', 'c');
    expect(store.find('Thing', ['Name'], ['one'])).toEqual([]);
  });

  test('follows what a transaction takes back', () => {
    const store = createStore([]);
    store.put('Thing', row('a', 'one'));
    store.find('Thing', ['Name'], ['one']);
    expect(() =>
      store.transaction(() => {
        store.put('Thing', row('a', 'two'));
        store.put('Thing', row('b', 'one'));
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
    expect(store.find('Thing', ['Name'], ['one']).map(({ Id }) => Id)).toEqual(['a']);
    expect(store.find('Thing', ['Name'], ['two'])).toEqual([]);
  });

  test('keeps rows that leave a column empty out, and several columns apart', () => {
    const store = createStore([]);
    store.put('Thing', row('a', null, 1));
    store.put('Thing', row('b', '', 1));
    store.put('Thing', row('c', 'x', 1));
    store.put('Thing', row('d', 'x', 2));
    expect(store.find('Thing', ['Name', 'Number'], ['x', 1]).map(({ Id }) => Id)).toEqual(['c']);
    expect(store.find('Thing', ['Name', 'Number'], ['', 1])).toEqual([]);
  });
});
