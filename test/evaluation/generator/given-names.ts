import * as arabic from '../tables/arabic.ts';
import * as bulgarian from '../tables/bulgarian.ts';
import { FEMALE_GIVEN, MALE_GIVEN } from '../tables/given-east-slavic.ts';
import * as english from '../tables/english.ts';
import type { Gender, GivenForm, GivenName, Language } from '../types.ts';
import { feminine, patronymics } from './orthography.ts';

type Pool = Readonly<Record<Gender, readonly GivenName[]>>;

const EAST_SLAVIC: Pool = {
  male: rows(MALE_GIVEN).map(
    ([uk = '', ukSon = '', ru = '', ruSon = '', be = '', beSon = '', en, dimUk, dimRu]) => ({
      key: `slavic ${uk}`,
      gender: 'male',
      forms: eastSlavic([uk, ru, be], en, [dimUk, dimRu], {
        uk: patronymics(ukSon, 'uk'),
        ru: patronymics(ruSon, 'ru'),
        be: patronymics(beSon, 'be'),
      }),
    }),
  ),
  female: rows(FEMALE_GIVEN).map(([uk = '', ru = '', be = '', en, dimUk, dimRu]) => ({
    key: `slavic ${uk}`,
    gender: 'female',
    forms: eastSlavic([uk, ru, be], en, [dimUk, dimRu], {}),
  })),
};

const ENGLISH: Pool = {
  male: ofOneLanguage('en', 'male', english.MALE_GIVEN),
  female: ofOneLanguage('en', 'female', english.FEMALE_GIVEN),
};

/** Given names of each language, the commonest first. */
export const GIVEN_NAMES: Readonly<Record<Language, Pool>> = {
  uk: EAST_SLAVIC,
  ru: EAST_SLAVIC,
  be: EAST_SLAVIC,
  bg: {
    male: rows(bulgarian.MALE_GIVEN).map(([name = '', father = '', pet]) => ({
      key: `bg ${name}`,
      gender: 'male',
      forms: {
        bg: {
          official: name,
          diminutives: list(pet),
          patronymic: { male: father, female: feminine(father, 'bg') },
        },
      },
    })),
    female: ofOneLanguage('bg', 'female', bulgarian.FEMALE_GIVEN),
  },
  en: ENGLISH,
  ar: { male: arabicNames('male', arabic.MALE_GIVEN), female: arabicNames('female', arabic.FEMALE_GIVEN) },
};

function eastSlavic(
  [uk, ru, be]: readonly [string, string, string],
  inEnglish: string | undefined,
  [dimUk, dimRu]: readonly [string | undefined, string | undefined],
  sons: Partial<Record<'uk' | 'ru' | 'be', Record<Gender, string>>>,
): GivenName['forms'] {
  const form = (official: string, pets: string | undefined, language: 'uk' | 'ru' | 'be'): GivenForm => {
    const patronymic = sons[language];
    return { official, diminutives: list(pets), ...(patronymic === undefined ? {} : { patronymic }) };
  };
  const [first, ...others] = list(inEnglish);
  return {
    uk: form(uk, dimUk, 'uk'),
    ru: form(ru, dimRu, 'ru'),
    be: form(be, undefined, 'be'),
    ...(first === undefined ? {} : { en: { official: first, diminutives: others } }),
  };
}

function ofOneLanguage(language: 'en' | 'bg', gender: Gender, table: string): GivenName[] {
  return rows(table).map(([official = '', ...rest]) => ({
    key: `${language} ${official}`,
    gender,
    forms: { [language]: { official, diminutives: list(rest.at(-1)) } },
  }));
}

function arabicNames(gender: Gender, table: string): GivenName[] {
  return words(table).map((word) => ({
    key: `ar ${word}`,
    gender,
    forms: { ar: { official: word, diminutives: [], patronymic: { male: word, female: word } } },
  }));
}

/** Lines of columns. */
export function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
}

export function words(table: string): string[] {
  return table.trim().split(/\s+/u);
}

function list(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}
