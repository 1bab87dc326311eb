import { describe, expect, test } from '@jest/globals';
import { correlate } from '../../../src/domain/correlation/correlate.ts';
import { explain, inLanguage, say } from '../../../src/domain/correlation/explain.ts';
import { SENTENCES, type SentenceName } from '../../../src/domain/correlation/sentences.ts';
import { contactOf, crmUserOf, inputOf, linkOf, recordOf, userOf } from './support.ts';

const VALUES = {
  who: 'J. Smith. The 2nd (j.smith)',
  standard: 'KMU-55',
  fields: 'login and the name',
  field: 'login',
  rule: 'login',
  other: 'email',
  count: '2',
  id: '17',
  login: 'o.koval',
  name: 'Тарас Лисенко',
  extension: '2628',
  crmUser: 't.lysenko',
};

const names = Object.keys(SENTENCES).filter((name): name is SentenceName => name in SENTENCES);

describe('explanations', () => {
  test.each(names)('%s is found again in what was said, and said in Ukrainian', (name) => {
    const english = say(name, VALUES);
    const ukrainian = inLanguage(english, 'uk');
    expect(english).not.toMatch(/[{}]/u);
    expect(ukrainian).not.toMatch(/[{}]/u);
    expect(ukrainian).toMatch(/[а-яіїє]/iu);
    expect(ukrainian).not.toBe(english);
    if (SENTENCES[name][0].includes('{who}')) expect(ukrainian).toContain(VALUES.who);
    expect(inLanguage(english, 'en')).toBe(english);
  });

  test('several sentences in a row are all translated, whatever stands for the values', () => {
    const text = `${say('belongsTo', { who: 'Коваль О. П. (o.koval)' })} ${say('decide')}`;
    expect(inLanguage(text, 'uk')).toBe('Контакт належить Коваль О. П. (o.koval). Вирішити має людина.');
  });

  test('what was not said here is left as it is', () => {
    expect(inLanguage('Somebody wrote this.', 'uk')).toBe('Somebody wrote this.');
    expect(inLanguage('', 'uk')).toBe('');
  });

  test('everything that a batch of all kinds says has words in Ukrainian', () => {
    const users = [
      userOf('1', { displayName: 'Згурський Богдан', extension: '101' }),
      userOf('2', { displayName: 'Коваленко Іван', login: 'ivan', email: 'ivan@a.test' }),
      userOf('3', {
        displayName: 'Коваленко І.',
        login: 'kovalenko',
        email: 'k@a.test',
        department: 'Sales',
      }),
      userOf('4', { displayName: 'Петренко Олег', login: 'oleg' }),
      userOf('5', { displayName: 'Мельник Ганна' }),
      userOf('6', { displayName: 'Мельник Анна' }),
      userOf('7', { displayName: 'عبدالله الصباح', extension: '107' }),
      userOf('8', { displayName: 'Саша Ткаченко' }),
      userOf('9', { displayName: 'Nobody Known' }),
      userOf('10', { displayName: 'Linked Person' }),
    ];
    const contacts = [
      contactOf('c1', { name: 'Bohdan Zghurskyi' }),
      contactOf('c2', { name: 'Коваленко Иван', email: 'ivan@a.test' }),
      contactOf('c3', { name: 'Коваленко Ігор', email: 'i.kovalenko@a.test', department: 'Support' }),
      contactOf('c4', { name: 'Сидоренко Ольга' }),
      contactOf('c5', { name: 'Мельник Ганна' }),
      contactOf('c7', { name: 'Abdullah Al-Sabah', phones: ['107'] }),
      contactOf('c8', { name: 'Ткаченко Олександра Іванівна' }),
      contactOf('c9', { name: 'Ткаченко Олександр', staff: false }),
    ];
    const found = correlate(
      inputOf({
        users,
        contacts,
        crmUsers: [
          crmUserOf('u2', { login: 'IVAN', contactId: 'c2' }),
          crmUserOf('u4', { login: 'oleg', contactId: 'c4' }),
        ],
        records: [recordOf('r9', { directoryUserId: '9' }), recordOf('r1', { contactId: 'c1' })],
        links: [linkOf('10', { contactId: 'c9' })],
      }),
    );
    const said = found.flatMap(({ reason, evidence, candidates }) => [
      reason,
      ...evidence.map(({ text }) => text),
      ...candidates.flatMap((candidate) => candidate.evidence.map(({ text }) => text)),
    ]);
    expect(said.length).toBeGreaterThan(25);
    for (const text of said) expect([text, explain({ text }, 'uk')]).not.toEqual([text, text]);
  });
});
