import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { eachKey, eachLooseKey } from '../../../src/domain/names/lookup.ts';
import { createNameReader } from '../../../src/domain/names/name-reader.ts';
import { readName, type Name } from '../../../src/domain/names/name.ts';

/** Words of all kinds, several of each, so that what was understood of one name is used for another. */
const WORDS = `
  Іван Олена Микола Саша Ваня Пётр Сяргей Георги Богдан Нінуся Коваленко КОВАЛЬ Левицька Гуменюк
  Раманаў Дънков Нечуй-Левицький Дем'яненко Петрович Іванівна Станкевич Петрова Иванов Стоянова І. П. Б
  Ivan Olena John Jane Michael Nadia Sara Lou Iouri Jurij Niamh B. R Kovalenko Smith Petrovich Čechovič
  Zaytsev Tchaikovsky Njegos Bandarenka Davis Karima Maha Kamal Zaki Beirooni Al-Sabah al bin van der
  Abdul عبدالله محمد احمد مها كمال الصباح بن الشيخ أبو مُصطَفَى Mr пан д-р Branch відділ Rjdfktyrj Sdfy
  105 (Sales) Ёлкін Кoваль
`
  .trim()
  .split(/\s+/u);

const name = fc
  .tuple(
    fc.array(fc.constantFrom(...WORDS), { minLength: 0, maxLength: 5 }),
    fc.constantFrom(' ', ' ', ' ', '  ', ', '),
  )
  .map(([words, blank]) => words.join(blank));

/** All that is compared of a name, and the keys by which it is found. */
function told(read: Name): unknown {
  const keys: number[][] = [[], [], []];
  eachKey(read, (key) => keys[0]?.push(key));
  eachLooseKey(read, 'stored', (key) => keys[1]?.push(key));
  eachLooseKey(read, 'sought', (key) => keys[2]?.push(key));
  const { text, script, words, gender, isFull, isSlavic, isArabic, mayBeArabic, belarusian, isLabel } = read;
  return {
    traits: { text, script, words, gender, isFull, isSlavic, isArabic, mayBeArabic, belarusian, isLabel },
    keys,
    understandings: read.understandings.map((one) => ({
      surname: { ...one.surname, words: one.surname.words.map((word) => [word.text, word.readings]) },
      given: [one.given.text, one.given.readings, one.given.isInitial],
      middle: one.middle && [one.middle.kind, one.middle.text, one.middle.keys],
      gender: [one.gender, one.isGenderSure],
      isTurned: one.isTurned,
    })),
  };
}

describe('reading the names of a batch', () => {
  test('tells of each of them what reading it alone tells', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 40, maxLength: 40 }), (names) => {
        const read = createNameReader();
        for (const text of names) expect([text, told(read(text))]).toEqual([text, told(readName(text))]);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['a known father', 'Георги Петров Тодоров', 'Георги Колесов Тодоров'],
    ['an ending that no middle name has', 'Olena Kolesov Petrenko', 'Olena Kolesuk Petrenko'],
    ['a Slavic surname', 'John Kolesov', 'John Kolesoff'],
    ['the gender of an Arabic name', 'Maha Kamal', 'Jamal Kamal'],
    ['a letter that Ukrainian has not', 'Іван Лысь', 'Іван Лась'],
    ['a letter that Russian has not', 'Пётр Кліс', 'Пётр Клас'],
    ['an ending of patronymics', 'Іван Петрович Коваль', 'Іван Кириленко Коваль'],
  ])('keeps names apart whose words differ in %s alone', (_difference, one, other) => {
    for (const texts of [
      [one, other],
      [other, one],
    ]) {
      const read = createNameReader();
      expect(texts.map((text) => told(read(text)))).toEqual(texts.map((text) => told(readName(text))));
    }
  });

  test('tells the same however often and after whatever a name comes', () => {
    const read = createNameReader();
    const texts = WORDS.flatMap((one, place) => [
      `${one} Іван`,
      `John ${one}`,
      `${one} ${WORDS[place + 1] ?? ''} احمد`,
    ]);
    const first = texts.map((text) => told(read(text)));
    expect(texts.toReversed().map((text) => told(read(text)))).toEqual(first.toReversed());
    expect(first).toEqual(texts.map((text) => told(readName(text))));
  });
});
