import { describe, expect, test } from '@jest/globals';
import { RollcallError } from '../../src/app/ports/errors.ts';
import { run } from './harness.ts';
import { sampleArchive } from './samples.ts';

describe('backup', () => {
  test('names the file as seen from the working folder and counts what is in it', async () => {
    const { exitCode, stdout, calls, closed } = await run(['backup', 'a.backup'], { cwd: '/srv/site' });
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['backup', '/srv/site/a.backup']]);
    expect(stdout).toContain('42 rows of 2 tables were written to a.backup.');
    expect(closed).toBe(1);
  });

  test('gives the counts as JSON', async () => {
    const { json } = await run(['backup', '/b/a.backup', '--json']);
    expect(json()).toEqual({ file: '/b/a.backup', ...sampleArchive() });
  });

  test('without a file is bad usage', async () => {
    const { exitCode, opened } = await run(['backup']);
    expect(exitCode).toBe(64);
    expect(opened).toEqual([]);
  });
});

describe('restore', () => {
  test.each([
    [[], false],
    [['--replace'], true],
  ])('with %j hands on whether it may replace', async (flags, replace) => {
    const { exitCode, stdout, calls } = await run(['restore', 'a.backup', ...flags], { cwd: '/srv/site' });
    expect(exitCode).toBe(0);
    expect(calls).toEqual([['restore', '/srv/site/a.backup', replace]]);
    expect(stdout).toContain('42 rows of 2 tables were restored, as they were at 2026-01-02 03:04:05 UTC.');
  });

  test('names the runs that a backup cut off', async () => {
    const { stdout } = await run(['restore', 'a.backup'], { endedRuns: ['run-9'] });
    expect(stdout).toMatch(/Run run-9 was under way then and has failed here.+the next import does/u);
  });

  test('gives the counts as JSON', async () => {
    expect((await run(['restore', 'a', '--json'])).json()).toEqual({ ...sampleArchive(), endedRuns: [] });
  });

  test('says why it is refused and what to do', async () => {
    const error = new RollcallError('CONFLICT', 'The store is not empty.', { cure: 'Add --replace.' });
    const { exitCode, stderr } = await run(['restore', 'a'], { error });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The store is not empty.\nAdd --replace.');
  });
});
