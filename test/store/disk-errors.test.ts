import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { toFullDisk } from '../../src/store/disk-errors.ts';

describe('a full disk', () => {
  test('is told from what the system says, with a code and a cure', async () => {
    // The device on which nothing ever has room.
    const error: unknown = await writeFile('/dev/full', 'x').catch((problem: unknown) => problem);
    expect(toFullDisk(error, '/backups/a', 'name a file on another one')).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The disk is full: /backups/a cannot be written.',
      cure: 'Make room on it, or name a file on another one.',
      cause: { code: 'ENOSPC' },
    });
  });

  test.each([[null], ['full'], [new Error('no')], [Object.assign(new Error('no'), { code: 'EACCES' })]])(
    'is not what %p means',
    (error) => {
      expect(toFullDisk(error, 'a', 'b')).toBeNull();
    },
  );
});
