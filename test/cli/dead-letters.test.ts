import { describe, expect, test } from '@jest/globals';
import type { DeadLetter } from '../../src/app/ports/jobs.ts';
import { run } from './harness.ts';

const letter = (id: string): DeadLetter => ({
  id,
  name: 'run',
  payload: { runId: 'r-1' },
  failedAt: '2026-01-02T03:04:05.678Z',
  code: 'UNAVAILABLE',
  message: 'The CRM is away.',
  attempts: 5,
});

describe('dead-letters', () => {
  test('lists the jobs with when and why they failed', async () => {
    const { exitCode, stdout, calls } = await run(['dead-letters', '-n', '5'], {
      deadLetters: [letter('run:r-1')],
    });
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['deadLetters', 5]]);
    expect(stdout).toMatch(/run:r-1 +run +2026-01-02 03:04:05 UTC +5 +UNAVAILABLE: The CRM is away\./u);
  });

  test('lists them as JSON, and says so when there are none', async () => {
    const deadLetters = [letter('run:r-1')];
    expect((await run(['dead-letters', '--json'], { deadLetters })).json()).toEqual(deadLetters);
    expect((await run(['dead-letters'])).stdout).toBe('No job has failed for good.\n');
  });
});

describe('dead-letters retry', () => {
  test('tries one again', async () => {
    const { exitCode, stdout, calls } = await run(['dead-letters', 'retry', 'run:r-1']);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['retryDeadLetter', 'run:r-1']]);
    expect(stdout).toBe('1 job was done.\n');
  });

  test('--all tries all, oldest first, whoever else takes one; ends with 2 when one fails again', async () => {
    const deadLetters = ['new', 'hopeless', 'taken', 'old'].map(letter);
    const { exitCode, stdout, calls } = await run(['dead-letters', 'retry', '--all'], { deadLetters });
    expect(exitCode).toBe(2);
    expect(calls).toEqual([
      ['deadLetters', 1000],
      ['retryDeadLetter', 'old'],
      ['retryDeadLetter', 'taken'],
      ['retryDeadLetter', 'hopeless'],
      ['retryDeadLetter', 'new'],
    ]);
    expect(stdout).toBe('2 jobs were done.\nFailed again: hopeless: UNAVAILABLE: Still away.\n');
  });

  test('says which one cannot be retried', async () => {
    const { exitCode, stderr } = await run(['dead-letters', 'retry', 'taken']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('It is active.');
  });

  test.each([[[]], [['one', '--all']]])('with %j is bad usage', async (args) => {
    const { exitCode, opened } = await run(['dead-letters', 'retry', ...args]);
    expect(exitCode).toBe(64);
    expect(opened).toEqual([]);
  });
});
