import { describe, expect, test } from '@jest/globals';
import { afterLosses, isDispensable, parentsOf } from '../../../src/domain/planning/losses.ts';
import type { Operation } from '../../../src/domain/planning/plan.ts';

const record: Operation = {
  id: 'record',
  entity: 'telephonyRecord',
  kind: 'update',
  person: '1',
  target: { entity: 'X', id: 'x' },
  before: { User: null, Name: 'old' },
  after: { User: 'u', Name: 'new' },
  reason: '',
  dependsOn: ['contact'],
  waitsFor: [{ operation: 'user', columns: ['User'] }],
};

describe('what is left of an operation', () => {
  test.each([
    ['nothing is lost', {}, { operation: record }],
    ['something else is lost', { other: 'VALIDATION' }, { operation: record }],
    ['what it depends on is lost', { contact: 'VALIDATION', user: 'FORBIDDEN' }, { blockedBy: 'contact' }],
    ...['FORBIDDEN', 'VALIDATION', 'CONFLICT', 'CONTRACT'].map(
      (code) =>
        [
          `what it waits for is refused (${code})`,
          { user: code },
          { operation: { ...record, before: { Name: 'old' }, after: { Name: 'new' } } },
        ] as const,
    ),
    ...['UNKNOWN_OUTCOME', 'UNAVAILABLE', 'DEPENDENCY', 'STALE'].map(
      (code) =>
        [`what it waits for may still come to be (${code})`, { user: code }, { blockedBy: 'user' }] as const,
    ),
  ])('when %s', (_, losses, left) => {
    expect(afterLosses(record, new Map(Object.entries(losses)))).toEqual(left);
  });

  test('is the same when it is asked for twice', () => {
    const losses = new Map([['user', 'FORBIDDEN']]);
    const left = afterLosses(record, losses);
    if (!('operation' in left)) throw new Error('Nothing is left.');
    expect(afterLosses(left.operation, losses)).toEqual(left);
  });
});

test('both kinds of parents have to be known first', () => {
  expect(parentsOf(record)).toEqual(['contact', 'user']);
});

test.each([
  ['crmUser', 'create', 'FORBIDDEN', true],
  ['crmUser', 'create', 'UNKNOWN_OUTCOME', false],
  ['crmUser', 'create', null, false],
  ['crmUser', 'delete', 'CONFLICT', false],
  ['contact', 'create', 'FORBIDDEN', false],
] as const)('a person can do without %s.%s that ended with %s: %s', (entity, kind, code, expected) => {
  expect(isDispensable({ ...record, entity, kind }, code)).toBe(expected);
});
