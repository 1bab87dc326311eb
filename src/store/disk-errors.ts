import { RollcallError } from '../app/ports/errors.ts';

/** Node's codes for a disk, or a share of it, that is full, and Postgres' own. */
const FULL = ['ENOSPC', 'EDQUOT', '53100'];

/** How to give the embedded engine another disk. */
export const ANOTHER_DATA_DIRECTORY = 'move the data directory to another one and name it with ROLLCALL_DATA';

/**
 * What a full disk makes of our files, said with its cure; null when the error is none of that.
 *
 * @param what what could not be written
 * @param elsewhere how to use another disk, to be read after "or"
 */
export function toFullDisk(error: unknown, what: string, elsewhere: string): RollcallError | null {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (typeof code !== 'string' || !FULL.includes(code)) return null;
  return new RollcallError('UNAVAILABLE', `The disk is full: ${what} cannot be written.`, {
    cure: `Make room on it, or ${elsewhere}.`,
    cause: error,
    details: { code },
  });
}
