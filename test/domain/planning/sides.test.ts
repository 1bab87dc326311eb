import { describe, expect, test } from '@jest/globals';
import { judgeField, setNeedsPush, type FieldOutcome } from '../../../src/domain/planning/sides.ts';

type Owner = 'crm' | 'directory' | 'manual';

/** The table of design §6 for an import, row by row: who changed, to what, who owns, what follows. */
const TABLE: [
  string,
  'same' | 'changed',
  'same' | 'changed' | 'changed alike',
  Record<Owner, FieldOutcome>,
][] = [
  ['nobody changed', 'same', 'same', { crm: 'same', directory: 'same', manual: 'same' }],
  ['the CRM changed', 'changed', 'same', { crm: 'push', directory: 'restore-crm', manual: 'push' }],
  [
    'the directory changed',
    'same',
    'changed',
    { crm: 'push', directory: 'take-into-crm', manual: 'take-into-crm' },
  ],
  [
    'both changed to the same',
    'changed',
    'changed alike',
    { crm: 'new-base', directory: 'new-base', manual: 'new-base' },
  ],
  ['both changed', 'changed', 'changed', { crm: 'push', directory: 'take-into-crm', manual: 'conflict' }],
];

/** Bases whose halves are equal, differ, or are empty on one side. */
const BASES = [
  { crm: 'a', directory: 'a' },
  { crm: 'a', directory: 'b' },
  { crm: null, directory: 'b' },
  { crm: 'a', directory: null },
  { crm: null, directory: null },
];

describe('judging one field of a linked person', () => {
  for (const [what, crmSide, directorySide, expected] of TABLE)
    for (const owner of ['crm', 'directory', 'manual'] as const)
      test(`${what}, owner ${owner}: ${expected[owner]}`, () => {
        for (const base of BASES) {
          const crm = crmSide === 'same' ? base.crm : 'new';
          const directory =
            directorySide === 'same' ? base.directory : directorySide === 'changed alike' ? 'new' : 'other';
          expect(judgeField(base, crm, directory, owner)).toBe(expected[owner]);
        }
      });

  test('a value that is cleared counts as changed', () => {
    expect(judgeField({ crm: 'a', directory: 'a' }, null, 'a', 'crm')).toBe('push');
    expect(judgeField({ crm: 'a', directory: 'a' }, 'a', null, 'directory')).toBe('take-into-crm');
  });
});

describe('comparing the sets of a linked person', () => {
  const base = { crm: ['A', 'B'], directory: ['A'], rows: {} };
  test.each([
    [['A', 'B'], ['A'], false],
    [['B', 'A'], ['A'], false],
    [['A'], ['A'], false],
    [['A', 'B'], ['A', 'B'], false],
    [['A', 'B', 'C'], ['A'], true],
    [['A'], [], true],
    [['A', 'B'], ['A', 'C'], true],
  ])('CRM %j and directory %j against a base of A,B and A: push needed is %s', (crm, directory, needed) => {
    expect(setNeedsPush(base, crm, directory)).toBe(needed);
  });
});
