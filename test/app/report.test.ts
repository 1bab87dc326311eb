import { describe, expect, test } from '@jest/globals';
import type { StoredOperation } from '../../src/app/ports/store.ts';
import { makeReport, type ReportInput } from '../../src/app/report.ts';
import { Report, type OperationState } from '../../src/domain/run.ts';
import { person, planOf, scene } from '../domain/planning/bench.ts';

const plan = planOf(
  scene({ users: [person('1', 'Олена Коваль'), person('2', 'Роман Ткач'), person('3', '')] }),
);

const inStates = (...states: OperationState[]): StoredOperation[] =>
  plan.operations.map((operation, position) => {
    const state = states[position] ?? 'confirmed';
    const isBad = state === 'failed' || state === 'stale' || state === 'skipped';
    return {
      operation,
      position,
      state,
      code: isBad ? 'VALIDATION' : null,
      message: isBad ? 'refused' : null,
    };
  });
const report = (changes: Partial<ReportInput> = {}): Report =>
  makeReport({
    runId: 'run',
    trigger: 'command',
    startedAt: 1_000,
    finishedAt: 3_500,
    plan,
    operations: inStates(),
    requests: {
      creatio: { used: 7, retries: 1 },
      webitel: { used: 4, retries: 0 },
    },
    floor: 10,
    stopped: null,
    notes: [],
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

  test.each([
    ['a user without a situation', { plan: { ...plan, people: plan.people.slice(1) } }, /situations/],
    ['an operation without an outcome', { operations: inStates('planned') }, /no outcome/],
    ['an operation that was sent and never settled', { operations: inStates('intended') }, /no outcome/],
  ])('fails the run over %s', (_, changes, message) => {
    expect(() => report(changes)).toThrow(message);
  });

  test.each(['failed', 'stale', 'skipped'] as const)('is partial when an operation is %s', (state) => {
    const clean = { ...plan, people: plan.people.map((one) => ({ ...one, issues: [] })) };
    const made = report({ plan: clean, operations: inStates(state) });
    expect(made.status).toBe('partial');
    expect(made.outcomes[state]).toBe(1);
    // What was skipped hangs on a failure that is listed already.
    expect(made.failures).toHaveLength(state === 'skipped' ? 0 : 1);
    expect(report({ plan: clean }).status).toBe('succeeded');
    expect(report({ plan: clean, operations: [] }).status).toBe('nothing-to-do');
  });

  test('is partial when a person could not be planned, and names them', () => {
    expect(report()).toMatchObject({
      status: 'partial',
      situations: { invalid: 1 },
      failures: [{ person: '3', operation: 'person', code: 'name.missing' }],
    });
  });

  test('is stopped when the run was, whatever else there is', () => {
    const made = report({ stopped: 'Stopped: no.', operations: [] });
    expect(made.status).toBe('stopped');
    expect(made.notes[0]).toBe('Stopped: no.');
  });
});
