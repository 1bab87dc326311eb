import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chmod, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { startPushing, type Pushing } from '../support/pushing.ts';

const POLICY = 'policy: { exclude: { logins: [rollcall] }, push: { passwordFile: new-passwords.txt } }';

let world: Pushing;
beforeEach(async () => {
  world = await startPushing({ config: POLICY });
});
afterEach(() => world.close());

const file = (): string => join(world.directory, 'new-passwords.txt');
const linesOfFile = async (): Promise<string[][]> =>
  (await readFile(file(), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

/** What the directory answers to somebody who changes their password, which asks for the one they have. */
async function changePassword(login: string, old: string): Promise<number> {
  const config = await readFile(world.configPath, 'utf8');
  const url = z.string().parse(/webitel: \{ url: "([^"]+)"/.exec(config)?.[1]);
  const body = JSON.stringify({
    username: login,
    old_password: old,
    user_password: 'Fresh#Start#2026',
    confirm_password: 'Fresh#Start#2026',
  });
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL('/api/users/password', url),
      { method: 'PUT', headers: { 'content-type': 'application/json' } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

test('an administrator who asks for them finds the passwords of new users in a file of their own', async () => {
  const records = ['made.one', 'made.two'].map((login) => world.add({ login }));
  expect(await world.push(records)).toMatchObject({ status: 'succeeded', added: 2 });
  const lines = await linesOfFile();
  expect(lines.map(([, login = '']) => login).toSorted()).toEqual(['made.one', 'made.two']);
  expect(lines.every(([at = '']) => z.iso.datetime().safeParse(at).success)).toBe(true);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  for (const [, login = '', password = ''] of lines) {
    expect(await changePassword(login, `${password}x`)).toBe(400);
    expect(await changePassword(login, password)).toBe(200);
  }

  await rm(file());
  await world.push([world.add({ login: 'made.three' })]);
  expect((await linesOfFile()).map(([, login]) => login)).toEqual(['made.three']);
});

test('the password of a user whose create was not answered is in the file', async () => {
  world.webitel.setFaults([
    { system: 'webitel', method: 'POST', path: '/users', when: { nth: 1 }, fault: 'reset-after-write' },
  ]);
  expect(await world.push([world.add({ login: 'made.one' })])).toMatchObject({
    status: 'succeeded',
    added: 1,
  });
  expect(world.withLogin('made.one')).toHaveLength(1);
  const [[, login = '', password = ''] = []] = await linesOfFile();
  expect(login).toBe('made.one');
  expect(await changePassword(login, password)).toBe(200);
});

test('nobody is made while others can read the file', async () => {
  await world.push([world.add({ login: 'made.one' })]);
  await chmod(file(), 0o644);
  const record = world.add({ login: 'made.two' });
  expect((await world.push([record])).failures).toMatchObject([
    { code: 'FORBIDDEN', message: expect.stringContaining('chmod 600') },
  ]);
  expect(world.withLogin('made.two')).toEqual([]);
  await chmod(file(), 0o600);
  expect((await world.push([record])).failures).toEqual([]);
  expect(world.withLogin('made.two')).toHaveLength(1);
  expect((await linesOfFile()).map(([, login]) => login)).toEqual(['made.one', 'made.two']);
});
