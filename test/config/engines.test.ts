import { describe, expect, test } from '@jest/globals';
import { readEngines } from '../../src/config/engines.ts';

const noFile = (path: string): string => {
  throw new Error(`no file ${path}`);
};

describe('the servers of store and queue', () => {
  test('are embedded unless they are named', () => {
    expect(readEngines({ DATABASE_URL: '' }, noFile)).toEqual({
      value: { databaseUrl: undefined, redisUrl: undefined, redisPrefix: undefined },
      secrets: [],
      problems: [],
    });
  });

  test('may be named in files, and the variable itself wins', () => {
    const files = (path: string): string => `postgres://of/${path}\n`;
    const { value } = readEngines(
      { DATABASE_URL_FILE: 'f', REDIS_URL: 'redis://a', REDIS_URL_FILE: 'g' },
      files,
    );
    expect(value).toMatchObject({ databaseUrl: 'postgres://of/f', redisUrl: 'redis://a' });
  });

  test('keep their passwords secret, as they are written and as they are meant', () => {
    const { secrets } = readEngines(
      {
        DATABASE_URL: 'postgres://me:p%40ss@host/db',
        REDIS_URL: 'redis+sentinel://:plain-1@a/m?sentinelPassword=s%2Fp',
      },
      noFile,
    );
    expect(secrets).toEqual(expect.arrayContaining(['p%40ss', 'p@ss', 'plain-1', 's%2Fp', 's/p']));
    expect(secrets).not.toContain('me');
  });

  test('in a file that cannot be read are a mistake with its cure', () => {
    expect(readEngines({ REDIS_URL_FILE: '/not/there' }, noFile).problems).toEqual([
      {
        place: 'REDIS_URL_FILE',
        what: expect.stringContaining('cannot be read'),
        cure: expect.stringMatching(/./),
      },
    ]);
  });
});
