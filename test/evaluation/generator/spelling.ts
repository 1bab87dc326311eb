import type { Random } from '../random.ts';
import { arabicHand, inArabicLetters, inLatinLetters, latinHand } from '../romanisation/arabic.ts';
import { BY_EAR, chooseSystem, isCyrillicLanguage, romanise } from '../romanisation/romanise.ts';
import type { Corruption, GivenForm, Language, Person, Script, Spelling } from '../types.ts';
import { otherApostrophe, withTypo } from './slips.ts';
import { compose } from './writing.ts';

export type Side = 'left' | 'right';

/** Language and alphabet of a spelling: `uk`, or `uk-Latn` for the Latin spelling of the Ukrainian form. */
const WRITTEN = {
  uk: { language: 'uk', script: 'Cyrillic' },
  'uk-Latn': { language: 'uk', script: 'Latin' },
  ru: { language: 'ru', script: 'Cyrillic' },
  'ru-Latn': { language: 'ru', script: 'Latin' },
  be: { language: 'be', script: 'Cyrillic' },
  'be-Latn': { language: 'be', script: 'Latin' },
  bg: { language: 'bg', script: 'Cyrillic' },
  'bg-Latn': { language: 'bg', script: 'Latin' },
  'en-Latn': { language: 'en', script: 'Latin' },
  ar: { language: 'ar', script: 'Arabic' },
  'ar-Latn': { language: 'ar', script: 'Latin' },
} as const satisfies Record<string, { readonly language: Language; readonly script: Script }>;

type Register = keyof typeof WRITTEN;

/** How often each side writes people of a language in which way. The CRM is kept with more care than the directory. */
const REGISTERS: Readonly<Record<Side, Readonly<Record<Language, Partial<Record<Register, number>>>>>> = {
  left: {
    uk: { uk: 38, ru: 12, 'uk-Latn': 42, 'ru-Latn': 8 },
    ru: { ru: 45, uk: 10, 'ru-Latn': 41, 'uk-Latn': 4 },
    be: { be: 25, ru: 28, 'be-Latn': 24, 'ru-Latn': 23 },
    bg: { bg: 50, 'bg-Latn': 50 },
    en: { 'en-Latn': 1 },
    ar: { ar: 52, 'ar-Latn': 48 },
  },
  right: {
    uk: { uk: 58, ru: 15, 'uk-Latn': 22, 'ru-Latn': 5 },
    ru: { ru: 63, uk: 12, 'ru-Latn': 25 },
    be: { be: 38, ru: 37, 'be-Latn': 13, 'ru-Latn': 12 },
    bg: { bg: 62, 'bg-Latn': 38 },
    en: { 'en-Latn': 1 },
    ar: { ar: 50, 'ar-Latn': 50 },
  },
};

interface Rates {
  readonly diminutive: number;
  readonly givenInitial: number;
  readonly typo: number;
  readonly englishForm: number;
  readonly masculine: number;
  readonly shortened: number;
  readonly second: Readonly<Record<'full' | 'dropped' | 'initial', number>>;
}

const RATES: Readonly<Record<Side, Rates>> = {
  left: {
    diminutive: 0.02,
    givenInitial: 0.012,
    typo: 0.01,
    englishForm: 0.02,
    masculine: 0.01,
    shortened: 0.25,
    second: { full: 25, dropped: 72, initial: 3 },
  },
  right: {
    diminutive: 0.006,
    givenInitial: 0.012,
    typo: 0.01,
    englishForm: 0.01,
    masculine: 0.005,
    shortened: 0.15,
    second: { full: 55, dropped: 41, initial: 4 },
  },
};

/** The parts of a name before they are put together. */
export interface Parts {
  readonly given: string;
  readonly second: string | null;
  readonly surname: string;
}

/** Writes a person as one side has them, independently of what the other side has. */
export function spell(person: Person, side: Side, extension: string | undefined, random: Random): Spelling {
  const register = random.weighted(REGISTERS[side][person.language]);
  const { language, script } = WRITTEN[register];
  const corruptions = new Set<Corruption>();
  if (language !== person.language) corruptions.add('foreign form of the given name');

  const chosen = chooseParts(person, language, script, RATES[side], corruptions, random);
  const { parts: latinised, system } = inScript(chosen, language, script, corruptions, random);
  const parts = slip(latinised, RATES[side].typo, corruptions, random);
  const name = compose(parts, { person, side, script, language, extension }, corruptions, random);
  return { name, language, script, system, ...parts, corruptions: [...corruptions] };
}

function chooseParts(
  person: Person,
  language: Language,
  script: Script,
  rates: Rates,
  corruptions: Set<Corruption>,
  random: Random,
): Parts & { readonly isEnglish: boolean } {
  const { given, second, gender } = person;
  const own = formOf(given.forms, language);
  const english = given.forms.en;
  let name = own.official;
  let isEnglish = false;
  const [pet] = own.diminutives;
  if (pet !== undefined && random.chance(rates.diminutive)) {
    corruptions.add('diminutive');
    name = random.pick(own.diminutives);
  } else if (
    language !== 'en' &&
    script === 'Latin' &&
    english !== undefined &&
    random.chance(rates.englishForm)
  ) {
    corruptions.add('English form of the given name');
    name = random.pick([english.official, english.official, ...english.diminutives]);
    isEnglish = true;
  } else if (language !== 'ar' && random.chance(rates.givenInitial)) {
    corruptions.add('given name initial');
    name = `${name.charAt(0)}.`;
  }

  const secondForm = formOf(second.forms, language);
  const secondName =
    person.language === 'en' ? secondForm.official : (secondForm.patronymic?.[gender] ?? null);
  const shown = isEnglish ? 'dropped' : showsSecond(person, name, rates, random);
  if (shown === 'dropped') corruptions.add('second name dropped');
  // Arabs are not written with initials.
  const isInitial = shown === 'initial' && secondName !== null && person.language !== 'ar';
  if (isInitial) corruptions.add('second name initial');
  return {
    given: name,
    second:
      shown === 'dropped' || secondName === null ? null : isInitial ? `${secondName.charAt(0)}.` : secondName,
    surname: surnameOf(person, language, script, rates, corruptions, random),
    isEnglish,
  };
}

