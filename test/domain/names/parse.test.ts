import { describe, expect, test } from '@jest/globals';
import { parseName } from '../../../src/domain/names/parse.ts';
import { splitName } from '../../../src/domain/names/split.ts';

const roles = (text: string): string =>
  parseName(text)
    .tokens.map((token) => `${token.text}:${token.role}`)
    .join(' ');

describe('parsing a name', () => {
  test.each([
    ['Коваленко Іван Петрович', 'коваленко:surname іван:given петрович:patronymic'],
    ['Іван Петрович Коваленко', 'іван:given петрович:patronymic коваленко:surname'],
    ['Станкевич Іван Петрович', 'станкевич:surname іван:given петрович:patronymic'],
    ['Іван Петрович Станкевич', 'іван:given петрович:patronymic станкевич:surname'],
    ['Коваленко Іван', 'коваленко:surname іван:given'],
    ['Ivan Kovalenko', 'ivan:given kovalenko:surname'],
    ['Іван Петрович', 'іван:given петрович:surname'],
    ['Коваленко І. П.', 'коваленко:surname і:initial п:initial'],
    ['І.П.Коваленко', 'і:initial п:initial коваленко:surname'],
    ['John F. Kennedy', 'john:given f:initial kennedy:surname'],
    ['John Michael Smith', 'john:given michael:given smith:surname'],
    ['Богдан Іван', 'богдан:unknown іван:unknown'],
    ['Kovalenko, Ivan', 'kovalenko:surname ivan:given'],
    ['van der Berg Jan', 'vanderberg:surname jan:given'],
    ['Rjdfktyrj Sdfy', 'коваленко:surname іван:given'],
    // The tables do not know Харитон, and on the other layout it would sound like an Arabic name.
    ['Харитон Книш', 'харитон:unknown книш:unknown'],
  ])('gives the words of "%s" their roles', (text, expected) => {
    expect(roles(text)).toBe(expected);
  });

  test.each([
    ['Коваленко Іван (відділ продажів)'],
    ['Коваленко Іван [105]'],
    ['д-р Коваленко Іван'],
    ['Пан Коваленко Іван'],
    ['Коваленко Іван вн. 105'],
    ['Коваленко Іван 105'],
    ['Коваленко Іван | Підтримка'],
    ['Коваленко Іван - підтримка клієнтів'],
    ['Коваленко Іван, менеджер'],
    ['Коваленко Іван (підтримка'],
  ])('drops what is no name from "%s"', (text) => {
    expect(parseName(text).text).toBe('коваленко іван');
  });

  test.each([[''], ['   '], ['()'], ['...'], ['\u0301\u0301'], ['\ud800'], ['-'], ["'"]])(
    'finds no word in %j',
    (text) => {
      expect(parseName(text).tokens).toEqual([]);
    },
  );
});

describe('splitting a name for the columns of a contact', () => {
  test('keeps the spelling byte for byte', () => {
    expect(splitName('Мар’яненко Мар’яна Іванівна')).toEqual({
      surname: 'Мар’яненко',
      givenName: 'Мар’яна',
      middleName: 'Іванівна',
    });
    expect(splitName('Ivan Kovalenko')).toEqual({
      surname: 'Kovalenko',
      givenName: 'Ivan',
      middleName: null,
    });
  });

  test.each([['Богдан Іван'], ['Madonna'], ['д-р Коваленко Іван'], ['محمد علي'], ['Коваленко І.'], ['']])(
    'guesses nothing about %j',
    (text) => {
      expect(splitName(text)).toEqual({ surname: null, givenName: null, middleName: null });
    },
  );
});
