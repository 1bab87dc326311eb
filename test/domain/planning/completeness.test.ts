import { describe, expect, test } from '@jest/globals';
import {
  crmProblems,
  directoryProblems,
  lossProblems,
  lookupProblems,
  seatProblems,
} from '../../../src/domain/planning/completeness.ts';

const users = (count: number, serial = 'L1') =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), licences: [{ serial }] }));
const read = <T>(items: readonly T[], changes: object = {}) => ({
  items,
  lastPageShort: true,
  duplicates: [],
  pages: 1,
  ...changes,
});

describe('is a reading of the directory complete?', () => {
  test('a whole one is', () => {
    expect(directoryProblems(read(users(100)), '1', 100)).toEqual([]);
  });

  test('the first one ever is measured against nothing', () => {
    expect(directoryProblems(read(users(1)), '1', null)).toEqual([]);
  });

  test.each([
    ['the last page did not say so', read(users(100), { lastPageShort: false }), '1', 100],
    ['ids came twice', read(users(100), { duplicates: ['5'] }), '1', 100],
    ['our own account is missing', read(users(100)), '999', 100],
    ['less than nine tenths of the last one', read(users(89)), '1', 100],
  ])('not when %s', (_, reading, own, last) => {
    expect(directoryProblems(reading, own, last)).toHaveLength(1);
  });

  test('a few may always leave: in a small directory one person is more than a tenth', () => {
    expect(directoryProblems(read(users(3)), '1', 8)).toEqual([]);
    expect(directoryProblems(read(users(3)), '1', 9)).toHaveLength(1);
  });

  test('exactly nine tenths is enough', () => {
    expect(directoryProblems(read(users(90)), '1', 100)).toEqual([]);
  });
});

describe('seats in use and the holders that are shown', () => {
  test('agree, or nearly so', () => {
    expect(seatProblems(users(90), new Map([['L1', 100]]))).toEqual([]);
    expect(seatProblems(users(3), new Map([['L1', 8]]))).toEqual([]);
    expect(seatProblems(users(100), new Map([['L1', 20]]))).toEqual([]);
  });

  test('do not agree when clearly fewer holders are shown than seats are in use', () => {
    expect(seatProblems(users(30), new Map([['L1', 500]]))).toHaveLength(1);
    expect(seatProblems([], new Map([['L1', 6]]))).toHaveLength(1);
  });
});

describe('is a reading of a CRM collection complete?', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ Id: String(index) }));

  test('a whole one is, and one without a count of its own too', () => {
    expect(crmProblems({ ...read(rows(5)), count: 5 }, null, 'Contact')).toEqual([]);
    expect(crmProblems({ ...read(rows(5)), count: null }, null, 'Contact')).toEqual([]);
  });

  test.each([
    ['the count does not match', { ...read(rows(5)), count: 6 }, null],
    ['more rows came than the CRM counts', { ...read(rows(5)), count: 4 }, null],
    ['much less than last time', { ...read(rows(5)), count: 5 }, 20],
    ['the last page was full', { ...read(rows(5), { lastPageShort: false }), count: 5 }, null],
  ])('not when %s', (_, reading, last) => {
    expect(crmProblems(reading, last, 'Contact')).toHaveLength(1);
  });
});

test('a lookup that is empty is not believed when it had rows before, however few', () => {
  const empty = { ...read([]), count: 0 };
  expect(lookupProblems(empty, 2, 'UsrWebitelRole')).toHaveLength(1);
  expect(lookupProblems(empty, 0, 'UsrWebitelRole')).toEqual([]);
  expect(lookupProblems(empty, null, 'UsrWebitelRole')).toEqual([]);
});

test.each([
  [28, 12, 0],
  [6, 6, 0],
  [0, 5, 0],
  [5, 6, 1],
  [0, 94, 1],
])('%i rows left where %i are gone: %i problems', (left, gone, problems) => {
  expect(lossProblems(left, gone, 'UsrWebitelUser')).toHaveLength(problems);
});
