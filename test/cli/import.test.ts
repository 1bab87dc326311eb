import { describe, expect, test } from '@jest/globals';
import { RollcallError } from '../../src/app/ports/errors.ts';
import { eventually, run, start } from './harness.ts';
import { sampleCase, samplePlan, sampleReport } from './samples.ts';

describe('import', () => {
  test('with --yes applies without asking, and shows plan and report', async () => {
    const { exitCode, stdout, approved, imports, closed } = await run(['import', '--yes']);
    expect(exitCode).toBe(0);
    expect(approved).toEqual([true]);
    expect(imports[0]).toMatchObject({ trigger: 'command', retryFailed: false });
    expect(stdout).toContain('Олена Коваль');
    expect(stdout).toContain('Two contacts bear this name.');
    expect(stdout).toContain('3 changes confirmed');
    expect(stdout).toContain('12 requests sent, 11 is the least possible, 1 repeated');
    expect(closed).toBe(1);
  });

  test('with --json prints the report and nothing else on standard output', async () => {
    const { json, stderr } = await run(['import', '--yes', '--json']);
    expect(json()).toEqual(sampleReport());
    expect(stderr).toContain('Олена Коваль');
  });

  test('without a terminal and without --yes ends with 3 before anything is opened', async () => {
    const plain = await run(['import']);
    expect(plain).toMatchObject({ exitCode: 3, opened: [], stdout: '' });
    expect(plain.stderr).toContain('--yes');
    const json = await run(['import', '--json']);
    expect(json.json()).toMatchObject({ error: { code: 'CONFIRMATION_REQUIRED' } });
  });

  test.each([
    ['y\n', true, 0],
    ['YES\n', true, 0],
    ['n\n', false, 3],
    ['\n', false, 3],
    ['yellow\n', false, 3],
    ['', false, 3],
  ])('on a terminal asks once, after the plan; %j means %s', async (typed, yes, exitCode) => {
    const outcome = await run(['import'], { isTTY: true, typed });
    expect(outcome.approved).toEqual([yes]);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr.match(/Apply this plan\?/gu)).toHaveLength(1);
  });

  test.each([
    ['succeeded', 0],
    ['nothing-to-do', 0],
    ['partial', 2],
    ['stopped', 3],
    ['awaiting-approval', 3],
    ['failed', 1],
  ] as const)('that is %s ends with %d', async (status, exitCode) => {
    expect((await run(['import', '--yes'], { reports: [sampleReport({ status })] })).exitCode).toBe(exitCode);
  });

  test('lists failures with person and reason', async () => {
    const failures = [
      { person: '42', operation: 'person', code: 'name.missing', message: 'This person has no name.' },
    ];
    const { stdout } = await run(['import', '--yes'], {
      reports: [sampleReport({ status: 'partial', failures })],
    });
    expect(stdout).toMatch(/42 +name\.missing +This person has no name\./u);
  });

  test('names the people of failures and warnings by name and login', async () => {
    const about = { operation: 'person', code: 'x.y', message: 'Look.' };
    const failures = [
      { person: '42', login: 'o.koval', name: 'Олена Коваль', ...about },
      { person: '43', login: 'no.name', name: '', ...about },
      { person: 'record:00000000-0000-4000-8000-000000000001', login: 'new.one', name: 'New One', ...about },
    ];
    const { stdout } = await run(['import', '--yes'], {
      reports: [sampleReport({ status: 'partial', failures, warnings: failures.slice(0, 1) })],
    });
    expect(stdout.match(/Олена Коваль \(o\.koval, 42\)/gu)).toHaveLength(2);
    expect(stdout).toContain('no.name, 43');
    expect(stdout).toContain('New One (new.one)');
  });

  test('counts what was confirmed, never what was only meant to be written', async () => {
    const failed = sampleReport({
      status: 'partial',
      operations: { 'contact.create': 1, 'telephonyRecord.create': 2 },
      confirmed: { 'telephonyRecord.create': 1 },
      outcomes: { confirmed: 1, failed: 1, stale: 0, skipped: 1 },
    });
    const { stdout } = await run(['import', '--yes'], { reports: [failed] });
    expect(stdout).toMatch(/Telephony records added +1\n/u);
    expect(stdout).not.toContain('Contacts added');
    expect(stdout).toContain('1 change confirmed, 1 failed, 1 not made because another change failed');

    const nothing = sampleReport({
      status: 'partial',
      operations: { 'contact.create': 1 },
      confirmed: {},
      outcomes: { confirmed: 0, failed: 1, stale: 0, skipped: 0 },
    });
    const none = await run(['import', '--yes'], { reports: [nothing] });
    expect(none.stdout).not.toMatch(/added/u);
    expect(none.stdout).toContain('0 changes confirmed, 1 failed');
  });

  test('says once what holds for many in the same words', async () => {
    const failures = Array.from({ length: 271 }, (_, index) => ({
      person: String(index),
      operation: 'contact.create',
      code: 'STALE',
      message: 'The row was changed since the plan was made.',
    }));
    const { stdout } = await run(['import', '--yes'], {
      reports: [sampleReport({ status: 'partial', failures })],
    });
    expect(stdout).toContain('Failed (271)');
    expect(stdout).toMatch(/271 times +STALE +The row was changed/u);
    expect(stdout.match(/The row was changed/gu)).toHaveLength(1);
    // Somebody to begin with.
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('(0; 1; 2; …)');
  });

  test('counts people on hold once', async () => {
    const held = sampleReport({
      held: 1,
      directory: { users: 5, complete: true },
      situations: { linked: 0, matched: 1, unmatched: 1, disputed: 1, excluded: 2, invalid: 0 },
    });
    const { stdout } = await run(['import', '--yes'], { reports: [held] });
    expect(stdout).toMatch(/Left out by your policy +1\n/u);
    expect(stdout).toMatch(/On hold, and left alone +1\n/u);
  });

  test('hands on that what failed before is to be sent again', async () => {
    expect((await run(['import', '--yes', '--retry-failed'])).imports[0]?.retryFailed).toBe(true);
  });

  test('asks the run to stop at the first Ctrl-C and leaves at the second', async () => {
    const running = start(['import', '--yes', '--json'], {
      hang: true,
      events: [{ runId: 'r', phase: 'reading', done: 1, total: 2 }],
    });
    await eventually(() => running.stderr.text.includes('Reading'));
    running.interrupt();
    expect(running.stderr.text).toContain('Press Ctrl-C again');
    running.interrupt();
    const { exitCode, left, closed, json } = await running.outcome;
    expect(left).toEqual([130]);
    expect(exitCode).toBe(1);
    expect(closed).toBe(1);
    expect(json()).toMatchObject({
      error: { code: 'INTERRUPTED', cure: expect.stringContaining('goes on') },
    });
  });
});

