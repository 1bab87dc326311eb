import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fold, foldIdentifier } from '../../../src/domain/names/fold.ts';

describe('folding', () => {
  test.each([
    ['case', 'КОВАЛЕНКО Іван', 'коваленко іван'],
    ['blanks of every kind', '\u00a0Коваленко\t \u2003Іван\n', 'коваленко іван'],
    ['decomposed letters', 'Андрі\u0438\u0306', 'андрій'],
    ['stress marks', 'Ткаче\u0301нко', 'ткаченко'],
    ['direction marks', '\u200fКоваленко\u200e \u202bІван\u202c', 'коваленко іван'],
    ['zero-width characters', 'Кова\u200bленко\ufeff', 'коваленко'],
    ['soft hyphens', 'Кова\u00adленко', 'коваленко'],
    ['full-width letters', 'Ｉｖａｎ', 'ivan'],
    ['dashes', 'Нечуй–Левицький', 'нечуй-левицький'],
    ['a curly apostrophe', 'Мар’яна', "мар'яна"],
    ['a letter apostrophe', 'Марʼяна', "мар'яна"],
    ['a grave accent', 'Мар`яна', "мар'яна"],
    ['an acute accent', 'Мар´яна', "мар'яна"],
    ['a quotation mark in its place', 'Мар"яна', "мар'яна"],
    ['Arabic vowel signs and tatweel', 'مُحَمَّد عـلي', 'محمد علي'],
    ['underscores', 'Petrenko_Ivan', 'petrenko ivan'],
  ])('evens out %s', (_, given, expected) => {
    expect(fold(given)).toBe(expected);
  });

  test.each([
    ['Latin o and e in a Cyrillic word', 'Кoвалeнко', 'коваленко'],
    ['a Latin capital C', 'Cергій', 'сергій'],
    ['a Latin i', 'Iван Петренко', 'іван петренко'],
    ['a Latin capital B', 'Bасиль', 'василь'],
    ['Cyrillic letters in a Latin word', 'Kоvаlenkо Ivan', 'kovalenko ivan'],
    ['a lone Latin initial beside Cyrillic words', 'Коваленко C.', 'коваленко с.'],
  ])('repairs %s', (_, given, expected) => {
    expect(fold(given)).toBe(expected);
  });

  test('leaves words of different scripts side by side as they are', () => {
    expect(fold('Max Коваленко')).toBe('max коваленко');
  });

  test('leaves a mixture that no look-alike explains', () => {
    expect(fold('Zжdw')).toBe('zжdw');
  });

  test('is idempotent whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('comes to the same by the short way for plain text and by the long one', () => {
    const letters = fc.constantFrom(...Array.from("AZaz09   .,-|/[]()'"));
    const cyrillic = fc.constantFrom(...Array.from("АЯаяЁёЄєІіЇїҐґЎўЙй09   .,-|/[]()'"));
    fc.assert(
      fc.property(fc.oneof(fc.array(letters), fc.array(cyrillic)), (characters) => {
        const text = characters.join('');
        // An invisible character is dropped, and bars the short way.
        expect(fold(text)).toBe(fold(`${text}\u200b`));
      }),
      { numRuns: 2000 },
    );
  });

  test('drops lone surrogates', () => {
    expect(fold('Іван\ud800 Коваль')).toBe('іван коваль');
  });

  test('of logins keeps everything but case, blanks around and invisible characters', () => {
    expect(foldIdentifier('  Ivan.K@Company.UA\u200b ')).toBe('ivan.k@company.ua');
    expect(foldIdentifier('   ')).toBeNull();
    expect(foldIdentifier(null)).toBeNull();
  });
});
