import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENT_VARIABLES, readEnvironment } from '../../src/config/environment.ts';

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

describe('.env.example', () => {
  const example = readFileSync('.env.example', 'utf8');
  const named = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gmu)].map(([, name]) => name);

  test('names every variable that Rollcall reads', () => {
    expect(named).toEqual(expect.arrayContaining([...ENVIRONMENT_VARIABLES]));
  });

  test('names no variable of Rollcall that nothing reads', () => {
    const own = named.flatMap((name) => (name?.startsWith('ROLLCALL_') ? [name] : []));
    expect(new Set(own)).toEqual(
      new Set(ENVIRONMENT_VARIABLES.filter((name) => name.startsWith('ROLLCALL_'))),
    );
  });

  test('is complete: the sources read no other variable past the catalogue', () => {
    const read = sources('src').flatMap((text) =>
      [...text.matchAll(/\benv(?:\.|\[')([A-Z][A-Z0-9_]+)/gu)].map(([, name]) => name),
    );
    expect(read.filter((name) => !named.includes(name))).toEqual([]);
    const unread = ENVIRONMENT_VARIABLES.filter(
      (name) =>
        !sources('src').some((text) => new RegExp(`readEnvironment\\([^)]*'${name}'\\)`, 'u').test(text)),
    );
    expect(unread).toEqual([]);
  });
});

test('an empty variable counts as one that is not set', () => {
  expect(readEnvironment({ ROLLCALL_DATA: '' }, 'ROLLCALL_DATA')).toBeUndefined();
});
