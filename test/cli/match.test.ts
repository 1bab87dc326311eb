import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Regression } from '../../src/app/regress.ts';
import { run } from './harness.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rollcall-test-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

async function match(left: unknown, right: unknown, ...flags: string[]) {
  await writeFile(join(cwd, 'l.json'), typeof left === 'string' ? left : JSON.stringify(left));
  await writeFile(join(cwd, 'r.json'), JSON.stringify(right));
  return run(['match', '--left', 'l.json', '--right', 'r.json', ...flags], { cwd });
}

describe('match', () => {
  const left = [
    { id: 1, name: 'Olena Koval', login: 'o.koval' },
    { id: '2', name: 'Zoe Nobody' },
  ];
  const right = [
    { id: 'a', name: 'Олена Коваль', login: 'o.koval' },
    { id: 'b', name: 'Ivan Petrov', email: 'ivan@example.com' },
  ];

  test('prints one decision for each person on the left, and opens no system', async () => {
    const { exitCode, json, opened } = await match(left, right, '--json');
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject([
      { left: '1', decision: 'auto', right: 'a', rule: 'login', candidates: [{ right: 'a' }] },
      { left: '2', decision: 'none', candidates: [] },
    ]);
    expect(opened).toEqual([]);
  });

  test('shows names and evidence to people', async () => {
    const { stdout } = await match(left, right);
    expect(stdout).toMatch(/Would be linked \(1\)\n +Olena Koval \(1\) +Олена Коваль \(a\) +\+ /u);
    expect(stdout).toMatch(/Would be new \(1\)\n +Zoe Nobody \(2\)/u);
  });

  test.each([
    ['text that is not JSON', '[{', 'it is not JSON'],
    ['an unknown key', [{ id: '1', name: 'A', mail: 'x' }], 'at 0'],
    [
      'an id that stands twice',
      [
        { id: '1', name: 'A' },
        { id: 1, name: 'B' },
      ],
      'at 1.id',
    ],
  ])('refuses %s with 64 and says where it is', async (_, bad, expected) => {
    const { exitCode, stderr, stdout } = await match(bad, right);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('l.json is not a list of people');
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
  });

  test('explains in Ukrainian on demand', async () => {
    const { stdout } = await match(left, right, '--lang', 'uk');
    expect(stdout).toContain('Логін телефонії є логіном цього користувача CRM');
    expect((await match(left, right, '--lang', 'de')).exitCode).toBe(64);
  });

  test('needs both lists', async () => {
    const { exitCode, stderr } = await run(['match', '--left', 'l.json'], { cwd });
    expect(exitCode).toBe(64);
    expect(stderr).toContain('Two lists are needed');
  });
});

describe('match --regress', () => {
  const replayed = { replayed: 2, same: 1, open: 0, flips: 1 };
  const regression: Regression = {
    version: 'v2',
    accepted: 'v1',
    isAccepted: false,
    links: replayed,
    verdicts: { replayed: 0, same: 0, open: 0, flips: 0 },
    flips: [
      {
        directoryUserId: '7',
        login: 'o.koval',
        displayName: 'Olena Koval',
        standing: 'link',
        contactId: 'contact-a',
        foundId: 'contact-b',
        foundName: 'Коваль Олена',
        rule: 'name',
        reason: 'The name is the same, on both sides only once.',
      },
    ],
    known: 0,
  };

  test('lists what would flip and ends with 3, until it is accepted', async () => {
    const { exitCode, stdout, calls } = await run(['match', '--regress', '--lang', 'uk'], {
      cwd,
      regression,
    });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('v1 was accepted');
    expect(stdout).toContain('2 links replayed: 1 the same, 0 that the rules leave open, 1 otherwise.');
    expect(stdout).toContain('linked to contact-a');
    expect(stdout).toContain('Збігається ім’я');
    expect(stdout).toContain('--accept');
    expect(calls).toMatchObject([['regress', { accept: false }]]);
    const since = await run(['match', '--regress'], { cwd, regression: { ...regression, accepted: 'v2' } });
    expect(since.stdout).toContain('version v2; it was accepted, and more contradicts it now.');
    expect(since.stdout).not.toContain(', as accepted');
    const accepted = await run(['match', '--regress', '--accept', '--json'], {
      cwd,
      regression: { ...regression, isAccepted: true },
    });
    expect(accepted.exitCode).toBe(0);
    expect(accepted.json()).toMatchObject({ version: 'v2', isAccepted: true });
    expect(accepted.calls).toMatchObject([['regress', { accept: true }]]);
  });
});