describe('progress', () => {
  const events = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((done) => ({
    runId: 'r',
    phase: 'applying' as const,
    done: done * 10,
    total: 100,
  }));

  test('without a terminal is one line every few seconds, with counts and time left', async () => {
    const { stderr } = await run(['import', '--yes'], { events });
    expect(stderr.split('\n')).toEqual([
      'Writing: 0 of 100 changes',
      'Writing: 30 of 100 changes, 7 s left',
      'Writing: 60 of 100 changes, 4 s left',
      '',
    ]);
  });

  test('says at once when another phase begins', async () => {
    const { stderr } = await run(['import', '--yes'], {
      events: [
        { runId: 'r', phase: 'reading', done: 500, total: null },
        { runId: 'r', phase: 'verifying', done: 0, total: 1200 },
        { runId: 'r', phase: 'done', done: 0, total: null },
      ],
    });
    expect(stderr).toBe('Reading: 500 people\nVerifying: 0 of 1,200 changes\n');
  });

  test('shows no total that is exceeded', async () => {
    const { stderr } = await run(['import', '--yes'], {
      events: [{ runId: 'r', phase: 'reading', done: 72, total: 60 }],
    });
    expect(stderr).toBe('Reading: 72 people\n');
  });

  test.each([[true], [false]])('shows nothing of a phase without work (terminal: %j)', async (isTTY) => {
    const { stderr } = await run(['import', '--yes'], {
      isTTY,
      events: [
        { runId: 'r', phase: 'verifying', done: 0, total: 0 },
        { runId: 'r', phase: 'done', done: 0, total: null },
      ],
    });
    expect(stderr).not.toContain('Verifying');
  });

  test('on a terminal is a bar, which is off the screen when the plan is shown', async () => {
    const { stderr, exitCode } = await run(['import', '--yes'], { isTTY: true, events });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Writing: [');
    expect(stderr).toContain('of 100 changes');
  });
});

describe('names from outside', () => {
  test('cannot move the cursor', async () => {
    for (const isTTY of [true, false]) {
      const { stdout } = await run(['import', '--yes'], { isTTY, env: { NO_COLOR: '1' } });
      expect(stdout).toContain('Ivan [2J Petrov');
      expect(stdout).not.toContain('\u001B[2J');
    }
  });

  test('that run from right to left are isolated on a terminal, and left as they are elsewhere', async () => {
    expect((await run(['import', '--yes'], { isTTY: true })).stdout).toContain('\u2068سارة\u2069');
    expect((await run(['import', '--yes'])).stdout).not.toMatch(/[\u2066-\u2069]/u);
  });
});

describe('marks that turn the direction of writing', () => {
  const marks = '\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069';
  const name = `Iv${marks}an`;
  const plan = samplePlan();
  plan.people.forEach((person) => Object.assign(person, { displayName: name, reason: name, login: name }));

  test.each([[true], [false]])('are left out of what people read (terminal: %j)', async (isTTY) => {
    const failures = [{ person: name, operation: 'person', code: 'x', message: name }];
    const error = new RollcallError('VALIDATION', `${name} is refused.`, { cure: `Look at ${name}.` });
    const shown = [
      await run(['import', '--yes'], { isTTY, plan, reports: [sampleReport({ failures, notes: [name] })] }),
      await run(['plan'], { isTTY, plan }),
      await run(['cases', 'show', 'case-1'], {
        isTTY,
        cases: [sampleCase({ displayName: name, login: name })],
      }),
      await run(['plan'], { isTTY, error }),
    ];
    for (const { stdout, stderr } of shown) {
      expect(stdout + stderr).toContain('Ivan');
      expect(stdout + stderr).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
    }
  });

  test('are kept in JSON', async () => {
    expect((await run(['plan', '--json'], { plan })).json()).toEqual(plan);
  });
});

describe('colours', () => {
  test('are used on a terminal only, and not with NO_COLOR', async () => {
    expect((await run(['import', '--yes'], { isTTY: true })).stdout).toContain('\u001B[1m');
    expect((await run(['import', '--yes'], { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001B[',
    );
    expect((await run(['import', '--yes'])).stdout).not.toContain('\u001B[');
  });
});
