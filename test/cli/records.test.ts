import { describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../../src/app/ports/runs.ts';
import { RunOrder } from '../../src/domain/run.ts';
import { run } from './harness.ts';
import { sampleCase, samplePlan, sampleReport } from './samples.ts';

const runs: RunRecord[] = [
  {
    id: 'run-2',
    kind: 'import',
    trigger: 'command',
    status: 'failed',
    phase: 'done',
    order: RunOrder.parse({}),
    startedAt: '2026-01-03T03:04:05.000Z',
    finishedAt: '2026-01-03T03:05:10.000Z',
    report: null,
    problem: 'The CRM did not answer.',
  },
  {
    id: 'run-1',
    kind: 'import',
    trigger: 'command',
    status: 'succeeded',
    phase: 'done',
    order: RunOrder.parse({}),
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:04:17.000Z',
    report: sampleReport(),
    problem: null,
  },
];

describe('check', () => {
  const findings = [
    { severity: 'ok', code: 'creatio.sign-in', message: 'Creatio: signed in as Supervisor.', cure: null },
    {
      severity: 'error',
      code: 'mapping.column.missing',
      message: 'UsrWebitelUser has no column UsrEmail.',
      cure: 'Add it.',
    },
  ] as const;

  test('shows one line for each finding with its cure, and ends with 1 when one is an error', async () => {
    const { exitCode, stdout } = await run(['check'], { findings });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ok +Creatio: signed in/mu);
    expect(stdout).toMatch(/^error +UsrWebitelUser has no column UsrEmail\.\n +Add it\./mu);
  });

  test('ends with 0 when there are only warnings', async () => {
    const warning = { severity: 'warning', code: 'x', message: 'Look.', cure: null } as const;
    const { exitCode, json } = await run(['check', '--json'], { findings: [warning] });
    expect(exitCode).toBe(0);
    expect(json()).toEqual({ ok: true, findings: [warning] });
  });
});

