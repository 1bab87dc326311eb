import { describe, expect, test } from '@jest/globals';
import { completedLinks } from '../../src/app/links.ts';
import type { SettledOperation, StoredOperation } from '../../src/app/ports/runs.ts';
import type { OperationState } from '../../src/domain/run.ts';
import { MAPPING, person, planOf, scene } from '../domain/planning/bench.ts';

const plan = planOf(scene({ users: [person('1', 'Roman Tkach')] }));
const own = plan.operations.filter(({ person: id }) => id === '1');
const [contact, crmUser, record] = own;

const stored = (state: OperationState, code: string | null = null): StoredOperation[] =>
  own.map((operation, position) => ({
    operation,
    position,
    state: operation === crmUser ? state : 'confirmed',
    code: operation === crmUser ? code : null,
    message: null,
  }));
const settled = (
  operation: { readonly id: string } | undefined,
  state: SettledOperation['state'],
  code: string | null = null,
): SettledOperation => ({ operationId: operation?.id ?? '', state, code, message: null, image: null });
const CRM_USER = crmUser?.target.id;

describe.each([
  ['is made', 'confirmed', null, [CRM_USER]],
  ['was refused', 'failed', 'FORBIDDEN', [null]],
  ['was not sent any more for want of the right', 'skipped', 'FORBIDDEN', [null]],
  ['may have been made', 'failed', 'UNKNOWN_OUTCOME', []],
  ['was not made because its contact was not', 'skipped', 'DEPENDENCY', []],
  ['is not wanted any more', 'stale', 'STALE', []],
] as const)('a person whose CRM user %s', (_, state, code, expected) => {
  test('is linked with it, without one, or not at all when the record is confirmed, and not before', () => {
    const follow = completedLinks(
      plan.people,
      MAPPING,
      stored('planned').map((one) => ({ ...one, state: 'planned' })),
    );
    expect(follow([settled(contact, 'confirmed')])).toEqual([]);
    expect(follow([settled(crmUser, state, code)])).toEqual([]);
    const links = follow([settled(record, 'confirmed')]);
    expect(links.map(({ crmUserId }) => crmUserId)).toEqual(expected);
  });

  test('is linked in the same way when the run goes on after that', () => {
    const follow = completedLinks(
      plan.people,
      MAPPING,
      stored(state, code).map((one) => (one.operation === record ? { ...one, state: 'planned' } : one)),
    );
    const links = follow([settled(record, 'confirmed')]);
    expect(links.map(({ crmUserId }) => crmUserId)).toEqual(expected);
  });
});

test('a person with a part that was refused before is not linked by what is left', () => {
  const failed = {
    ...plan,
    people: plan.people.map((one) => ({
      ...one,
      issues: [{ severity: 'failure' as const, code: 'VALIDATION', message: 'refused before' }],
    })),
  };
  const only = stored('confirmed').filter(({ operation }) => operation === contact);
  const follow = completedLinks(
    failed.people,
    MAPPING,
    only.map((one) => ({ ...one, state: 'planned' })),
  );
  expect(follow([settled(contact, 'confirmed')])).toEqual([]);
});
