import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compareNames } from '../../../src/domain/names/compare.ts';
import { nameKeys, weakNameKeys } from '../../../src/domain/names/keys.ts';
import { readName } from '../../../src/domain/names/name.ts';
import { parseName } from '../../../src/domain/names/parse.ts';
import { romanise, standardOf } from '../../../src/domain/names/romanise.ts';
import { ROMANISATIONS } from '../../../src/domain/names/tables/romanisation.ts';

const compare = (left: string, right: string) => compareNames(readName(left), readName(right));
const shareKey = (left: string, right: string): boolean => {
  const keys = new Set(nameKeys(parseName(left)));
  return nameKeys(parseName(right)).some((key) => keys.has(key));
};

/** Spellings of one person. */
const SAME: readonly (readonly [string, string])[] = [
  ['Uliya Uruk', 'Юрук Юлія'],
  ['Lindström William', 'William Lindstrom'],
  ['Згурський Богдан Іванович', 'Bohdan Zghurskyi'],
  ['Згурський Богдан', 'Zgurskiy Bogdan'],
  ['Zhurskyi Bohdan', 'Згурський Богдан'],
  ['Микола Шевченко', 'Николай Шевченко'],
  ['Nikolay Shevchenko', 'Микола Шевченко'],
  ['Mykola Shevchenko', 'Nikolai Ševčenko'],
  ['Олена Соловйова', 'Elena Solovyova'],
  ['Олена Соловйова', 'Елена Соловьёва'],
  ['Ганна Мельник', 'Анна Мельник'],
  ['Дмитро Мороз', 'Дмитрий Мороз'],
  ['Ковальов Андрій', 'Ковалёв Андрей'],
  ['Ковальов Андрій', 'Kovalov Andrii'],
  ['Ковалёв Андрей', 'Kovalyov Andrey'],
  ['Ковалев Андрей', 'Kovalev Andrei'],
  ['Хоменко Ігор', 'Khomenko Ihor'],
  ['Хоменко Ігор', 'Homenko Igor'],
  ['Щербак Юрій', 'Shcherbak Yuriy'],
  ['Щербак Юрій', 'Scherbak Iurii'],
  ['Єгоров Євген', 'Yehorov Yevhen'],
  ['Егоров Евгений', 'Egorov Evgeny'],
  ['Єгоров Євген', 'Егоров Евгений'],
  ['Мар’яна Гнатюк', 'Mariana Hnatiuk'],
  ['Марʼяна Гнатюк', 'Maryana Gnatyuk'],
  ['Сергій Сергієнко', 'Serhii Serhiienko'],
  ['Сергей Сергиенко', 'Sergey Sergienko'],
  ['Сергій Сергієнко', 'Sergienko Sergei'],
  ['Зайцева Ольга', 'Zaitseva Olha'],
  ['Зайцев Ольга', 'Зайцева Ольга'],
  ['Zaytsev Olga', 'Зайцева Ольга'],
  ['Зайцев Дмитро', 'Zaitcev Dmitrii'],
  ['Цимбал Наталія', 'Tsymbal Natalya'],
  ['Цимбал Наталія', 'Cymbal Natalia'],
  ['Левицька Катерина', 'Левицкая Екатерина'],
  ['Левицька Катерина', 'Levytska Kateryna'],
  ['Левицкая Екатерина', 'Levitskaya Ekaterina'],
  ['Братський Роман', 'Bratskyi Roman'],
  ['Матвєєв Олексій', 'Matvieiev Oleksii'],
  ['Матвеев Алексей', 'Matveyev Alexey'],
  ['Ксенія Жук', 'Xenia Zhuk'],
  ['Олександр Ткаченко', 'Alexander Tkachenko'],
  ['Олександр Ткаченко', 'Aleksandr Tkachenko'],
  ['Ткаченко Олександр Петрович', 'Oleksandr P. Tkachenko'],
  ['Кравець Людмила', 'Kravets Ludmila'],
  ['Васильєва Ганна', 'Васильева Анна'],
  ['Васильєва Ганна', 'Vasylieva Hanna'],
  ['Григорьев Пётр', 'Grigoriev Pyotr'],
  ['Григор’єв Петро', 'Григорьев Пётр'],
  ['Кoвалeнко Iван', 'Коваленко Іван'],
  ['Коваленко Іван Миколайович', 'Коваленко Иван Николаевич'],
  ['Коваленко Іван Якович', 'Иван Яковлевич Коваленко'],
  ['Коваленко Іван Сергійович', 'Kovalenko Ivan Sergeevich'],
  ['Kovalenko, Ivan', 'Іван Коваленко'],
  ['д-р Коваленко Іван (відділ продажів)', 'Коваленко Іван'],
  ['Нечуй-Левицький Іван', 'Нечуй Левицький Іван'],
  ['Nechui-Levytskyi Ivan', 'Нечуй–Левицький Іван'],
  ['Yuliia Yurchenko', 'Юлія Юрченко'],
  ['Julia Jurtschenko', 'Юлия Юрченко'],
  ['Ґудзь Ярослав', 'Gudz Yaroslav'],
  ['Ростислав Воробйов', 'Rostyslav Vorobiov'],
  ['Ростислав Воробьёв', 'Rostislav Vorobyev'],
  ['Вячеслав Иванов', 'Vyacheslav Ivanov'],
  ['Lysenko Mykola', 'Lisenko Nikolay'],
  ['أحمد الصباح', 'احمد الصبَاح'],
  ['عبد الله الصباح', 'عبدالله الصباح'],
  ['فاطمة علي', 'فاطمه على'],
  ['Mohammed Al-Sabah', 'Muhammad El Sabah'],
  ['Mohammed AlSabah', 'Muhammad Al-Sabah'],
  ['Kareemah Al-Bayruni', 'Karima El-Beirooni'],
  ['Samir bin Khalid Haddad', 'Sameer Haddad'],
  ['السيد مريم عبدالله الحداد', 'مريم الحداد'],
  ['Петър Иванов Дънков', 'Petar Dankov'],
  ['Петър Иванов Дънков', 'Petar Ivanov Dunkov'],
  ['Дънков Петър', 'Petŭr Dŭnkov'],
  ['Щерева Габриела', 'Gabriela Shtereva'],
  ['Стоян Любенов', 'Stoian Iordanov Lioubenov'],
  ['Илиева Ваня', 'Ваня Христова Илиева'],
  ['Цярэшчанка Уладзіслаў', 'Tsyareshchanka Uladzislaw'],
  ['Volha Kavaliova', 'Вольга Кавалёва'],
  ['Alieh Jaŭhienavič Juruk', 'Юрук Алег'],
  ['Петрівський Іван', 'Петровский Иван'],
  ['Петрівська Олена', 'Петровская Елена'],
  ['Ярова Ольга', 'Яровая Ольга'],
  ['Morozov Iouri Petrovitch', 'Морозов Юрий'],
  ['Chtchoukine Alexeï Tchekhovitch', 'Щукин Алексей'],
  ['Michajlov Jurij Čechovič', 'Михайлов Юрий'],
  ['Rjdfktyrj Sdfy', 'Коваленко Іван'],
  ['Зуеук Ысщее', 'Peter Scott'],
  ['[JVBIBY ,julfy', 'Хомишин Богдан'],
  ['John Michael Smith', 'Smith John'],
  ['Niamh Jennifer Davis', 'Davis Niamh'],
  ['Sales - Ivan Petrenko', 'Петренко Іван'],
  ['[214] Петренко Іван', 'Петренко Іван x214'],
  ['Kenny Branch', 'Branch Kenny'],
];

