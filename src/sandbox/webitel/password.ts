import { createHash } from 'node:crypto';
import { badRequest, WebitelRefusal } from './errors.ts';
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

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const SPECIAL = '!#%+-_=?@';
/** The categories of the policy: which characters are of one, and from which ones a new password takes. */
const CATEGORIES: Readonly<Record<Switches['passwordCategories'][number], { test: RegExp; from: string }>> = {
  '[A-Z]': { test: /[A-Z]/, from: UPPER },
  '[a-z]': { test: /[a-z]/, from: LOWER },
  '[0-9]': { test: /[0-9]/, from: DIGITS },
  special: { test: /[^A-Za-z0-9]/, from: SPECIAL },
};
const GENERATED_LENGTH = 12;
const ATTEMPTS = 1000;

/** Refuses a password against the rules: the regular expression alone decides where one is set, else all others. */
export function checkPassword(password: string, login: string, switches: Switches): void {
  if (!isAllowed(password, login, switches)) {
    throw badRequest('users.password.invalid', switches.passwordValidationText);
  }
}

function isAllowed(password: string, login: string, switches: Switches): boolean {
  const { passwordRegExp, passwordMinLength, passwordCategories, passwordContainsLogin } = switches;
  if (passwordRegExp !== null) return new RegExp(passwordRegExp, 'u').test(password);
  if (password.length < passwordMinLength) return false;
  if (passwordCategories.some((category) => !CATEGORIES[category].test.test(password))) return false;
  const hasLogin = login !== '' && password.toLowerCase().includes(login.toLowerCase());
  return passwordContainsLogin === 'allow' || !hasLogin;
}

/**
 * Makes a password that the policy allows.
 *
 * @throws WebitelRefusal 500 where the regular expression is beyond the generator.
 */
export function generatePassword(login: string, switches: Switches, random: () => number): string {
  const pick = (from: string): string => from.charAt(Math.floor(random() * from.length));
  const wanted = switches.passwordCategories.map((category) => CATEGORIES[category].from);
  const length = Math.max(GENERATED_LENGTH, switches.passwordMinLength);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const rest = Array.from({ length: length - wanted.length }, () => pick(LOWER + UPPER + DIGITS));
    const password = [...wanted.map(pick), ...rest].join('');
    if (isAllowed(password, login, switches)) return password;
  }
  throw new WebitelRefusal(500, 'users.password.generate', 'no password fits the policy');
}

/** The settings of the policy, as `GET /users/password/settings` has them: all values are texts. */
export function passwordSettings(switches: Switches): Record<string, string> {
  return {
    ...(switches.passwordRegExp === null ? {} : { password_reg_exp: switches.passwordRegExp }),
    password_validation_text: switches.passwordValidationText,
    password_min_length: String(switches.passwordMinLength),
    password_categories: switches.passwordCategories.join(','),
    password_contains_login: String(switches.passwordContainsLogin === 'allow'),
  };
}
