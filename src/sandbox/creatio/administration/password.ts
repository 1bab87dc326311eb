import type { Switches } from '../switches.ts';

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/\p{Lu}/u, 'an upper-case letter'],
  [/\p{Ll}/u, 'a lower-case letter'],
  [/\d/, 'a digit'],
  [/[^\p{L}\d]/u, 'a special character'],
];

/** What the password policy has against a password, in words; `undefined` if nothing. */
export function weaknessOf(
  password: string,
  { passwordMinLength, passwordComplexity }: Switches,
): string | undefined {
  if (password.length < passwordMinLength)
    return `Password must have at least ${passwordMinLength} characters`;
  const missing = passwordComplexity ? CLASSES.find(([pattern]) => !pattern.test(password)) : undefined;
  return missing === undefined ? undefined : `Password must contain ${missing[1]}`;
}
