import { describe, expect, test } from '@jest/globals';
import { cleanUp, cleanUpQuietly } from '../../src/app/clean-up.ts';
import type { RunStore } from '../../src/app/ports/runs.ts';
import { createHandClock, createTestLogger, type LogLine } from '../store/support.ts';

const retention = { details: 90, runs: 730 };
const now = Date.parse('2026-06-01T00:00:00.000Z');

function storeWith(clean: RunStore['clean']) {
  return { store: { runs: { clean } }, retention };
}

describe('the clean-up of old runs', () => {
  test.each([
    [{}, '2026-03-03T00:00:00.000Z', '2024-06-01T00:00:00.000Z', false],
    [{ olderThanDays: 30, dryRun: true }, '2026-03-03T00:00:00.000Z', '2026-05-02T00:00:00.000Z', true],
    // Whoever asks for less than the retention says gets what the retention says.
    [{ olderThanDays: 5000 }, '2026-03-03T00:00:00.000Z', '2024-06-01T00:00:00.000Z', false],
  ])('with %j reaches back as far as asked', async (options, detailsBefore, runsBefore, dryRun) => {
    const asked: unknown[] = [];
    const deps = storeWith(async (limits) => {
      asked.push(limits);
      return { details: 1, runs: 2, cases: 0 };
    });
    expect(await cleanUp(deps, { now, ...options })).toEqual({ details: 1, runs: 2, cases: 0 });
    expect(asked).toEqual([{ detailsBefore, runsBefore, dryRun }]);
  });

  test('is told of in the log when it fails beside other work, and fails nobody', async () => {
    const lines: LogLine[] = [];
    const surroundings = { clock: createHandClock('2026-06-01T00:00:00Z'), logger: createTestLogger(lines) };
    await cleanUpQuietly({ ...surroundings, ...storeWith(() => Promise.reject(new Error('no'))) });
    await cleanUpQuietly({ ...surroundings, ...storeWith(async () => ({ details: 0, runs: 0, cases: 0 })) });
    await cleanUpQuietly({ ...surroundings, ...storeWith(async () => ({ details: 3, runs: 0, cases: 0 })) });
    expect(lines.map(({ level, fields }) => [level, fields['details']])).toEqual([
      ['warn', undefined],
      ['info', 3],
    ]);
  });
});
