import { describe, expect, test } from '@jest/globals';
import { NO_ORDER } from '../../src/app/orders.ts';
import type { RunFigures } from '../../src/app/ports/runs.ts';
import { makeReport, type ReportInput } from '../../src/app/report.ts';
import type { PlannedPerson } from '../../src/domain/planning/plan.ts';
import { Report, type OperationState } from '../../src/domain/run.ts';
import { person, planOf, scene } from '../domain/planning/bench.ts';

const plan = planOf(
  scene({ users: [person('1', 'Олена Коваль'), person('2', 'Роман Ткач'), person('3', '')] }),
);
const { people, gone, operations, ...head } = plan;

/** The figures of the plan as a store would count them. */
function figures(
  states: readonly OperationState[] = [],
  given: readonly PlannedPerson[] = people,
): RunFigures {
  const stored = operations.map((operation, position) => ({
    operation,
    position,
    state: states[position] ?? ('confirmed' as const),
    code: 'VALIDATION',
    message: 'refused',
  }));
  const situations = { linked: 0, matched: 0, unmatched: 0, disputed: 0, excluded: 0, invalid: 0 };
  for (const { situation } of given) if (situation !== 'added') situations[situation] += 1;
  return {
    situations,
    held: given.filter(({ held }) => held).length,
    gone: gone.length,
    added: 0,
    pendingPush: 0,
    issues: given.flatMap(({ userId, issues }) => issues.map((issue) => ({ ...issue, person: userId }))),
    operations: stored.map(({ operation: { entity, kind, target }, state }) => ({
      entity,
      kind,
      target: target.entity,
      state,
      count: 1,
    })),
    failures: stored.filter(({ state }) => state === 'failed' || state === 'stale'),
    recordsAlone: 0,
    crmUsersRefused: { count: 0, message: '' },
  };
}

const report = (changes: Partial<ReportInput> = {}): Report =>
  makeReport({
    run: {
      id: 'run',
      kind: 'import',
      trigger: 'command',
      order: NO_ORDER,
      startedAt: new Date(1_000).toISOString(),
    },
    head,
    figures: figures(),
    now: 3_500,
    requests: {
      creatio: { used: 7, retries: 1 },
      webitel: { used: 4, retries: 0 },
    },
    floor: 10,
    stopped: null,
    waitsForApproval: false,
    notes: [],
    names: new Map(people.map(({ userId, login, displayName }) => [userId, { login, displayName }])),
    ...changes,
  });

describe('the report of a run', () => {
  test('has the fields that are fixed, with sums that add up', () => {
    const made = report();
    expect(Report.parse(made)).toEqual(made);
    const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
    expect(sum(made.situations)).toBe(made.directory.users);
    expect(sum(made.outcomes)).toBe(sum(made.operations));
    expect(made.requests).toEqual({ used: 11, floor: 10, retries: 1, bySystem: { creatio: 7, webitel: 4 } });
    expect(made.durationMs).toBe(2_500);
  });

  test('counts apart what was taken in hand and what was done', () => {
    const [first] = operations;
    const name = `${first?.entity}.${first?.kind}`;
    const all = report().operations[name] ?? 0;
    const made = report({ figures: figures(['failed']) });
    expect(made.operations[name]).toBe(all);
    expect(made.confirmed?.[name] ?? 0).toBe(all - 1);
    expect(Object.values(made.confirmed ?? {}).reduce((a, b) => a + b, 0)).toBe(made.outcomes.confirmed);
  });

  test.each([
    ['a user without a situation', { figures: figures([], people.slice(1)) }, /situations/],
    ['an operation without an outcome', { figures: figures(['planned']) }, /no outcome/],
    ['an operation that was sent and never settled', { figures: figures(['intended']) }, /no outcome/],
  ])('fails the run over %s', (_, changes, message) => {
    expect(() => report(changes)).toThrow(message);
  });

  test.each(['failed', 'stale', 'skipped'] as const)('is partial when an operation is %s', (state) => {
    const clean = people.map((one) => ({ ...one, issues: [] }));
    const made = report({ figures: figures([state], clean) });
    expect(made.status).toBe('partial');
    expect(made.outcomes[state]).toBe(1);
    // What was skipped hangs on a failure that is listed already.
    expect(made.failures).toHaveLength(state === 'skipped' ? 0 : 1);
    expect(report({ figures: figures([], clean) }).status).toBe('succeeded');
    expect(report({ figures: { ...figures([], clean), operations: [] } }).status).toBe('nothing-to-do');
  });

  test('is partial when a person could not be planned, and names them', () => {
    expect(report()).toMatchObject({
      status: 'partial',
      situations: { invalid: 1 },
      failures: [{ person: '3', login: expect.any(String), operation: 'person', code: 'name.missing' }],
    });
  });

  test('names people by login and name, as far as those can be read', () => {
    const names = new Map([['3', { login: 'nobody', displayName: 'a'.repeat(10_000) }]]);
    expect(report({ names }).failures).toMatchObject([
      { person: '3', login: 'nobody', name: `${'a'.repeat(100)}…` },
    ]);
    const [unknown] = report({ names: new Map() }).failures;
    expect(unknown).not.toHaveProperty('login');
  });

  test('is stopped when the run was, whatever else there is', () => {
    const made = report({ stopped: 'Stopped: no.', figures: { ...figures(), operations: [] } });
    expect(made.status).toBe('stopped');
    expect(made.notes[0]).toBe('Stopped: no.');
  });

  test('has no end while a guard waits for approval, and says how to give it', () => {
    const made = report({ waitsForApproval: true, figures: { ...figures(), operations: [] } });
    expect(made).toMatchObject({ status: 'awaiting-approval', finishedAt: null });
    expect(made.notes.join()).toContain('rollcall approve run');
  });
});