/** Belarusian spellings, which write what is heard, and others of the same person. */
const BELARUSIAN: readonly (readonly [string, string])[] = [
  ['Цярэшчанка Уладзіслаў', 'Терещенко Владислав'],
  ['Tsyareshchanka Hlyeb', 'Терещенко Глеб Иванович'],
  ['Вайцяховіч Мікіта', 'Войтехович Никита'],
  ['Раманаў Сяргей', 'Романов Сергей'],
  ['Кавалёў Андрэй', 'Kovalev Andrey'],
  ['Драздоў Пятро', 'Дроздов Пётр'],
  ['Баранава Аліна Пятроўна', 'Баранова Алина'],
  ['Урублеўскі Алег', 'Врублевский Олег'],
];

/** People who are not each other, however alike their names look. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ['Олена Коваленко', 'Олена Коваленкова'],
  ['Olena Kovalenkova', 'Олена Коваленко'],
  ['Олександр Ткаченко', 'Олександра Ткаченко'],
  ['Oleksandr Tkachenko', 'Олександра Ткаченко'],
  ['Наталія Бойко', 'Наталія Байко'],
  ['Nataliia Boiko', 'Наталія Байко'],
  ['Сергій Коваль', 'Сергій Ковальчук'],
  ['Serhii Koval', 'Сергій Ковальчук'],
  ['Зайцев Олександр', 'Зайцева Олександра'],
  ['Зайцев Олександр', 'Зайцева Олександр'],
  ['Малин Іван', 'Малина Іван'],
  ['Валерій Зайцев', 'Валерія Зайцева'],
  ['Євген Ткачук', 'Євгенія Ткачук'],
  ['Коваленко Іван', 'Коваленко Ігор'],
  ['Коваленко Іван', 'Коваленко Андрій'],
  ['Олег Мельник', 'Олег Мельниченко'],
  ['Петренко Роман', 'Романенко Петро'],
  ['Іван', 'Іван Коваленко'],
  ['Іван', 'Ivan'],
  ['محمد الصباح', 'محمود الصباح'],
  ['Call center 1', 'Call center 2'],
  ['Відділ продажів', 'Відділ закупівель'],
  ['Reception', 'Reception Kyiv'],
];

/** What may be one person, but is never taken for granted. */
const WEAK: readonly (readonly [string, string, string])[] = [
  ['Коваленко І.', 'Коваленко Іван', 'initial'],
  ['Коваленко О. П.', 'Коваленко Алексей Петрович', 'initial'],
  ['Woods J.', 'Jeffrey Woods', 'initial'],
  ['Шевченко С.', 'Шевченко С.', 'initial'],
  ['Сашко Гриценко', 'Олександр Гриценко', 'diminutive'],
  ['Саша Гриценко', 'Олександра Гриценко', 'diminutive'],
  ['Bill Smith', 'William Smith', 'diminutive'],
  ['Ковалнеко Іван', 'Коваленко Іван', 'typo'],
  ['Коваленкко Іван', 'Коваленко Іван', 'typo'],
  ['Ттюнник Вероніка', 'Тютюнник Вероніка', 'typo'],
  ['Готський Віктор', 'Горський Віктор', 'typo'],
  ['Гоменко Ігор', 'Хоменко Ігор', 'typo'],
  ['John Meyer', 'John Meier', 'spelling'],
  ['Нечуй-Левицький Іван', 'Левицький Іван', 'part'],
  ['عبدالله الصباح', 'Abdullah Al-Sabah', 'consonants'],
  ['محمد احمد', 'احمد محمد', 'order'],
  ['أحمد الحداد', 'احمد حداد', 'particle'],
  ['Mohammed Al-Haddad', 'Muhammad Hadad', 'particle'],
  ['Karima Zaki', 'Karima Bin Zaki', 'particle'],
  ['Reception', 'RECEPTION', 'equal'],
  ['Дънков Петър', 'Данков Петър', 'typo'],
  ['Kazlovich Ivan', 'Козлович Иван', 'typo'],
  ['Дар’я Казлова', 'Дарья Козлова', 'akanye'],
  ['Петрівський Іван', 'Петровський Іван', 'typo'],
  ['Sevcenko Taras', 'Шевченко Тарас', 'alike'],
  ['Steph Rowbridge', 'Stephanie Rowbridge', 'diminutive'],
  ['Нінуся Більська', 'Ніна Більська', 'diminutive'],
];

