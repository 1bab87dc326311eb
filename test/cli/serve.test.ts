import { describe, expect, test } from '@jest/globals';
import { RollcallError } from '../../src/app/ports/errors.ts';
import type { FoundService } from '../../src/cli/context.ts';
import { eventually, run, start } from './harness.ts';
import { sampleReport } from './samples.ts';

const RECORD = '0F8E0000-0000-4000-8000-000000000001';

describe('rollcall serve', () => {
  test.each([
    ['everything in one process', [], ['listen', true, undefined, undefined], ['work', 'schedule']],
    [
      'a worker that tells how it is',
      ['--role', 'worker', '--port', '8081'],
      ['listen', false, undefined, 8081],
      ['work'],
    ],
    ['a worker that tells nobody', ['--role', 'worker'], null, ['work']],
    [
      'all but the work',
      ['--role', 'web,scheduler', '--host', '::'],
      ['listen', true, '::', undefined],
      ['schedule'],
    ],
  ])('runs %s', async (_, args, listening, roles) => {
    const running = start(['serve', ...args], { storeIsOurs: args.length === 0 });
    await eventually(() => running.stderr.text.includes('Press Ctrl-C'));
    running.interrupt();
    const { calls, exitCode, closed } = await running.outcome;
    expect(exitCode).toBe(0);
    expect(calls.filter((call) => Array.isArray(call) && call[0] === 'listen')).toEqual(
      listening === null ? [] : [listening],
    );
    const names = calls.map((call) => (Array.isArray(call) ? String(call[0]) : ''));
    expect(names.filter((name) => name === 'work' || name === 'schedule')).toEqual(roles);
    // First it says that it stops, then it stops.
    if (listening !== null) expect(names.indexOf('stopping')).toBeLessThan(names.indexOf('server closed'));
    expect(closed).toBe(1);
  });

  test('refuses to serve without a worker where nobody else can work', async () => {
    const { exitCode, stderr, calls } = await run(['serve', '--role', 'web']);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('DATABASE_URL');
    expect(calls).toEqual([]);
  });

  test('names the roles that there are', async () => {
    const { exitCode, stderr } = await run(['serve', '--role', 'cook']);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining('web, worker, scheduler')]);
  });
});

describe('rollcall push and sync', () => {
  test('start the run that was asked for', async () => {
    const push = await run([
      'push',
      '--yes',
      '--record',
      RECORD,
      '--record',
      RECORD.replace(/1$/, '2'),
      '--json',
    ]);
    expect(push.exitCode).toBe(0);
    expect(push.json()).toMatchObject({ runId: sampleReport().runId });
    expect(push.calls).toEqual([['push', [RECORD.toLowerCase(), RECORD.toLowerCase().replace(/1$/, '2')]]]);
    expect((await run(['push', '--yes'])).calls).toEqual([['push', null]]);
    expect((await run(['sync', '--yes'])).calls).toEqual([['sync']]);
  });

  test('ask on a terminal, and do nothing where nobody can be asked', async () => {
    expect((await run(['sync'], { isTTY: true, typed: 'y\n' })).approved).toEqual([true]);
    expect((await run(['push'], { isTTY: true, typed: 'n\n' })).approved).toEqual([false]);
    expect(await run(['push'])).toMatchObject({ exitCode: 3, calls: [] });
  });

  test('refuse a record that is no id', async () => {
    expect(await run(['push', '--yes', '--record', 'olena'])).toMatchObject({ exitCode: 64, opened: [] });
  });
});

describe('a command whose data directory the service holds', () => {
  const held = new RollcallError('BUSY', 'The data directory is in use by process 7.', {
    cure: 'Stop it.',
    details: { pid: 7 },
  });
  const wishes: unknown[] = [];
  const service: FoundService = {
    run: async (wish, { onProgress }) => {
      wishes.push(wish);
      onProgress({ runId: 'r', phase: 'reading', done: 1, total: 2 });
      return sampleReport();
    },
    approve: async (id) => {
      wishes.push({ approve: id });
      return sampleReport();
    },
    get consulted(): never {
      throw new Error('Nothing is asked.');
    },
  };

  test.each<[string, string[], unknown]>([
    [
      'push',
      ['push', '--yes', '--record', RECORD],
      { kind: 'push', includeHeld: false, records: [RECORD.toLowerCase()] },
    ],
    ['sync', ['sync', '--yes'], { kind: 'sync', includeHeld: false, acceptFewer: false }],
    [
      'import',
      ['import', '--yes', '--only-failed', 'r-0'],
      { kind: 'import', includeHeld: false, acceptFewer: false, retryFailed: false, onlyFailedOf: 'r-0' },
    ],
    ['run go on', ['approve', '--yes', 'r-0'], { approve: 'r-0' }],
  ])('lets the service do a %s', async (_, args, wish) => {
    wishes.length = 0;
    const outcome = await run([...args, '--json'], { openError: held, service });
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({ runId: sampleReport().runId });
    expect(outcome.stderr).toContain('The service that holds the data directory does it.');
    expect(wishes).toEqual([wish]);
  });

  test('says to add --yes where it would ask', async () => {
    wishes.length = 0;
    const outcome = await run(['sync'], { openError: held, service, isTTY: true });
    expect([outcome.exitCode, outcome.stderr]).toEqual([3, expect.stringContaining('Add --yes')]);
    expect(wishes).toEqual([]);
  });

  test('says who holds it where no service is found, or another problem is', async () => {
    expect((await run(['sync', '--yes'], { openError: held })).stderr).toContain('process 7');
    const busy = new RollcallError('BUSY', 'Run 5 is under way.', { details: { runId: '5' } });
    const outcome = await run(['sync', '--yes'], { openError: busy, service });
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, expect.stringContaining('Run 5')]);
  });
});

describe('rollcall tokens', () => {
  test('makes one for some scopes, and shows its secret once', async () => {
    const { exitCode, calls, stdout } = await run([
      'tokens',
      'create',
      'creatio',
      '--scope',
      'trigger',
      '--scope',
      'read',
      '--expires',
      '2027-06-30',
    ]);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['createToken', 'creatio', ['trigger', 'read'], '2027-06-30T23:59:59.999Z']]);
    expect(stdout).toContain('rc_0123456789abcdef_shown-once');
    expect((await run(['tokens'])).stdout).not.toContain('shown-once');
  });

  test.each([
    ['no scope', ['tokens', 'create', 'x']],
    ['a scope that is none', ['tokens', 'create', 'x', '--scope', 'all']],
    ['a day that is none', ['tokens', 'create', 'x', '--scope', 'read', '--expires', '30.06.2027']],
  ])('refuses %s', async (_, args) => {
    expect(await run(args)).toMatchObject({ exitCode: 64, calls: [] });
  });

  test('revokes one', async () => {
    expect(await run(['tokens', 'revoke', 'abc'])).toMatchObject({
      exitCode: 0,
      calls: [['revokeToken', 'abc']],
    });
  });
});
