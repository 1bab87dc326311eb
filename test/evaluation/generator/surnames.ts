import * as arabic from '../tables/arabic.ts';
import * as bulgarian from '../tables/bulgarian.ts';
import * as english from '../tables/english.ts';
import * as belarusian from '../tables/surnames-belarusian.ts';
import * as russian from '../tables/surnames-russian.ts';
import * as ukrainian from '../tables/surnames-ukrainian.ts';
import { createRandom } from '../random.ts';
import type { Language, Surname } from '../types.ts';
import { words } from './given-names.ts';
import { feminine, russianInUkrainian, ukrainianInRussian } from './orthography.ts';

const VOWEL = /[аеєиіїоуюяыэё]$/u;
/** One vowel, one consonant: what -ко, -чук and -ець can follow. */
const OPEN = /[аеєиіїоуюяыэё][бвгґджзйклмнпрстфхцчшщ]ь?$/u;

/** Surnames of each language, the commonest first: those of the tables, then those that are made of stems. */
export const SURNAMES: Readonly<Record<Language, readonly Surname[]>> = {
  uk: unique([...words(ukrainian.COMMON_SURNAMES), ...mixed(ukrainianDerived())]).map((entry) => {
    const [uk = '', ru = ukrainianInRussian(uk)] = entry.split(':');
    return slavic(uk, { uk, ru });
  }),
  ru: unique([...words(russian.COMMON_SURNAMES), ...mixed(russianDerived())]).map((ru) =>
    slavic(ru, { ru, uk: russianInUkrainian(ru) }),
  ),
  be: unique([...words(belarusian.COMMON_SURNAMES), ...mixed(belarusianDerived())]).map((entry) => {
    const [be = '', ru = ''] = entry.split(':');
    return slavic(be, { be, ru });
  }),
  bg: unique([
    ...words(bulgarian.SURNAMES),
    ...mixed(words(bulgarian.SURNAMES).flatMap((name) => bulgarianCompounds(name))),
  ]).map((bg) => slavic(bg, { bg })),
  en: unique([...words(english.SURNAMES), ...mixed(englishDerived())]).map((name) => ({
    key: `en ${name}`,
    forms: { en: { male: name, female: name } },
  })),
  ar: mixed([
    ...words(arabic.FAMILY_WITH_ARTICLE).map((word) => `Al+${word}`),
    ...[...words(arabic.FAMILY_ALONE), ...words(arabic.MALE_GIVEN)].flatMap((word) =>
      word.includes('_') ? [word] : [word, `bin ${word}`, `>abuw ${word}`],
    ),
  ]).map((word) => ({ key: `ar ${word}`, forms: { ar: { male: word, female: word } } })),
};

function slavic(key: string, forms: Partial<Record<'uk' | 'ru' | 'be' | 'bg', string>>): Surname {
  const both: Partial<Record<Language, { male: string; female: string }>> = {};
  for (const language of ['uk', 'ru', 'be', 'bg'] as const) {
    const male = forms[language];
    if (male !== undefined) both[language] = { male, female: feminine(male, language) };
  }
  return { key: `slavic ${key}`, forms: both };
}

function ukrainianDerived(): string[] {
  return words(ukrainian.SURNAME_STEMS).flatMap((written) => {
    const stem = written.replace(/ь$/u, '');
    if (VOWEL.test(stem)) return [`${stem}єнко`, `${stem}йчук`, `${stem}ян`];
    const soft = /[нл]$/u.test(stem) ? 'ю' : 'у';
    const made = ['енко', `${soft}к`, 'ишин', 'ів', 'ович', 'ик', 'ак'].map((ending) => stem + ending);
    made.push(...['ський', 'чук'].filter(() => OPEN.test(stem)).map((ending) => written + ending));
    made.push(`${stem}ич`, `${stem}івський`);
    if (OPEN.test(stem)) made.push(`${stem}ець`, `${written}ко`, `${stem}івець`, `${stem}инський`);
    return made;
  });
}

function russianDerived(): string[] {
  return words(russian.SURNAME_STEMS).flatMap((stem) => {
    if (/(?:ин|ов|ев)$/u.test(stem)) return [stem, `${stem}ский`];
    if (VOWEL.test(stem) || stem.endsWith('ь')) return [`${stem}ев`];
    const vowel = /[жчшщц]$/u.test(stem) ? 'е' : 'о';
    const made = [`${stem}${vowel}в`, `${stem}ин`, `${stem}${vowel}вский`, `${stem}ихин`, `${stem}инский`];
    if (OPEN.test(stem)) made.push(`${stem}кин`, `${stem}енков`, `${stem}ников`, `${stem}${vowel}вцев`);
    return made;
  });
}

function belarusianDerived(): string[] {
  const endings = [
    ['эвіч', 'евич', 'евіч'],
    ['ёнак', 'ёнок', 'ёнак'],
    ['чык', 'чик', 'чык'],
    ['оўскі', 'овский', 'оўскі'],
    ['ук', 'ук', 'ук'],
    ['еня', 'еня', 'еня'],
    ['овіч', 'ович', 'овіч'],
    ['інскі', 'инский', 'інскі'],
  ] as const;
  return words(belarusian.SURNAME_STEMS).flatMap((pair) => {
    const [be = '', ru = ''] = pair.split(':');
    return endings.map(([hard, russianEnding, soft]) => {
      const written = /[рчшжцы]$/u.test(be) ? hard : soft;
      const ending = /[рчшж]$/u.test(be) ? written.replace(/^ё/u, 'о') : written;
      const soften = (stem: string, end: string): string =>
        stem.endsWith('ь') ? stem.slice(0, -1) + end.replace(/^у/u, 'ю') : stem + end;
      return `${soften(be, ending)}:${soften(ru, russianEnding)}`;
    });
  });
}

function bulgarianCompounds(name: string): string[] {
  const stem = /^(.*)(?:ов|ев)$/u.exec(name)?.[1];
  if (stem === undefined || stem.length > 7) return [];
  const low = stem.toLowerCase();
  const made = [`Хаджи${low}ов`, `Кара${low}ев`, `Поп${low}ов`, `${stem}ин`];
  return /[внрлмд]$/u.test(stem) ? [...made, `${stem}ски`] : made;
}

function englishDerived(): string[] {
  const endings = words(english.SURNAME_SECOND);
  return words(english.SURNAME_FIRST).flatMap((first) => endings.map((second) => first + second));
}

/** Always the same order, so that ranks do not depend on the seed of a population. */
function mixed(names: readonly string[]): string[] {
  return createRandom(7, 'ranks of surnames').shuffled(names);
}

function unique(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    const key = name.split(':')[0] ?? name;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
