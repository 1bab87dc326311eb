import { describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { createJobQueue } from '../../src/queue/index.ts';
import { readRedisUrl } from '../../src/queue/redis-url.ts';
import { queueTestOptions } from '../contract/job-queue.contract.ts';
import { noPool } from '../engines/support.ts';

describe('REDIS_URL', () => {
  test.each([
    [
      'redis://localhost',
      { kind: 'single', hosts: [{ host: 'localhost', port: 6379 }], tls: false, db: 0, password: null },
    ],
    [
      'rediss://me:p%40ss%3A@redis.example.com:6380/3',
      {
        hosts: [{ host: 'redis.example.com', port: 6380 }],
        tls: true,
        db: 3,
        username: 'me',
        password: 'p@ss:',
      },
    ],
    [
      'redis://:only@[::1]:7000',
      { hosts: [{ host: '::1', port: 7000 }], username: null, password: 'only', shown: '[::1]:7000' },
    ],
    [
      'redis+sentinel://:pw@a,b:7001/main/2?sentinelPassword=s%2Fp',
      {
        kind: 'sentinel',
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 7001 },
        ],
        master: 'main',
        db: 2,
        sentinelPassword: 's/p',
      },
    ],
    [
      'rediss+cluster://u:pw@a:1,b:2',
      {
        kind: 'cluster',
        tls: true,
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
  ])('%s is understood', (text, expected) => {
    expect(readRedisUrl(text)).toMatchObject(expected);
  });

  test.each([
    'localhost:6379',
    'http://:hidden-pw@host',
    'redis://:hidden-pw@host:0',
    'redis://:hidden-pw@host:99999',
    'redis://:hidden-pw@host/zero',
    'redis://:hidden-pw@a,b',
    'redis://:hidden-pw%zz@a',
    'redis+sentinel://:hidden-pw@a',
    'redis+cluster://:hidden-pw@a/3',
    'redis://:hidden-pw@host?ssl=1',
  ])('%s is refused with the cure and without the password', (text) => {
    let error: unknown = null;
    try {
      readRedisUrl(text);
    } catch (problem) {
      error = problem;
    }
    expect(error).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('REDIS_URL'),
      cure: expect.stringMatching(/./),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('hidden-pw');
  });
});

/** Answers `INFO` with a version and everything else with OK. */
async function standIn(version: string): Promise<{ server: Server; port: number }> {
  const info = `redis_version:${version}\r\nmaxmemory_policy:noeviction\r\nloading:0\r\n`;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const commands = data.toString('latin1').match(/\*\d+\r\n\$\d+\r\n\w+/gu) ?? [];
      for (const command of commands) {
        socket.write(/info$/iu.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return { server, port: address.port };
}

test('a Redis that is too old is refused with the cure', async () => {
  const { server, port } = await standIn('6.0.16');
  try {
    const opening = createJobQueue({
      pool: noPool,
      redisUrl: `redis://127.0.0.1:${port}`,
      ...queueTestOptions('old'),
    });
    await expect(opening).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('version 6.0.16; Rollcall needs 6.2'),
      cure: expect.stringContaining('Upgrade'),
    });
  } finally {
    server.close();
  }
});
