import { foldArabic, soundOf } from './arabic.ts';
import { fold } from './fold.ts';
import { hashOf } from './hash.ts';
import { readingsOf } from './reading.ts';
import { ARABIC_MEN, ARABIC_WOMEN } from './tables/given/arabic.ts';
import { BULGARIAN_MEN, BULGARIAN_WOMEN } from './tables/given/bulgarian.ts';
import { ENGLISH_MEN, ENGLISH_WOMEN } from './tables/given/english.ts';
import { RARE_MEN, RARE_WOMEN } from './tables/given/rare.ts';
import { SLAVIC_MEN } from './tables/given/slavic-men.ts';
import { SLAVIC_WOMEN } from './tables/given/slavic-women.ts';

export type Gender = 'male' | 'female';

/** In which documents a form is official. */
export type Tongue = 'uk' | 'ru' | 'be' | 'bg' | 'latin' | 'arabic';

/** A given name of the tables: one person's name in all its official forms. */
export interface GivenName {
  /** The first official form, folded, and the gender; stable within one version of the tables only. */
  readonly id: string;
  /** Of the id, for the keys of many names. */
  readonly hash: number;
  readonly gender: Gender;
  /** First letters (as readings) of the official forms: what an initial may be. */
  readonly initials: readonly string[];
}

/** What the tables know of one spelling. */
export interface GivenNameEntry {
  /** Names of which the spelling is an official form. */
  readonly official: readonly GivenName[];
  /** Names of which it is a diminutive. */
  readonly short: readonly GivenName[];
  /** The languages whose form it is. */
  readonly tongues: ReadonlySet<Tongue>;
  /** The spelling is a Slavic form, and no English or Arabic one. */
  readonly slavic: boolean;
}

interface Entry {
  readonly official: GivenName[];
  readonly short: GivenName[];
  readonly tongues: Set<Tongue>;
}

interface Tables {
  readonly byReading: Map<string, Entry>;
  readonly byArabic: Map<string, Entry>;
  /** Latin spellings of Arabic names, by their consonants. */
  readonly bySound: Map<string, Entry>;
  readonly fathers: Map<string, GivenName>;
  readonly foreignSpellings: Set<string>;
}

const tables = buildTables();

/** What the tables know of a token with these readings; `null` when it is no given name that they know. */
export function givenNameOf(readings: readonly string[], folded: string): GivenNameEntry | null {
  const found: Entry[] = [];
  for (const reading of readings) {
    const entry = tables.byReading.get(reading);
    if (entry !== undefined) found.push(entry);
  }
  return found.length === 0 ? null : together(found, !tables.foreignSpellings.has(folded));
}

/** The same for a word in Arabic letters, folded. */
export function arabicGivenName(folded: string): GivenNameEntry | null {
  const entry = tables.byArabic.get(folded);
  return entry === undefined ? null : together([entry], false);
}

/** The same for a Latin word by its sound, where no spelling of the tables is met exactly. */
export function arabicGivenNameBySound(folded: string): GivenNameEntry | null {
  if (folded.length < 4) return null;
  const { consonants, vowels } = soundOf(folded, 'latin');
  const entry = tables.bySound.get(`${consonants} ${shape(vowels)}`);
  return entry === undefined ? null : together([entry], false);
}

/** The name of a father by the stem of a patronymic (its reading before the ending, last vowels off). */
export function fatherOf(stem: string): GivenName | null {
  return tables.fathers.get(stem) ?? null;
}

/** A name or a stem without its last vowels: Сергій, Сергей and the stem of Сергійович come to one. */
export function withoutLastVowels(reading: string): string {
  return reading.replace(/[аеиоу]+$/u, '');
}

function together(entries: readonly Entry[], isNoForeignSpelling: boolean): GivenNameEntry {
  const official = new Set(entries.flatMap((entry) => entry.official));
  const short = new Set(entries.flatMap((entry) => entry.short));
  const tongues = new Set(entries.flatMap((entry) => [...entry.tongues]));
  const isSlavic = tongues.has('uk') || tongues.has('ru') || tongues.has('be') || tongues.has('bg');
  return { official: [...official], short: [...short], tongues, slavic: isSlavic && isNoForeignSpelling };
}

