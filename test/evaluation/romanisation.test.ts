import { describe, expect, test } from '@jest/globals';
import { feminine, patronymics, russianInUkrainian, ukrainianInRussian } from './generator/orthography.ts';
import { otherLayout } from './generator/slips.ts';
import { inArabicLetters, type ArabicHand } from './romanisation/arabic.ts';
import { romanise, SYSTEMS, type CyrillicLanguage } from './romanisation/romanise.ts';

function write(language: CyrillicLanguage, name: string, text: string): string {
  const system = SYSTEMS[language].find((one) => one.name.startsWith(name));
  if (system === undefined) throw new Error(`There is no system ${name}.`);
  return romanise(text, system);
}

describe('the generator’s own romanisation', () => {
  test.each([
    ['Алушта', 'Alushta'],
    ['Згурський', 'Zghurskyi'],
    ['Розгон', 'Rozghon'],
    ['Єнакієве', 'Yenakiieve'],
    ['Наєнко', 'Naienko'],
    ["Короп'є", 'Koropie'],
    ['Їжакевич', 'Yizhakevych'],
    ['Кадиївка', 'Kadyivka'],
    ["Мар'їне", 'Marine'],
    ['Йосипівка', 'Yosypivka'],
    ['Стрий', 'Stryi'],
    ['Гоща', 'Hoshcha'],
    ['Юрій', 'Yurii'],
    ['Крюківка', 'Kriukivka'],
    ['Яготин', 'Yahotyn'],
    ["Знам'янка", 'Znamianka'],
    ['Феодосія', 'Feodosiia'],
  ])('writes %s as the Ukrainian regulation of 2010 does: %s', (text, latin) => {
    expect(write('uk', 'KMU 55', text)).toBe(latin);
  });

  test.each([
    ['uk', 'passport 2007', 'Гнатюк', 'Gnatiuk'],
    ['uk', 'BGN/PCGN 1965', 'Андрій', 'Andriy'],
    ['uk', 'Soviet passport', 'Юрій', 'Iourii'],
    ['ru', 'ICAO 9303', 'Юрий', 'Iurii'],
    ['ru', 'GOST R 52535.1', 'Цветков', 'Tcvetkov'],
    ['ru', 'passport 1997', 'Алексеева', 'Alekseyeva'],
    ['ru', 'BGN/PCGN 1947', 'Щёлоков', 'Shchëlokov'],
    ['ru', 'Soviet passport', 'Пушкин', 'Pouchkine'],
    ['be', 'ICAO 9303', 'Аляксандр', 'Aliaksandr'],
    ['be', 'BGN/PCGN 1979', 'Сяргей', 'Syarhyey'],
    ['be', 'national 2007', 'Ляўковіч', 'Liaŭkovič'],
    ['bg', 'streamlined', 'Мария', 'Maria'],
    ['bg', 'streamlined', 'Щърбанов', 'Shtarbanov'],
    ['bg', 'passport before 1999', 'Шишков', 'Chichkov'],
  ] as const)('writes in %s by %s: %s, %s', (language, name, text, latin) => {
    expect(write(language, name, text)).toBe(latin);
  });

  test('writes Arabic without vowels, with or without hamza, ta marbuta and a joined compound', () => {
    const careful: ArabicHand = {
      hamza: true,
      marbuta: true,
      maqsura: true,
      joined: false,
      vowels: false,
      stretched: false,
    };
    const careless: ArabicHand = { ...careful, hamza: false, marbuta: false, maqsura: false, joined: true };
    expect(
      ['>aHmad', 'fATimap', 'muSTafaY', 'Eabd_All~ah', 'Al+Had~Ad'].map((name) =>
        inArabicLetters(name, careful),
      ),
    ).toEqual(['أحمد', 'فاطمة', 'مصطفى', 'عبد الله', 'الحداد']);
    expect(
      ['>aHmad', 'fATimap', 'muSTafaY', 'Eabd_All~ah'].map((name) => inArabicLetters(name, careless)),
    ).toEqual(['احمد', 'فاطمه', 'مصطفي', 'عبدالله']);
  });
});

describe('the generator’s own orthography', () => {
  test.each([
    ['Вишневський', 'uk', 'Вишневська'],
    ['Білий', 'uk', 'Біла'],
    ['Медведєв', 'uk', 'Медведєва'],
    ['Соловей', 'uk', 'Соловей'],
    ['Ковалишин', 'uk', 'Ковалишин'],
    ['Коваленко', 'uk', 'Коваленко'],
    ['Толстой', 'ru', 'Толстая'],
    ['Пушкин', 'ru', 'Пушкина'],
    ['Кавалёў', 'be', 'Кавалёва'],
    ['Савіцкі', 'be', 'Савіцкая'],
    ['Раковски', 'bg', 'Раковска'],
  ] as const)('gives the woman’s form of %s (%s): %s', (surname, language, form) => {
    expect(feminine(surname, language)).toBe(form);
  });

  test.each([
    ['Сергійович', 'uk', 'Сергіївна'],
    ['Васильович', 'uk', 'Василівна'],
    ['Ілліч', 'uk', 'Іллівна'],
    ['Ильич', 'ru', 'Ильинична'],
    ['Юрьевич', 'ru', 'Юрьевна'],
    ['Сяргеевіч', 'be', 'Сяргееўна'],
  ] as const)('gives the daughter’s patronymic beside %s (%s): %s', (son, language, daughter) => {
    expect(patronymics(son, language)).toEqual({ male: son, female: daughter });
  });

  test('carries surnames from one spelling to the other', () => {
    expect(['Вишневський', 'Зінченко', "Лук'яненко", 'Яровий'].map(ukrainianInRussian)).toEqual([
      'Вишневский',
      'Зинченко',
      'Лукьяненко',
      'Яровый',
    ]);
    expect(
      ['Пушкин', 'Чичерин', 'Соловьёв', 'Лазарев', 'Достоевский', 'Крылов'].map(russianInUkrainian),
    ).toEqual(['Пушкін', 'Чичерін', 'Соловйов', 'Лазарєв', 'Достоєвський', 'Крилов']);
  });

  test('types on the other layout', () => {
    expect(otherLayout('Коваленко', 'uk')).toBe('Rjdfktyrj');
    expect(otherLayout('Kovalenko', 'uk')).toBe('Лщмфдутлщ');
    expect(otherLayout(otherLayout('Ірина Швець', 'uk'), 'uk')).toBe('Ірина Швець');
  });
});
