import { createPeople } from './generator/people.ts';
import { namesOf } from './generator/population.ts';
import { formalSpelling } from './generator/formal.ts';
import { couldMean } from './metrics/spellings.ts';
import { createRandom, type Random } from './random.ts';
import type { Entry, Person, Surname } from './types.ts';
import { SURNAMES } from './generator/surnames.ts';

/** Two people who must never be linked, however alone they stand. */
export interface HardNegative {
  readonly kind: string;
  readonly left: Omit<Entry, 'id'>;
  readonly right: Omit<Entry, 'id'>;
}

/** kind: one | other; each also the other way round. */
const NAMES = `
siblings: Ткаченко Марія Іванівна | Ткаченко Марина Іванівна
siblings: Андрій Мельник | Антон Мельник
siblings: Петренко Олег Іванович | Петренко Ігор Іванович
siblings: Svitlana Kravchenko | Кравченко Світозара
siblings: Микола Шевчук | Михайло Шевчук
siblings: Вадим Лисенко | Владим Лисенко
father and son: Коваленко Іван Петрович | Коваленко Іван Іванович
father and son: Ivan Petrovych Kovalenko | Коваленко Іван Іванович
father and son: Мельник Олександр Сергійович | Мельник Олександр Олександрович
father and son: Иванов Пётр Николаевич | Іванов Петро Петрович
father and son: Бондар Петро Іванович | Бондар Іван Петрович
gender: Ткаченко Олександр | Ткаченко Олександра
gender: Oleksandr Tkachenko | Ткаченко Олександра
gender: Александр Ткаченко | Oleksandra Tkachenko
gender: Валентин Мороз | Валентина Мороз
gender: Євген Шевчук | Євгенія Шевчук
gender: Stanislav Bilyk | Станіслава Білик
gender: Вишневський Ярослав | Вишневська Ярослава
gender: Иванов Александр | Иванова Александра
gender: Daniel Koval | Даніела Коваль
spouses: Вишневський Андрій | Вишневська Анна
spouses: Игорь Соколов | Ирина Соколова
neighbours: Олена Коваленко | Олена Коваленкова
neighbours: Olena Kovalenko | Коваленкова Олена
neighbours: Наталія Бойко | Наталія Байко
neighbours: Nataliia Boiko | Байко Наталія
neighbours: Сергій Коваль | Сергій Ковальчук
neighbours: Serhii Koval | Ковальчук Сергій
neighbours: Сергій Коваль | Сергій Коваленко
neighbours: Андрій Петренко | Андрій Петрук
neighbours: Іван Іваненко | Іван Іванченко
neighbours: Тарас Гриценко | Тарас Грищенко
neighbours: Taras Hrytsenko | Грищенко Тарас
neighbours: Марія Савчук | Марія Савченко
neighbours: Юрій Кравець | Юрій Кравченко
neighbours: Роман Мельник | Роман Мельничук
neighbours: Роман Ткач | Роман Ткачук
neighbours: Олег Романюк | Олег Романчук
neighbours: Ігор Левицький | Ігор Левіцький-Гук
neighbours: Віктор Мазур | Віктор Мазурок
neighbours: Иван Попов | Иван Поповский
neighbours: Пётр Волков | Пётр Волковский
neighbours: Иван Белов | Иван Беляев
neighbours: Сергей Соколов | Сергей Соколовский
neighbours: Георги Иванов | Георги Иванчев
neighbours: James Wood | James Woods
neighbours: John Roberts | John Robertson
neighbours: Peter Stephen | Peter Stephens
neighbours: Mary Clark | Mary Clarkson
other given name: Марина Зінченко | Марія Зінченко
other given name: Леся Гук | Лариса Гук
other given name: Ростислав Швець | Мстислав Швець
other given name: Владимир Козлов | Владислав Козлов
other given name: Maryna Hrytsenko | Ирина Гриценко
other given name: محمد العلي | محمود العلي
other given name: سامر حداد | سمير حداد
other given name: Georgi Ivanov | Григорий Иванов
other surname: عبد الله الحداد | عبد الله النجار
a part only: Коваленко | Коваленко Іван
a part only: Коваленко І. | Коваленко Іван
a part only: Іван | Коваленко Іван
a queue: Відділ продажів | Відділ закупівель
a queue: Reception | Reception Kyiv
a queue: Call center 1 | Call center 2
`;