/** Whoever abbreviates the given name does not write out the second one. */
function showsSecond(
  { language }: Person,
  given: string,
  rates: Rates,
  random: Random,
): 'full' | 'dropped' | 'initial' {
  if (given.endsWith('.')) return random.chance(0.6) ? 'initial' : 'dropped';
  return random.weighted(language === 'en' ? { full: 8, initial: 17, dropped: 75 } : rates.second);
}

function surnameOf(
  { surname, secondSurname, gender }: Person,
  language: Language,
  script: Script,
  rates: Rates,
  corruptions: Set<Corruption>,
  random: Random,
): string {
  const forms = surname.forms[language] ?? Object.values(surname.forms)[0];
  if (forms === undefined) throw new Error(`${surname.key} has no form.`);
  let form = forms[gender];
  if (script === 'Latin' && form !== forms.male && random.chance(rates.masculine)) {
    corruptions.add('masculine surname of a woman');
    form = forms.male;
  }
  const other = secondSurname?.forms[language]?.[gender];
  if (other === undefined) return form;
  if (random.chance(rates.shortened)) {
    corruptions.add('double surname shortened');
    return random.chance(0.6) ? form : other;
  }
  if (random.chance(0.15)) {
    corruptions.add('double surname without hyphen');
    return `${form}${random.pick([' ', ' - ', '–', '‑'])}${other}`;
  }
  return `${form}-${other}`;
}

function formOf(forms: Person['given']['forms'], language: Language): GivenForm {
  const form = forms[language] ?? Object.values(forms)[0];
  if (form === undefined) throw new Error('A given name without any form.');
  return form;
}

function inScript(
  { given, second, surname, isEnglish }: Parts & { readonly isEnglish: boolean },
  language: Language,
  script: Script,
  corruptions: Set<Corruption>,
  random: Random,
): { parts: Parts; system: string } {
  if (language === 'ar') {
    const isLatin = script === 'Latin';
    const [pen, hand] = [arabicHand(random), latinHand(random)];
    const write = (name: string): string =>
      isLatin ? inLatinLetters(name, hand) : inArabicLetters(name, pen);
    return {
      parts: { given: write(given), second: second === null ? null : write(second), surname: write(surname) },
      system: isLatin ? BY_EAR : 'none',
    };
  }
  if (script === 'Latin' && isCyrillicLanguage(language)) {
    const system = chooseSystem(language, random);
    if (system.name === BY_EAR) corruptions.add('informal romanisation');
    else if (!/KMU 55|ICAO 9303|streamlined/u.test(system.name)) corruptions.add('older romanisation');
    const write = (text: string): string => romanise(text, system);
    return {
      parts: withMarks(
        {
          given: isEnglish ? given : write(given),
          second: second === null ? null : write(second),
          surname: write(surname),
        },
        corruptions,
        random,
      ),
      system: system.name,
    };
  }
  const parts =
    script === 'Latin'
      ? withMarks({ given, second, surname }, corruptions, random)
      : { given, second, surname };
  if (!/'/u.test(`${given}${second ?? ''}${surname}`)) return { parts, system: 'none' };
  corruptions.add('apostrophe');
  const quoted = (text: string): string => otherApostrophe(text, random);
  return {
    parts: {
      given: quoted(parts.given),
      second: parts.second === null ? null : quoted(parts.second),
      surname: quoted(parts.surname),
    },
    system: 'none',
  };
}

/** Diacritics, where the system has them, are kept by half of the writers. */
function withMarks(parts: Parts, corruptions: Set<Corruption>, random: Random): Parts {
  const all = `${parts.given}${parts.second ?? ''}${parts.surname}`;
  if (!/[^\p{ASCII}]|[a-z]'/u.test(all)) return parts;
  if (random.chance(0.5)) {
    corruptions.add('diacritics');
    return parts;
  }
  corruptions.add('diacritics lost');
  const plain = (text: string): string =>
    text
      .normalize('NFD')
      .replaceAll(/\p{M}/gu, '')
      .replaceAll(/(?<=[a-z])'(?![A-Z])/gu, '')
      .replaceAll('ł', 'l')
      .replaceAll('ø', 'o');
  return {
    given: plain(parts.given),
    second: parts.second === null ? null : plain(parts.second),
    surname: plain(parts.surname),
  };
}

function slip(parts: Parts, rate: number, corruptions: Set<Corruption>, random: Random): Parts {
  if (!random.chance(rate)) return parts;
  const field = random.chance(0.7) ? 'surname' : 'given';
  if (parts[field].length < 5) return parts;
  const typed = withTypo(parts[field], random);
  if (typed === parts[field]) return parts;
  corruptions.add('typo');
  return { ...parts, [field]: typed };
}