describe('names of one person', () => {
  test.each(SAME)('%s and %s are one full name', (left, right) => {
    expect(compare(left, right)).toMatchObject({ strength: 'full', conflict: null });
    expect(compare(right, left)).toMatchObject({ strength: 'full', conflict: null });
    expect(shareKey(left, right)).toBe(true);
  });
});

describe('Belarusian names', () => {
  test.each(BELARUSIAN)('%s is %s in other spellings', (left, right) => {
    expect(compare(left, right)).toMatchObject({ strength: 'full', conflict: null });
    expect(compare(right, left)).toMatchObject({ strength: 'full', conflict: null });
  });

  test('what is heard alike is not the same among spellings of one language', () => {
    expect(compare('Кавалёва Таццяна', 'Ковалёва Таццяна').strength).not.toBe('full');
    expect(compare('Ковалёва Татьяна', 'Кавалёва Татьяна').strength).not.toBe('full');
  });
});

describe('names that look alike', () => {
  test.each(DIFFERENT)('%s and %s never meet', (left, right) => {
    expect(compare(left, right).strength).toBe('none');
    expect(compare(right, left).strength).toBe('none');
    expect(shareKey(left, right)).toBe(false);
  });

  test.each(WEAK)('%s and %s are only a weak match (%s)', (left, right, agreement) => {
    expect(compare(left, right)).toMatchObject({ strength: 'weak', agreement, conflict: null });
    expect(compare(right, left)).toMatchObject({ strength: 'weak', agreement, conflict: null });
  });

  test.each([
    ['Коваленко Іван Петрович', 'Коваленко Іван Сидорович'],
    ['Kovalenko Ivan Petrovych', 'Коваленко Іван Сидорович'],
    ['Коваленко Іван Петрович', 'Коваленко Іван С.'],
    ['John Michael Smith', 'John Peter Smith'],
    ['Петър Иванов Стоянов', 'Петър Георгиев Стоянов'],
    ['أحمد محمد الصباح', 'أحمد خالد الصباح'],
  ])('%s and %s share the name, and the patronymic speaks against it', (left, right) => {
    expect(compare(left, right)).toMatchObject({ strength: 'full', conflict: 'patronymic' });
  });

  test('an initial of the patronymic may be that of its form in the other language', () => {
    expect(compare('Неверовская Яна Н.', 'Неверовська Яна Миколаївна').conflict).toBeNull();
    expect(compare('Тарас А. Глинак', 'Глинак Тарас Олександрович').conflict).toBeNull();
    expect(compare('Тарас В. Глинак', 'Глинак Тарас Олександрович').conflict).toBe('patronymic');
  });

  test('a patronymic on one side only speaks neither way', () => {
    expect(compare('Коваленко Іван Петрович', 'Коваленко Іван')).toMatchObject({
      strength: 'full',
      conflict: null,
    });
  });

  test('a diminutive of the other gender by the patronymic is a conflict', () => {
    expect(compare('Гриценко Саша Іванівна', 'Гриценко Олександр Іванович').conflict).toBe('gender');
  });

  test('two full names without anything in common are different; other scripts cannot be told', () => {
    expect(compare('Іван Коваленко', 'Peter Smith').different).toBe(true);
    expect(compare('محمد علي', 'Peter Smith').different).toBe(true);
    expect(compare('محمد علي', 'Mohamed Aly').different).toBe(false);
    expect(compare('山田 太郎', 'Peter Smith').different).toBe(false);
    expect(compare('Reception', 'Peter Smith').different).toBe(false);
    expect(compare('І. Коваленко', 'Peter Smith').different).toBe(true);
    expect(compare('І. Коваленко', 'Петро Коваленко').different).toBe(true);
  });
});

