import { createHmac } from 'node:crypto';

/** How the log names people. */
export interface NamesShown {
  /** As they are; otherwise by pseudonyms. */
  readonly plain: boolean;
  /** What pseudonyms are made with: the same key, the same pseudonym. Without one, nobody is told from another. */
  readonly key: string | null;
}

/** Until it is known how this installation wants it. */
export const NO_NAMES: NamesShown = { plain: false, key: null };

const UNKNOWN = '[name]';
const DIGITS = 8;

/** Fields that name people, in lower case and without separators. */
const NAMES: ReadonlySet<string> = new Set([
  'name',
  'names',
  'displayname',
  'fullname',
  'firstname',
  'middlename',
  'lastname',
  'givenname',
  'familyname',
  'surname',
  'patronymic',
  'nickname',
  'chatname',
  'contactname',
  'username',
  'user',
  'login',
  'logins',
  'email',
  'emails',
  'mail',
  'phone',
  'phones',
  'mobile',
  'extension',
  'title',
  'jobtitle',
]);

/** Does a field of this name name a person? */
export function namesPeople(key: string): boolean {
  return NAMES.has(key.toLowerCase().replaceAll(/[^a-z]+/gu, ''));
}

/** A stable stand-in for what names a person, whatever its case: `p-` and some digits. */
export function pseudonym(value: string, key: string | null): string {
  if (key === null) return UNKNOWN;
  const folded = value.normalize('NFC').trim().toLowerCase();
  return `p-${createHmac('sha256', key).update(folded).digest('hex').slice(0, DIGITS)}`;
}
