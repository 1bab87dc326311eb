import { open } from 'node:fs/promises';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import type { PasswordSink } from '../connectors/webitel/index.ts';

/** What the owner may do with the file, and nobody else. */
const MODE = 0o600;
const OTHERS = 0o077;

export interface PasswordFileOptions {
  /** Absolute; the folder has to exist. */
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * A file that takes the temporary passwords of new directory users, a line each: the time (ISO 8601, UTC), the login and
 * the password, with tabs between them. Whoever hands the passwords out deletes it; it is made again when needed.
 */
export function createPasswordFile({ path, clock, logger }: PasswordFileOptions): PasswordSink {
  async function append(text: string): Promise<void> {
    const file = await open(path, 'a', MODE);
    try {
      if (((await file.stat()).mode & OTHERS) !== 0)
        throw new RollcallError('FORBIDDEN', `Others than its owner can read ${path}.`, {
          cure: `Let the owner alone read it (chmod 600), or name another file in policy.push.passwordFile.`,
        });
      if (text !== '') await file.appendFile(text);
    } finally {
      await file.close();
    }
  }

  return {
    async ready() {
      try {
        await append('');
      } catch (error) {
        if (error instanceof RollcallError) throw error;
        throw new RollcallError(
          'FORBIDDEN',
          `The file for passwords, ${path}, cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
          {
            cure: 'Name a file that this process may write in policy.push.passwordFile, or take the line out.',
          },
        );
      }
    },

    async keep(login, password) {
      try {
        await append(`${new Date(clock.now()).toISOString()}\t${login}\t${password}\n`);
        logger.info('the temporary password of a new user was written to the password file', { login });
      } catch (error) {
        logger.warn('the temporary password of a new user could not be written; set one in the directory', {
          login,
          error,
        });
      }
    },
  };
}
