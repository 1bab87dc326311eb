import type { Word } from './word.ts';

const TRUTHS = 2;
const SCRIPTS = ['latin', 'cyrillic', 'arabic', 'mixed', 'other'] as const;
const GENDERS = [null, 'male', 'female'] as const;
const ORIGINS = [null, 'slavic', 'arabic', 'western'] as const;
const MARKS = [null, 'yes', 'no'] as const;

/**
 * All that the rules by which a plain name is understood (parse.ts, understand.ts, name.ts) ask of one of its words, as one
 * number. A rule that asks for something new must add it here: see `PlainNames`.
 */
export function kindOf(word: Word): number {
  const { text, script, given } = word;
  let kind = 0;
  const add = (answer: number, answers: number): void => {
    kind = kind * answers + answer;
  };
  const isTrue = (answer: boolean): void => add(Number(answer), TRUTHS);
  add(SCRIPTS.indexOf(script), SCRIPTS.length);
  isTrue(word.isInitial);
  isTrue(given !== null);
  isTrue(given?.slavic ?? false);
  add(GENDERS.indexOf(given === null ? null : word.asGiven.gender), GENDERS.length);
  isTrue(word.patronymic !== null);
  isTrue(word.father !== null);
  isTrue(word.isSlavicSurname);
  isTrue(isMiddleBySpelling(word));
  add(ORIGINS.indexOf(word.origin), ORIGINS.length);
  add(MARKS.indexOf(word.mark), MARKS.length);
  isTrue(text.includes('і'));
  isTrue(/[ёыэў]/u.test(text));
  return kind;
}

/** A Latin word that does not end like a Ukrainian surname: see `understand`. */
export function isMiddleBySpelling({ script, text }: Word): boolean {
  return script === 'latin' && !/(?:nko|chuk|skyi|skiy|ska|uk|vych|vich|ets)$/u.test(text);
}
