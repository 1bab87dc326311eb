import type { Random } from '../kit/random.ts';
import { arabicSurnames, femaleArabic, maleArabic, type ArabicName } from './names/arabic.ts';
import { englishSurnames, femaleEnglish, maleEnglish, type EnglishGiven } from './names/english.ts';
import { patronymicOf, type PatronymicForms } from './names/patronymic.ts';
import { femaleSlavic, maleSlavic, type SlavicGiven } from './names/slavic-given.ts';
import { slavicSurnames, type SlavicSurname } from './names/slavic-surnames.ts';
import { russify, transliterate } from './names/transliterate.ts';

/** Somebody whose name is Ukrainian or Russian; the surname is in the form of the bearer's gender. */
export interface SlavicHuman {
  culture: 'ukrainian' | 'russian';
  isFemale: boolean;
  given: SlavicGiven;
  /** Place of the given name among those of its gender, 0 being the most usual one. */
  rank: number;
  patronymic: PatronymicForms | undefined;
  surname: string;
}

export interface EnglishHuman {
  culture: 'english';
  isFemale: boolean;
  given: EnglishGiven;
  surname: string;
}

export interface ArabicHuman {
  culture: 'arabic';
  isFemale: boolean;
  given: ArabicName;
  surname: ArabicName;
}

/** Somebody with a name, before anybody has spelt it. */
export type Human = SlavicHuman | EnglishHuman | ArabicHuman;

/** Draws people. */
export interface HumanSource {
  /** Somebody whose name key no earlier `unique` person bears; the key is taken from now on. */
  unique(): Human;
  /** Somebody whose name key no `unique` person bears; the key stays free. */
  stranger(): Human;
  /** Another bearer of the same name; a patronymic is drawn anew. */
  namesakeOf(human: Human): Human;
  /** Takes the key of this person under another surname; false if somebody bears it. */
  claim(human: Human, surname: string): boolean;
}

const USUAL_SURNAMES = 280;
const ATTEMPTS = 8;

/** Creates a source; the order of its calls decides, with the seed, who comes. */
export function createHumanSource(random: Random): HumanSource {
  const taken = new Set<string>();
  const keyOf = createKeying();
  const slavic = { male: maleSlavic(), female: femaleSlavic() };
  const surnames = slavicSurnames();
  const ukrainian = surnames.filter((surname) => !surname.isRussian);
  const usualUkrainian = ukrainian.slice(0, USUAL_SURNAMES);
  const russian = surnames.filter((surname) => surname.isRussian || /(?:ов|єв|ін)$/u.test(surname.male));
  const patronymics = {
    male: slavic.male.map((father) => patronymicOf(father, false)),
    female: slavic.male.map((father) => patronymicOf(father, true)),
  };
  const english = { male: maleEnglish(), female: femaleEnglish(), surnames: englishSurnames() };
  const arabic = { male: maleArabic(), female: femaleArabic(), surnames: arabicSurnames() };

  /** Usual names come more often than rare ones. */
  const pickGiven = <T>(names: readonly T[]): { given: T; at: number } => {
    const at = Math.min(names.length - 1, Math.floor(random.next() ** 1.4 * names.length));
    return { given: random.pick(names.slice(at, at + 1)), at };
  };
  const drawPatronymic = (isFemale: boolean): PatronymicForms | undefined =>
    (isFemale ? patronymics.female : patronymics.male)[pickGiven(slavic.male).at];

  const drawSlavic = (culture: SlavicHuman['culture'], attempt: number): SlavicHuman => {
    const isDouble = culture === 'ukrainian' && attempt >= ATTEMPTS;
    const isFemale = random.chance(0.5);
    const { given, at } = pickGiven(isFemale ? slavic.female : slavic.male);
    const table =
      culture === 'russian' ? russian : attempt === 0 && random.chance(0.6) ? usualUkrainian : ukrainian;
    const form = (surname: SlavicSurname): string => (isFemale ? surname.female : surname.male);
    const first = form(random.pick(table));
    return {
      culture,
      isFemale,
      given,
      rank: at,
      patronymic: drawPatronymic(isFemale),
      surname: isDouble ? `${first}-${form(random.pick(table))}` : first,
    };
  };

  const draw = (attempt: number): Human => {
    const roll = attempt > 2 ? 0 : random.next();
    if (roll < 0.68) return drawSlavic('ukrainian', attempt);
    if (roll < 0.82) return drawSlavic('russian', attempt);
    const isFemale = random.chance(0.5);
    if (roll < 0.93) {
      const { given } = pickGiven(isFemale ? english.female : english.male);
      return { culture: 'english', isFemale, given, surname: random.pick(english.surnames) };
    }
    const { given } = pickGiven(isFemale ? arabic.female : arabic.male);
    return { culture: 'arabic', isFemale, given, surname: random.pick(arabic.surnames) };
  };

  const drawFree = (): Human => {
    for (let attempt = 0; ; attempt += 1) {
      const human = draw(attempt);
      if (!taken.has(keyOf(human))) return human;
    }
  };

  return {
    unique: () => {
      const human = drawFree();
      taken.add(keyOf(human));
      return human;
    },
    stranger: drawFree,
    namesakeOf: (human) =>
      'patronymic' in human ? { ...human, patronymic: drawPatronymic(human.isFemale) } : human,
    claim: (human, surname) => {
      const key = keyOf(human, surname);
      if (taken.has(key)) return false;
      taken.add(key);
      return true;
    },
  };
}

/**
 * Makes the function that gives a name its key. Names that somebody could take for one another share a key: language,
 * spelling and gender of the surname aside. `surname` stands in for the bearer's own, in the bearer's own writing.
 */
function createKeying(): (human: Human, surname?: string) => string {
  const known = new Map<string, string>();
  const slavicSurname = (culture: SlavicHuman['culture'], surname: string): string => {
    const label = `${culture}|${surname}`;
    const key = known.get(label) ?? surnameKey(culture, surname);
    known.set(label, key);
    return key;
  };
  return (human, surname) => {
    switch (human.culture) {
      case 'english':
        return `${human.given.name}|${surname ?? human.surname}`;
      case 'arabic':
        return `${human.given.arabic}|${surname ?? human.surname.arabic}`;
      default:
        return `${human.given.ukrainian}|${slavicSurname(human.culture, surname ?? human.surname)}`;
    }
  };
}

function surnameKey(culture: SlavicHuman['culture'], surname: string): string {
  const bare = surname.replace(/(?<=с|ц)ь?к(?:ий|а|ая)$/u, 'к').replace(/(?<=ов|єв|ев|ін|ин)а$/u, '');
  const latin = culture === 'russian' ? transliterate(russify(bare), 'passport') : transliterate(bare, 'kmu');
  return latin
    .toLowerCase()
    .replace(/zgh/g, 'zh')
    .replace(/kh|g/g, 'h')
    .replace(/ie|ye|io/g, 'e')
    .replace(/y|j/g, 'i')
    .replace(/i?[eo]v$/, 'ev')
    .replace(/(.)\1+/g, '$1');
}
