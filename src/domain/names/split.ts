import { fold } from './fold.ts';
import { parseName, type Role } from './parse.ts';

/** Parts of a personal name, spelled as they were; `null` where the text does not say. */
export interface SplitName {
  readonly surname: string | null;
  readonly givenName: string | null;
  readonly middleName: string | null;
}

const UNCERTAIN: SplitName = { surname: null, givenName: null, middleName: null };

/**
 * The parts of a name that are certain, for the columns of a new contact. Nothing is guessed: where it is open which word
 * is the surname, or words were dropped (a title, a department), all parts are `null`.
 */
export function splitName(text: string): SplitName {
  const words = text.trim().split(/\s+/u);
  const { tokens } = parseName(text);
  if (tokens.length !== words.length) return UNCERTAIN;
  if (tokens.some((token, index) => fold(words[index] ?? '').replace(/[.,]/gu, '') !== token.text))
    return UNCERTAIN;
  const part = (role: Role): string[] =>
    tokens.flatMap((token, index) => (token.role === role ? [(words[index] ?? '').replace(/,$/u, '')] : []));
  const surname = part('surname');
  const [givenName, ...others] = part('given');
  if (surname.length === 0 || givenName === undefined) return UNCERTAIN;
  const middle = [...others, ...part('patronymic')];
  return {
    surname: surname.join(' '),
    givenName,
    middleName: middle.length === 0 ? null : middle.join(' '),
  };
}