describe('runs', () => {
  test('lists runs with kind, trigger, the number of changes and outcome', async () => {
    const { exitCode, stdout, calls } = await run(['runs', '--limit', '5'], { runs });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/run-2 +import +\S.*2026-01-03 03:04:05 UTC +1 min 5 s +failed/u);
    expect(stdout).toMatch(/run-1 +import +a person .* 3 +done/u);
    expect(calls).toEqual([['runs', 5]]);
  });

  test('lists them as JSON without their reports', async () => {
    expect((await run(['runs', '--json'], { runs })).json()).toMatchObject([
      { runId: 'run-2', problem: 'The CRM did not answer.' },
      { runId: 'run-1', status: 'succeeded' },
    ]);
  });

  test('show prints the report, which is the JSON document too', async () => {
    expect((await run(['runs', 'show', 'run-1'], { runs })).stdout).toContain('3 changes confirmed');
    expect((await run(['runs', 'show', 'run-1', '--json'], { runs })).json()).toEqual(sampleReport());
  });

  test('show says why a run has no report', async () => {
    expect((await run(['runs', 'show', 'run-2'], { runs })).stdout).toContain('The CRM did not answer.');
    expect((await run(['runs', 'show', 'run-2', '--json'], { runs })).json()).toMatchObject({
      runId: 'run-2',
      status: 'failed',
    });
  });

  test('show --plan prints the plan', async () => {
    expect((await run(['runs', 'show', 'run-1', '--plan', '--json'], { runs })).json()).toEqual(samplePlan());
  });

  test('show of an unknown run ends with 1 and says where to look', async () => {
    const { exitCode, json } = await run(['runs', 'show', 'nope', '--json'], { runs });
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('that were cut off are shown as such, and not as under way', async () => {
    const [latest] = runs;
    if (latest === undefined) throw new Error('There is no run.');
    const cutOff = [{ ...latest, status: 'running', finishedAt: null, problem: null } as const];
    for (const argv of [['runs'], ['runs', 'show', 'run-2']]) {
      const { stdout } = await run(argv, { runs: cutOff });
      expect(stdout).toContain('cut off; the same command continues it');
      expect(stdout).not.toContain('under way');
    }
  });

  test('that are unfinished in a database that others use too may be under way there', async () => {
    const [latest] = runs;
    if (latest === undefined) throw new Error('There is no run.');
    const unfinished = [{ ...latest, status: 'running', finishedAt: null, problem: null } as const];
    for (const argv of [['runs'], ['runs', 'show', 'run-2']]) {
      const { stdout } = await run(argv, { runs: unfinished, storeIsOurs: false });
      expect(stdout).toContain('under way, or cut off; in that case the same command continues it');
    }
  });

  test('without any says how to start one', async () => {
    expect((await run(['runs'])).stdout).toContain('rollcall import');
  });
});

describe('approve', () => {
  test('of a run that is not there says so, on a terminal or not', async () => {
    const { exitCode, json } = await run(['approve', 'nonsense', '--json'], { runs });
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('without a terminal names the plan that is to be approved', async () => {
    const { exitCode, stderr, calls } = await run(['approve', 'run-1'], { runs });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('rollcall runs show run-1 --plan');
    expect(stderr).not.toContain('--out');
    expect(calls).not.toContainEqual(['approve', 'run-1']);
  });
});

describe('runs clean', () => {
  test('says what was cleared away', async () => {
    const { exitCode, stdout, calls } = await run(['runs', 'clean'], {
      cleaned: { details: 3, runs: 1, cases: 2 },
    });
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      ['cleanUp', { now: expect.any(Number), olderThanDays: undefined, dryRun: false }],
    ]);
    expect(stdout).toBe(
      '3 runs lost the details that an undo needs.\n1 run was removed.\n2 closed cases were removed.\n',
    );
  });

  test('--dry-run says what would be, for as many days as given', async () => {
    const argv = ['runs', 'clean', '--older-than', '30', '--dry-run'];
    const { stdout, calls } = await run(argv, { cleaned: { details: 0, runs: 2, cases: 1 } });
    expect(calls).toEqual([['cleanUp', { now: expect.any(Number), olderThanDays: 30, dryRun: true }]]);
    expect(stdout).toBe('2 runs would be removed.\n1 closed case would be removed.\n');
    expect((await run([...argv, '--json'])).json()).toEqual({ details: 0, runs: 0, cases: 0, dryRun: true });
  });

  test('of no run that is old enough says so; no days are bad usage', async () => {
    expect((await run(['runs', 'clean'])).stdout).toBe('No run is old enough.\n');
    expect((await run(['runs', 'clean', '--older-than', '0'])).exitCode).toBe(64);
  });
});

describe('cases', () => {
  test('lists the open ones, or all of them', async () => {
    const open = await run(['cases']);
    expect(open.calls).toEqual([['cases', { status: 'open' }]]);
    expect(open.stdout).toMatch(/case-1 +Ivan Petrov +login3 +open +Two contacts bear/u);
    expect((await run(['cases', '--all'])).calls).toEqual([['cases', {}]]);
    expect((await run(['cases', '--json'])).json()).toEqual([sampleCase()]);
  });

  test('are listed with ids that can be copied, however narrow the rest becomes', async () => {
    const id = '0192f0c1-7b3a-7c1e-9d55-1f2e3d4c5b6a';
    const reason = 'Two contacts bear this name, and nothing else tells which of them this person is.';
    const { stdout } = await run(['cases'], {
      cases: [sampleCase({ id, reason })],
      isTTY: true,
      env: { NO_COLOR: '1' },
    });
    expect(stdout).toContain(`${id} `);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('show ranks the candidates with what speaks for and against, and tells how to decide', async () => {
    const { stdout } = await run(['cases', 'show', 'case-1']);
    expect(stdout).toContain('1. Коваль Олена, contact contact-a\n   + The names are equal.');
    expect(stdout).toContain('rollcall cases decide case-1 --same contact-a');
    expect((await run(['cases', 'show', 'case-1', '--json'])).json()).toEqual(sampleCase());
  });

  test('show names what was compared on either side', async () => {
    const one = sampleCase();
    const evidence = [
      {
        rule: 'login',
        field: 'login',
        directoryValue: 'i.petrov2\u202E',
        crmValue: 'i.petrov',
        verdict: 'against' as const,
        weight: 'supporting' as const,
        text: 'The logins differ by nothing but a number, as those of two people of one name do.',
      },
      {
        rule: 'uniqueness',
        field: 'contact',
        directoryValue: '3',
        crmValue: '17',
        verdict: 'against' as const,
        weight: 'decisive' as const,
        text: 'The contact belongs to Ivan Petrov (i.petrov).',
      },
    ];
    const cases = [
      sampleCase({ candidates: one.candidates.map((candidate) => ({ ...candidate, evidence })) }),
    ];
    const { stdout } = await run(['cases', 'show', 'case-1'], { cases });
    expect(stdout).toMatch(/differ by nothing but a number.*\n {5}directory: i\.petrov2; CRM: i\.petrov\n/u);
    expect(stdout).not.toContain('directory: 3');
    const ukrainian = await run(['cases', 'show', 'case-1', '--lang', 'uk'], { cases });
    expect(ukrainian.stdout).toContain('телефонія: i.petrov2; CRM: i.petrov');
  });

  test.each([
    [['--same', 'contact-a'], { kind: 'same', contactId: 'contact-a' }],
    [['--different', 'contact-a'], { kind: 'different', contactId: 'contact-a' }],
    [['--different'], { kind: 'different', contactId: null }],
    [['--create'], { kind: 'create' }],
  ])('decide %j hands the decision on', async (flags, decision) => {
    const { exitCode, calls, json } = await run(['cases', 'decide', 'case-1', ...flags, '--json']);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['decide', 'case-1', decision]]);
    expect(json()).toMatchObject({ id: 'case-1', status: 'decided' });
  });

  test.each([[[]], [['--same', 'a', '--create']], [['--different', '--create']]])(
    'decide %j is bad usage',
    async (flags) => {
      const { exitCode, opened, stderr } = await run(['cases', 'decide', 'case-1', ...flags]);
      expect(exitCode).toBe(64);
      expect(stderr).toContain('--same CONTACT, --different [CONTACT], --create or --purge');
      expect(opened).toEqual([]);
    },
  );

  test('revoke opens the case again', async () => {
    const { exitCode, calls, stdout } = await run(['cases', 'revoke', 'case-1']);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['revoke', 'case-1']]);
    expect(stdout).toContain('open again');
  });
});

test('unlink forgets the link of one person', async () => {
  const { exitCode, calls, json } = await run(['unlink', 'login3', '--json']);
  expect(exitCode).toBe(0);
  expect(calls).toEqual([['unlink', 'login3']]);
  expect(json()).toEqual({ directoryUserId: '3', contactId: 'contact-a' });
});

test('unlink says what the next run does and how to take it back', async () => {
  const { stdout } = await run(['unlink', 'login3']);
  expect(stdout).toContain('contact contact-a');
  expect(stdout).toContain('makes a new contact');
  expect(stdout).toContain('rollcall unlink login3 --revoke');
});

test('unlink --revoke takes it back and says which link of a later run is forgotten', async () => {
  const { exitCode, calls, stdout } = await run(['unlink', 'login3', '--revoke']);
  expect(exitCode).toBe(0);
  expect(calls).toEqual([['takeUnlinkBack', 'login3']]);
  expect(stdout).toContain('may be contact contact-a again');
  expect(stdout).toContain('no longer linked to contact contact-b');
});
