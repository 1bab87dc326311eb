import { describe, expect, test } from '@jest/globals';
import { readOptions } from './options.ts';

describe('the options of a bench', () => {
  test('have the sizes of the issue unless others are named', () => {
    expect(readOptions(['import'])).toEqual({
      bench: 'import',
      sizes: [1000, 10_000, 100_000],
      latency: 0,
      batch: 0,
      repeat: 3,
      seed: 1,
      seconds: 10,
      target: [],
    });
    expect(readOptions(['match', '--sizes', '10,20', '--repeat', '1'])).toMatchObject({
      bench: 'match',
      sizes: [10, 20],
      repeat: 1,
    });
  });

  test.each([
    ['no bench', []],
    ['an unknown bench', ['export']],
    ['two benches', ['import', 'match']],
    ['no users', ['import', '--sizes', '0']],
    ['no numbers', ['import', '--sizes', '1000;2000']],
    ['no run', ['match', '--repeat', '0']],
    ['words', ['import', '--latency', 'slow']],
    ['no time', ['webhook', '--seconds', '0']],
    ['a target without a name', ['webhook', '--target', '']],
    ['an unknown option', ['import', '--speed', '3']],
  ])('refuse %s', (_what, args) => {
    expect(() => readOptions(args)).toThrow(/\S/);
  });
});