/** Vowels as they are compared among spellings of one sound: e is as good as a or i. */
function shape(vowels: readonly number[] | null): string {
  return (vowels ?? []).map((run) => ((run & 3) === 0 && (run & 8) === 0 ? run & 4 : 1 | (run & 4))).join('');
}

function buildTables(): Tables {
  const built: Tables = {
    byReading: new Map(),
    byArabic: new Map(),
    bySound: new Map(),
    fathers: new Map(),
    foreignSpellings: new Set(),
  };
  const genders: readonly Gender[] = ['male', 'female'];
  for (const gender of genders) {
    const [slavic, rare, bulgarian, english, arabic] =
      gender === 'male'
        ? [SLAVIC_MEN, RARE_MEN, BULGARIAN_MEN, ENGLISH_MEN, ARABIC_MEN]
        : [SLAVIC_WOMEN, RARE_WOMEN, BULGARIAN_WOMEN, ENGLISH_WOMEN, ARABIC_WOMEN];
    for (const [uk, ru, be, bg, latin, short] of rows(`${slavic}${rare}`))
      addName(built, gender, { uk, ru, be, bg, latin }, short);
    for (const [bg, latin, short] of rows(bulgarian)) addName(built, gender, { bg, latin }, short);
    for (const [latin, short] of rows(english)) addName(built, gender, { latin }, short);
    for (const [letters, latin, cyrillic] of rows(arabic))
      addName(built, gender, { arabic: letters, latin, ru: cyrillic });
  }
  return built;
}

function addName(
  built: Tables,
  gender: Gender,
  forms: Readonly<Partial<Record<Tongue, readonly string[] | undefined>>>,
  short: readonly string[] = [],
): void {
  const tongues: readonly Tongue[] = ['uk', 'ru', 'be', 'bg', 'latin', 'arabic'];
  const all = tongues.flatMap((tongue) => (forms[tongue] ?? []).map((form) => ({ tongue, form })));
  const readings = all.map(({ tongue, form }) => ({ tongue, form, read: readingsOf(form) }));
  const id = `${forms.arabic?.[0] ?? all[0]?.form ?? ''}:${gender}`;
  const name: GivenName = {
    id,
    hash: hashOf(id),
    gender,
    initials: [...new Set(readings.flatMap(({ read }) => read.map((reading) => reading.charAt(0))))],
  };
  const isArabic = (forms.arabic ?? []).length > 0;
  for (const { tongue, form, read } of readings) {
    if (tongue === 'arabic') addTo(built.byArabic, foldArabic(form), name, tongue);
    else for (const reading of read) addTo(built.byReading, reading, name, isArabic ? 'arabic' : tongue);
    if (tongue === 'latin') built.foreignSpellings.add(form);
    if (isArabic && tongue === 'latin') {
      const { consonants, vowels } = soundOf(form, 'latin');
      addTo(built.bySound, `${consonants} ${shape(vowels)}`, name, 'arabic');
    }
    if (gender === 'male' && !isArabic && tongue !== 'latin')
      for (const reading of read) {
        const stem = withoutLastVowels(reading);
        if (!built.fathers.has(stem)) built.fathers.set(stem, name);
      }
  }
  for (const form of short)
    for (const reading of readingsOf(form)) {
      const entry = entryOf(built.byReading, reading);
      if (!entry.short.includes(name)) entry.short.push(name);
    }
}

function addTo(map: Map<string, Entry>, key: string, name: GivenName, tongue: Tongue): void {
  const entry = entryOf(map, key);
  if (!entry.official.includes(name)) entry.official.push(name);
  entry.tongues.add(tongue);
}

function entryOf(map: Map<string, Entry>, key: string): Entry {
  let entry = map.get(key);
  if (entry === undefined) {
    entry = { official: [], short: [], tongues: new Set() };
    map.set(key, entry);
  }
  return entry;
}

/** Lines of columns of folded words. */
function rows(table: string): (readonly string[])[][] {
  return table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) =>
      line.split('|').map((cell) =>
        fold(cell)
          .split(' ')
          .filter((word) => word !== ''),
      ),
    );
}
