import type { Random } from '../kit/random.ts';
import type { Human, SlavicHuman } from './human.ts';
import { russify, transliterate } from './names/transliterate.ts';

/**
 * The writing in which one system holds a name: `native` is the bearer's own; `kmu`, `icao` and `passport` are Latin
 * spellings of Cyrillic names; `russian` is a Ukrainian name as Russian papers have it; `english` takes the English
 * given name; `latin` and `otherLatin` are spellings of an Arabic name.
 */
export type Writing = 'native' | 'kmu' | 'icao' | 'passport' | 'russian' | 'english' | 'latin' | 'otherLatin';

/** A spelt name. */
export interface NameParts {
  given: string;
  patronymic: string;
  surname: string;
}

/** In which order the parts of a name stand; the patronymic is left out where there is none. */
export type Layout =
  'given surname' | 'surname given' | 'surname given patronymic' | 'given patronymic surname';

/** The writings of one person on both sides. */
export interface Pairing {
  crm: Writing;
  directory: Writing;
  /** The two spellings are too far apart to be told as one without a login or an e-mail. */
  needsEvidence: boolean;
}

/** So many of the most usual given names have equivalents in other languages that everybody knows. */
const COMMON_KNOWLEDGE = 30;

/** Draws how both sides write somebody. */
export function drawPairing(human: Human, random: Random): Pairing {
  switch (human.culture) {
    case 'english':
      return { crm: 'native', directory: 'native', needsEvidence: false };
    case 'arabic': {
      const crm = random.chance(0.45) ? 'native' : 'latin';
      const directory = random.chance(0.6) ? crm : random.pick<Writing>(['latin', 'otherLatin', 'native']);
      return { crm, directory, needsEvidence: crm !== directory };
    }
    case 'russian': {
      const crm = random.chance(0.8) ? 'native' : 'passport';
      const directory = random.chance(0.68)
        ? crm
        : weighted<Writing>(random, [
            ['passport', 7],
            ['english', human.given.english === '' ? 0 : 3],
          ]);
      return { crm, directory, needsEvidence: isFar(human, crm, directory) };
    }
    default: {
      const canSwitch = !/['’ґ]/u.test(human.surname + human.given.ukrainian);
      const crm = weighted<Writing>(random, [
        ['native', 92],
        ['kmu', 4],
        ['russian', canSwitch ? 4 : 0],
      ]);
      const directory = random.chance(0.7)
        ? crm
        : weighted<Writing>(random, [
            ['native', crm === 'native' ? 0 : 10],
            ['kmu', 13],
            ['icao', 5],
            ['passport', canSwitch ? 3 : 0],
            ['russian', canSwitch ? 4 : 0],
            ['english', human.given.english === '' ? 0 : 5],
          ]);
      return { crm, directory, needsEvidence: isFar(human, crm, directory) };
    }
  }
}

/** Another language on one side, and a name whose forms are not common knowledge. */
function isFar(human: SlavicHuman, crm: Writing, directory: Writing): boolean {
  if (crm === directory) return false;
  const isOtherLanguage = [crm, directory].some((writing) =>
    human.culture === 'russian'
      ? writing === 'english'
      : ['passport', 'russian', 'english'].includes(writing),
  );
  return (
    isOtherLanguage && (human.rank >= COMMON_KNOWLEDGE || /[єїёэыъ]|ь[ою]|йо|ьк?а$/u.test(human.surname))
  );
}

/** Spells a name. */
export function spell(human: Human, writing: Writing): NameParts {
  if (human.culture === 'english') return { given: human.given.name, patronymic: '', surname: human.surname };
  if (human.culture === 'arabic') {
    if (writing === 'native')
      return { given: human.given.arabic, patronymic: '', surname: human.surname.arabic };
    const at = writing === 'otherLatin' ? 1 : 0;
    return { given: human.given.latin[at] ?? '', patronymic: '', surname: human.surname.latin[at] ?? '' };
  }
  const isRussian = human.culture === 'russian';
  const own: NameParts = {
    given: isRussian ? human.given.russian : human.given.ukrainian,
    patronymic: (isRussian ? human.patronymic?.russian : human.patronymic?.ukrainian) ?? '',
    surname: isRussian ? russify(human.surname) : human.surname,
  };
  const russian: NameParts = {
    given: human.given.russian,
    patronymic: human.patronymic?.russian ?? '',
    surname: russify(human.surname),
  };
  switch (writing) {
    case 'kmu':
    case 'icao':
      return mapParts(own, (text) => transliterate(text, writing));
    case 'passport':
      return mapParts(russian, (text) => transliterate(text, 'passport'));
    case 'russian':
      return russian;
    case 'english':
      return {
        given: human.given.english,
        patronymic: '',
        surname: transliterate(own.surname, isRussian ? 'passport' : 'kmu'),
      };
    default:
      return own;
  }
}

/** Puts the parts in order; `Surname I.` where only the initial is wanted. */
export function layOut(parts: NameParts, layout: Layout): string {
  const order = {
    'given surname': [parts.given, parts.surname],
    'surname given': [parts.surname, parts.given],
    'surname given patronymic': [parts.surname, parts.given, parts.patronymic],
    'given patronymic surname': [parts.given, parts.patronymic, parts.surname],
  }[layout];
  return order.filter(Boolean).join(' ');
}

/** Takes one of the choices with the probability of its weight. */
export function weighted<T>(random: Random, choices: readonly (readonly [choice: T, weight: number])[]): T {
  let roll = random.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) {
    roll -= weight;
    if (roll < 0) return choice;
  }
  throw new Error('No choice has a weight.');
}

function mapParts(parts: NameParts, change: (text: string) => string): NameParts {
  return { given: change(parts.given), patronymic: change(parts.patronymic), surname: change(parts.surname) };
}