describe('names of one word', () => {
  test('equal only a name of the same word', () => {
    // There may be another Madonna.
    expect(compare('Madonna', ' MADONNA ')).toMatchObject({ strength: 'weak', agreement: 'equal' });
    expect(compare('Madonna', 'Мадонна').strength).toBe('none');
    expect(nameKeys(parseName('Madonna'))).toEqual([]);
  });
});

describe('keys', () => {
  const syllables = (onsets: string, vowels: string, ending: string) =>
    fc
      .array(fc.tuple(fc.constantFrom(...onsets.split(' ')), fc.constantFrom(...vowels.split(' '))), {
        minLength: 1,
        maxLength: 3,
      })
      .map((parts) => `${parts.flat().join('')}${ending}`);
  const word = syllables(
    'б в г ґ д ж з к л м н п р с т ф х ц ч ш щ зг ст ль',
    'а о у е и і я ю є ай ія оє аї',
    'ленко',
  );
  const russian = syllables(
    'б в г д ж з к л м н п р с т ф х ц ч ш щ кс ст ль',
    'а о у е и ы я ю ё ай ие ая оэ',
    'лов',
  );
  const given = fc.constantFrom('Іван', 'Олена', 'Дмитро', 'Юлія', 'Микола', 'Єва');

  test('do not depend on the order of the words', () => {
    fc.assert(
      fc.property(word, given, fc.constantFrom('', 'Петрович'), (surname, name, patronymic) => {
        const one = nameKeys(parseName(`${surname} ${name} ${patronymic}`));
        const other = nameKeys(parseName(`${name} ${patronymic} ${surname}`));
        expect([...other].toSorted()).toEqual([...one].toSorted());
      }),
    );
    fc.assert(
      fc.property(fc.lorem({ maxCount: 2 }), (text) => {
        const words = text.split(' ');
        const one = nameKeys(parseName(words.join(' ')));
        expect([...nameKeys(parseName(words.toReversed().join(' ')))].toSorted()).toEqual(
          [...one].toSorted(),
        );
      }),
    );
  });

  test('are the same for a name and its folded text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const once = parseName(text);
        expect(nameKeys(parseName(once.text))).toEqual(nameKeys(parseName(parseName(once.text).text)));
      }),
    );
    expect(nameKeys(parseName(parseName('д-р КОВАЛЕНКО Iван').text))).toEqual(
      nameKeys(parseName('Коваленко Іван')),
    );
  });

  test.each(ROMANISATIONS.map((standard) => [standard.name, standard] as const))(
    'of a name and its spelling by %s meet',
    (_, standard) => {
      fc.assert(
        fc.property(standard.language === 'uk' ? word : russian, (surname) => {
          const latin = romanise(surname, standard);
          fc.pre(latin.length > 3);
          expect(shareKey(`${surname} Олег`, `Oleg ${latin}`)).toBe(true);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('comparison is symmetric', () => {
    const names = [...SAME, ...DIFFERENT, ...WEAK].flatMap(([left, right]) => [left, right]);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...names), (left, right) => {
        expect(compare(left, right)).toEqual(compare(right, left));
      }),
      { numRuns: 1500 },
    );
  });

  test('nothing that comes in crashes or hangs', () => {
    const awkward = [
      '\ud800',
      '\u0301'.repeat(500),
      'ж'.repeat(10_000),
      'zh'.repeat(5_000),
      '((((',
      'a'.repeat(9_999),
    ];
    for (const text of [...awkward, `${'c'.repeat(200)} ${'h'.repeat(200)}`, 'h c x ts ye '.repeat(800)]) {
      expect(() => compare(text, text)).not.toThrow();
      expect(nameKeys(parseName(text)).length).toBeLessThan(600);
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'grapheme' }),
        (left, right) => {
          compare(left, right);
          nameKeys(parseName(left));
          weakNameKeys(parseName(right));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('standards of romanisation', () => {
  test.each([
    ['згурський', 'zghurskyi', 'KMU-55'],
    ['єнакієве', 'yenakiieve', 'KMU-55'],
    ['їжакевич', 'yizhakevych', 'KMU-55'],
    ["знам'янка", 'znamianka', 'KMU-55'],
    ['щербухи', 'shcherbukhy', 'KMU-55'],
    ['юрій', 'yurii', 'KMU-55'],
    ['ярошенко', 'yaroshenko', 'KMU-55'],
    ['гоща', 'hoshcha', 'KMU-55'],
    ['згорани', 'zghorany', 'KMU-55'],
    ['короп\u0027є', 'koropie', 'KMU-55'],
    ['цветаева', 'tcvetaeva', 'GOST R 52535.1-2006'],
    ['объедков', 'obieedkov', 'ICAO 9303 (Russian)'],
    ['юрьева', 'iureva', 'ICAO 9303 (Russian)'],
    ['александр', 'alexandr', 'order 310 of 1997'],
    ['елена', 'yelena', 'order 310 of 1997'],
    ['їжак', 'izhak', 'ICAO 9303 (Ukrainian)'],
    ['київ', 'kyyiv', 'BGN/PCGN 1965 (Ukrainian)'],
  ])('%s is %s by %s', (cyrillic, latin, name) => {
    const standard = ROMANISATIONS.find((one) => one.name === name);
    expect(standard === undefined ? '' : romanise(cyrillic, standard)).toBe(latin);
  });

  test('the standard of a spelling is found, the patronymic aside', () => {
    expect(standardOf('згурський богдан іванович', 'bohdan zghurskyi')?.name).toBe('KMU-55');
    expect(standardOf('згурський богдан', 'bogdan zgursky')).toBeNull();
  });
});
