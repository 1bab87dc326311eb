import { compareNames } from './compare.ts';
import { readName } from './name.ts';
import {
  ARABIC_SOUNDS,
  CLASSES,
  CYRILLIC_SOUNDS,
  LATIN_SOUNDS,
  LATIN_VOWELS,
  SAME_LETTER,
} from './tables/arabic.ts';
import { ARABIC_MEN, ARABIC_WOMEN } from './tables/given/arabic.ts';
import { BULGARIAN_MEN, BULGARIAN_WOMEN } from './tables/given/bulgarian.ts';
import { ENGLISH_MEN, ENGLISH_WOMEN } from './tables/given/english.ts';
import { RARE_MEN, RARE_WOMEN } from './tables/given/rare.ts';
import { SLAVIC_MEN } from './tables/given/slavic-men.ts';
import { SLAVIC_WOMEN } from './tables/given/slavic-women.ts';
import { KEYS } from './tables/layouts.ts';
import { CYRILLIC_OF } from './tables/lookalikes.ts';
import { IRREGULAR_STEMS, PATRONYMIC_ENDINGS } from './tables/patronymics.ts';
import { CYRILLIC_RULES, LATIN_INITIALS, LATIN_RULES, MARKED_LATIN } from './tables/readings.ts';
import {
  ARTICLES,
  EXTENSION_WORDS,
  KINSHIP,
  KUNYA,
  LABELS,
  SERVANT,
  TITLES,
  WESTERN_PARTICLES,
} from './tables/words.ts';

/** Raised by hand when the rules of correlation change in a way that names alone do not show. */
const RULES_VERSION = 5;

/** Pairs of names on which a change of the rules shows: of each agreement some, and neighbours that must stay apart. */
const PROBES = `
Згурський Богдан Іванович|Bohdan Zghurskyi
Микола Шевченко|Николай Шевченко
Цярэшчанка Уладзіслаў|Терещенко Владислав
Петър Иванов Дънков|Petar Dankov
Morozov Iouri Petrovitch|Морозов Юрий
Michajlov Jurij Čechovič|Михайлов Юрий
Петрівський Іван|Петровский Иван
Петрівський Іван|Петровський Іван
Зайцева Ольга|Zaytsev Olga
John Michael Smith|Smith John
John Meyer|John Meier
عبدالله الصباح|Abdullah Al-Sabah
محمد احمد|احمد محمد
Kareemah Al-Bayruni|Karima El-Beirooni
Karima Zaki|Karima Bin Zaki
Коваленко І.|Коваленко Іван
Саша Гриценко|Олександра Гриценко
Нінуся Більська|Ніна Більська
Ковалнеко Іван|Коваленко Іван
Нечуй-Левицький Іван|Левицький Іван
Sevcenko Taras|Шевченко Тарас
Rjdfktyrj Sdfy|Коваленко Іван
д-р Коваленко Іван (відділ продажів) вн. 105|Коваленко Іван
Коваленко Іван Петрович|Коваленко Іван Сидорович
Олександр Ткаченко|Олександра Ткаченко
Олена Коваленко|Олена Коваленкова
Наталія Бойко|Наталія Байко
Сергій Коваль|Сергій Ковальчук
Reception|Reception
`;

/**
 * All by which names are judged, as one text: the tables, and what the rules make of the probes. Two versions with the same
 * text decide alike; its digest is the version of the matching.
 */
export function matchingFingerprint(): string {
  const verdicts = PROBES.trim()
    .split('\n')
    .map((line) => {
      const [left = '', right = ''] = line.split('|');
      return compareNames(readName(left), readName(right));
    });
  return JSON.stringify([
    RULES_VERSION,
    verdicts,
    [SLAVIC_MEN, SLAVIC_WOMEN, RARE_MEN, RARE_WOMEN, BULGARIAN_MEN, BULGARIAN_WOMEN],
    [ENGLISH_MEN, ENGLISH_WOMEN, ARABIC_MEN, ARABIC_WOMEN],
    [CYRILLIC_RULES, LATIN_RULES, [...LATIN_INITIALS], [...MARKED_LATIN]],
    [PATRONYMIC_ENDINGS, [...IRREGULAR_STEMS]],
    [[...SAME_LETTER], [...ARABIC_SOUNDS], LATIN_SOUNDS, CYRILLIC_SOUNDS, [...CLASSES], LATIN_VOWELS],
    [KEYS, [...CYRILLIC_OF]],
    [LABELS, TITLES, EXTENSION_WORDS, KINSHIP, KUNYA, SERVANT, ARTICLES, WESTERN_PARTICLES].map((words) => [
      ...words,
    ]),
  ]);
}
