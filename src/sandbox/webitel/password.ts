import { createHash } from 'node:crypto';
import { badRequest } from './errors.ts';
import type { Switches } from './switches.ts';

const HASH_LENGTH = 60;

/**
 * What the stand-in keeps of a password: 60 characters that look like a bcrypt hash. A hash that a client sends back
 * is hashed again, so that the mistake shows as a changed password.
 */
export function hashPassword(password: string): string {
  const digest = createHash('sha512').update(password).digest('base64').replaceAll(/[+=]/g, '.');
  return `$2a$10$${digest}`.slice(0, HASH_LENGTH);
}

/** The password of a given row: kept where it looks like a hash, hashed otherwise. */
export function keepPassword(password: string): string {
  return password === '' || password.length === HASH_LENGTH ? password : hashPassword(password);
}

/** Refuses a password against the rules: the regular expression alone decides where one is set, else the length. */
export function checkPassword(password: string, switches: Switches): void {
  const isGood =
    switches.passwordRegExp === null
      ? password.length >= switches.passwordMinLength
      : new RegExp(switches.passwordRegExp, 'u').test(password);
  if (!isGood) throw badRequest('users.password.invalid', switches.passwordValidationText);
}
