import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hasOwnFingerprint, signInSteps } from '../../src/app/plan-run.ts';
import { Plan } from '../../src/domain/planning/plan.ts';
import { allAtOnce } from '../../src/domain/steps.ts';
import { samplePlan } from '../cli/samples.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function signed(): Plan {
  const { fingerprint: _, ...plan } = samplePlan();
  const operations = plan.operations.flatMap((one) => [one, { ...one, id: `${one.id}-2` }]);
  return allAtOnce(signInSteps({ ...plan, operations }, digest));
}

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}

const turnedPlan = (plan: Omit<Plan, 'fingerprint'>): Omit<Plan, 'fingerprint'> =>
  Object.assign(
    {},
    ...Object.entries(plan)
      .toReversed()
      .map(([key, part]) => ({ [key]: turned(part) })),
  );

describe('the fingerprint of a plan', () => {
  test('stays the same whatever the order of keys', () => {
    const plan = signed();
    const { fingerprint: _, ...other } = Plan.parse(plan);
    // Made anew from the other end, so that this test does not rest on how zod orders keys.
    expect(allAtOnce(signInSteps(turnedPlan(other), digest)).fingerprint).toBe(plan.fingerprint);
  });

  test('is that of every part of it', () => {
    const plan = signed();
    expect(plan.people.length).toBeGreaterThan(1);
    expect(plan.operations.length).toBeGreaterThan(1);
    const changed: Plan[] = [
      { ...plan, directory: { ...plan.directory, domainId: '2' } },
      { ...plan, people: plan.people.toReversed() },
      { ...plan, people: plan.people.slice(1) },
      { ...plan, people: plan.people.map((person, at) => (at === 1 ? { ...person, reason: '' } : person)) },
      { ...plan, gone: [{ userId: '9', login: 'x', recordId: 'r', isNew: true, reason: '' }] },
      { ...plan, operations: plan.operations.toReversed() },
      { ...plan, operations: plan.operations.map((one) => ({ ...one, after: { ...one.after, Extra: 1 } })) },
    ];
    for (const other of changed) expect(hasOwnFingerprint(other, digest)).toBe(false);
    expect(hasOwnFingerprint(plan, digest)).toBe(true);
  });
});