const ADDRESSES = `
ivan.kovalenko@corp.example | ivan.kovalenko2@corp.example
i.kovalenko@corp.example | ip.kovalenko@corp.example
ivan.kovalenko@corp.example | kovalenko.i.s@corp.example
`;

const SAME_NAME = [
  ['Коваленко Іван', 'Коваленко Іван'],
  ['Ivan Kovalenko', 'Коваленко Іван Петрович'],
  ['Иван Коваленко', 'Коваленко Іван'],
] as const;

export function listedHardNegatives(): HardNegative[] {
  const named = lines(NAMES).flatMap((line) => {
    const [kind = '', one = '', other = ''] = line.split(/: | \| /u);
    return [
      { kind, left: { name: one }, right: { name: other } },
      { kind, left: { name: other }, right: { name: one } },
    ];
  });
  const namesakes = lines(ADDRESSES).flatMap((line) => {
    const [one = '', other = ''] = line.split(' | ');
    return SAME_NAME.map(([left, right]) => ({
      kind: 'namesakes with different e-mail',
      left: { name: left, email: one },
      right: { name: right, email: other },
    }));
  });
  return [...named, ...namesakes];
}

/** Relatives and neighbours out of a generated population, in any script, who differ in what is written. */
export function generatedHardNegatives(seed: number, count: number): HardNegative[] {
  const random = createRandom(seed, 'hard negatives');
  const people = createPeople(count * 3, random);
  const negatives: HardNegative[] = [];
  for (const person of people) {
    if (negatives.length >= count) break;
    const other = counterpart(person, people, random);
    if (other === null) continue;
    const [left, right] = [formalSpelling(person, random), formalSpelling(other.person, random)];
    // Where both could be spelled alike, nobody can tell them apart.
    if (couldMean(person, right) || couldMean(other.person, left)) continue;
    negatives.push({ kind: other.kind, left: { name: left.name }, right: { name: right.name } });
  }
  return negatives;
}

function counterpart(
  person: Person,
  people: readonly Person[],
  random: Random,
): { readonly kind: string; readonly person: Person } | null {
  const stranger = random.pick(people);
  switch (random.weighted({ sibling: 1, gender: 1, neighbour: 2 })) {
    case 'sibling': {
      const { given } = stranger;
      if (stranger.language !== person.language || stranger.gender !== person.gender) return null;
      const sibling = { ...person, given };
      return haveNameInCommon(sibling, person) ? null : { kind: 'siblings (generated)', person: sibling };
    }
    case 'gender': {
      const { given, gender } = stranger;
      if (stranger.language !== person.language || gender === person.gender) return null;
      return { kind: 'brother and sister (generated)', person: { ...person, given, gender } };
    }
    case 'neighbour': {
      const surname = neighbourOf(person, random);
      return surname === null ? null : { kind: 'neighbours (generated)', person: { ...person, surname } };
    }
  }
}

function haveNameInCommon(one: Person, other: Person): boolean {
  const names = new Set(namesOf(one));
  return namesOf(other).some((name) => names.has(name));
}

/** Another surname of the language that begins with the same four letters, or more. */
function neighbourOf({ language, surname, gender }: Person, random: Random): Surname | null {
  const form = surname.forms[language]?.[gender];
  if (form === undefined || language === 'ar' || form.length < 5) return null;
  const start = form.slice(0, Math.max(4, form.length - 3));
  const neighbours = SURNAMES[language].filter((one) => {
    const other = one.forms[language]?.[gender];
    return other !== undefined && other !== form && other.startsWith(start);
  });
  return neighbours.length === 0 ? null : random.pick(neighbours);
}

function lines(table: string): string[] {
  return table.trim().split('\n');
}
