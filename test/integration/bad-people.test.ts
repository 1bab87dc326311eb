import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Failure, Report } from '../../src/domain/run.ts';
import { contact, guid, people, startWorld, textOf, user, type World } from '../support/world.ts';

const GOOD = '400';
const NAMELESS = '401';
const BLANK = '402';
const ENDLESS = '403';
const LETTERED = '404';
const DOUBLED_A = '405';
const DOUBLED_B = '406';
const CYRILLIC = '407';
const LOGINLESS = '408';
const BOUNDLESS = '409';
const TALKATIVE = '410';
const BROKEN = '411';

const LONG_NAME = `Олександр ${'Нескінченний'.repeat(25)}`.slice(0, 300);

/** Names that some step on the way might fold, trim, cut or escape. */
const ODD_NAMES: [string, string][] = [
  ['421', 'محمد أحمد'],
  ['422', "Мар'яна Дем'яненко"],
  ['423', 'Мар’яна Лук’яненко'],
  ['424', 'Марʼяна Солов’янова'],
  ['425', 'Шакіра'],
  ['426', 'Fox 🦊 Фокс-Кріпак'],
  ['427', 'Zoe\u0308 Novak\u0301ova'],
  ['428', 'Иван\u200dна\u200b Незрима'],
  ['429', 'דוד כהן'],
  ['430', '"Quoted" O\'Brien \\ 100% & <b>'],
];

const DATA = people({
  webitel: {
    users: [
      user(GOOD, 'Roman Tkach', { extension: '2400' }),
      user(NAMELESS, ''),
      user(BLANK, ' \t\u00a0 '),
      user(ENDLESS, LONG_NAME),
      user(LETTERED, 'Lesia Moroz', { extension: '24O4a' }),
      user(DOUBLED_A, 'Taras Lysenko', { extension: '2405' }),
      user(DOUBLED_B, 'Pavlo Zhuk', { extension: '2405' }),
      user(CYRILLIC, 'Ірина Бондар', { username: 'ірина.бондар' }),
      user(LOGINLESS, 'Dmytro Savchenko', { username: '' }),
      user(BOUNDLESS, `Безмежна ${'а'.repeat(10_000)}`),
      user(TALKATIVE, 'Соломія Балакуча', { chat_name: 'bla'.repeat(100) }),
      user(BROKEN, '\u202eПет\u0000ро\u0007\r\nКонт\u202cроль\u2066\t', {
        username: 'p.kontrol\u0000',
        chat_name: 'Pete\u2028K',
        email: 'p@example.test\n',
      }),
      ...ODD_NAMES.map(([id, name]) => user(id, name)),
      user('451', 'Robot One', { username: 'Bot.Dialer' }),
      user('452', 'Robot Two', { username: 'svc-recorder' }),
    ],
  },
  creatio: {
    Contact: [contact(guid(1), 'Ткач Роман'), contact(guid(2), 'Мороз Леся')],
  },
});

let world: World;
let report: Report;

beforeAll(async () => {
  world = await startWorld({
    data: DATA,
    config: 'policy: { exclude: { logins: [rollcall, bot.dialer], patterns: ["SVC-*"] } }',
  });
  report = await world.import();
});

afterAll(() => world.close());

const about = (list: readonly Failure[], person: string): readonly Failure[] =>
  list.filter((one) => one.person === person);

describe('bad people', () => {
  test('make the run partial and keep nobody else from being imported', () => {
    expect(report).toMatchObject({
      status: 'partial',
      situations: { invalid: 3, excluded: 3, disputed: 0 },
      directory: { users: 25, complete: true },
    });
    const imported = [GOOD, LETTERED, CYRILLIC, BROKEN, ...ODD_NAMES.map(([id]) => id)];
    for (const id of imported) expect([id, world.record(id)?.['UsrExternalId']]).toEqual([id, id]);
    expect(world.rows('UsrWebitelUser')).toHaveLength(imported.length + 1);
  });

  test('are all named as failures, and nobody else is', () => {
    const refused = [DOUBLED_A, DOUBLED_B].filter((id) => world.record(id) === undefined);
    expect(new Set(report.failures.map(({ person }) => person))).toEqual(
      new Set([NAMELESS, BLANK, ENDLESS, BOUNDLESS, TALKATIVE, LOGINLESS, ...refused]),
    );
  });

  test.each([
    ['without a name', NAMELESS, 'name.missing', /user401.*give them one/],
    ['with a blank name', BLANK, 'name.missing', /user402.*give them one/],
    ['without a login', LOGINLESS, 'login.missing', /Dmytro Savchenko.*give them one/],
  ])('%s: a failure, and nothing is written for them', (_, person, code, message) => {
    const row = DATA.webitel['users']?.find(({ id }) => id === person);
    expect(about(report.failures, person)).toEqual([
      {
        person,
        login: row?.['username'],
        name: textOf(row?.['name']).trim(),
        operation: 'person',
        code,
        message: expect.stringMatching(message),
      },
    ]);
    expect(world.record(person)).toBeUndefined();
  });

  test.each([
    ['whose name has 300 characters', ENDLESS, 'Contact.Name', 'Олександр Нескінч'],
    ['whose name has 10,000 characters', BOUNDLESS, 'Contact.Name', 'Безмежна'],
    ['whose chat name has 300 characters', TALKATIVE, 'UsrWebitelUser.UsrChatName', 'Соломія'],
  ])(
    '%s: a failure, and neither a part of the text nor a part of the person is written',
    (_, id, column, start) => {
      const failures = about(report.failures, id);
      expect(failures.map(({ operation, code }) => `${operation} ${code}`)).toContain('person VALIDATION');
      expect(failures.some(({ message }) => message.startsWith(`${column} holds 250 characters`))).toBe(true);
      for (const { message } of failures) expect(message.length).toBeLessThan(300);
      expect(world.record(id)).toBeUndefined();
      expect(world.rows('Contact').filter((row) => textOf(row['Name']).startsWith(start))).toEqual([]);
      expect(world.rows('SysAdminUnit').filter((row) => row['Name'] === `user${id}`)).toEqual([]);
    },
  );

  test('with control characters and overrides of direction: the CRM gets the letters alone, and they are warned about', () => {
    expect(world.record(BROKEN)).toMatchObject({
      UsrName: 'Петро Контроль',
      UsrUsername: 'p.kontrol',
      UsrChatName: 'Pete K',
      UsrEmail: 'p@example.test',
    });
    const made = world.rows('Contact').find((row) => row['Id'] === world.record(BROKEN)?.['UsrContactId']);
    expect(made).toMatchObject({ Name: 'Петро Контроль', Email: 'p@example.test' });
    expect(world.rows('SysAdminUnit').map((row) => row['Name'])).toContain('p.kontrol');
    expect(about(report.warnings, BROKEN)).toMatchObject([
      {
        code: 'text.control',
        message: expect.stringContaining('login and name and e-mail and chat name hold'),
      },
    ]);
  });

  test('with letters in the extension: a warning, and the extension is taken as it is', () => {
    expect(about(report.warnings, LETTERED)).toEqual([
      expect.objectContaining({ code: 'extension.digitsOnly', message: expect.stringContaining('24O4a') }),
    ]);
    expect(world.record(LETTERED)).toMatchObject({ UsrExtension: '24O4a', UsrContactId: guid(2) });
  });

  test('with the extension of somebody else: both are warned about, and the CRM’s refusal is a failure', () => {
    for (const [person, other] of [
      [DOUBLED_A, `user${DOUBLED_B}`],
      [DOUBLED_B, `user${DOUBLED_A}`],
    ] as const)
      expect(about(report.warnings, person)).toEqual([
        expect.objectContaining({ code: 'extension.duplicate', message: expect.stringContaining(other) }),
      ]);
    const refused = [DOUBLED_A, DOUBLED_B].filter((id) => world.record(id) === undefined);
    expect(refused).toHaveLength(1);
    expect(about(report.failures, refused[0] ?? '')).toEqual([
      expect.objectContaining({ operation: 'telephonyRecord.create', message: expect.stringMatching(/\S/) }),
    ]);
  });

  test('with a login in Cyrillic are people like all others', () => {
    expect(about(report.failures, CYRILLIC)).toEqual([]);
    expect(world.record(CYRILLIC)).toMatchObject({ UsrUsername: 'ірина.бондар' });
  });

  test('that are service accounts are left out by login and by pattern, without regard to case', () => {
    for (const id of ['451', '452']) {
      expect(world.record(id)).toBeUndefined();
      expect(about([...report.failures, ...report.warnings], id)).toEqual([]);
    }
  });

  test.each(ODD_NAMES)('user %s with the odd name %j: it arrives byte for byte', (id, name) => {
    const bytes = (text: unknown) => Buffer.from(String(text)).toString('hex');
    const record = world.record(id);
    const created = world.rows('Contact').find((row) => row['Id'] === record?.['UsrContactId']);
    expect(bytes(record?.['UsrName'])).toBe(bytes(name));
    expect(bytes(created?.['Name'])).toBe(bytes(name));
  });
});

describe('the imports after it', () => {
  test('list the same people again and send nothing', async () => {
    world.counted();
    const again = await world.import();
    expect(again).toMatchObject({ status: 'partial', operations: {}, situations: { disputed: 0 } });
    expect(again.failures.map(({ person }) => person ?? '').toSorted()).toEqual(
      report.failures.map(({ person }) => person ?? '').toSorted(),
    );
    expect(world.counted().writes).toBe(0);
  });

  test('take in who was put right, with the contact that was made for them before', async () => {
    const [refused = ''] = [DOUBLED_A, DOUBLED_B].filter((id) => world.record(id) === undefined);
    const contacts = world.rows('Contact').length;
    world.webitel.updateRow('users', refused, { extension: '2409' });
    world.webitel.updateRow('users', NAMELESS, { name: 'Zynoviia Halahan' });
    world.webitel.updateRow('users', LOGINLESS, { username: 'd.savchenko' });
    const repaired = await world.import();
    expect(new Set(repaired.failures.map(({ person }) => person))).toEqual(
      new Set([BLANK, ENDLESS, BOUNDLESS, TALKATIVE]),
    );
    expect(world.record(refused)).toMatchObject({ UsrExtension: '2409' });
    expect(world.record(NAMELESS)).toMatchObject({ UsrName: 'Zynoviia Halahan' });
    expect(world.record(LOGINLESS)).toMatchObject({ UsrUsername: 'd.savchenko' });
    // One each for the nameless and the one without a login; the refused one's was there.
    expect(world.rows('Contact')).toHaveLength(contacts + 2);
  });

  test('warn about a linked user who lost the name, and keep record and link', async () => {
    const before = world.record(GOOD);
    world.webitel.setSwitches({ requireName: false });
    world.webitel.updateRow('users', GOOD, { name: '' });
    const again = await world.import();
    expect(about(again.warnings, GOOD)).toEqual([expect.objectContaining({ code: 'name.missing' })]);
    expect(about(again.failures, GOOD)).toEqual([]);
    expect(again).toMatchObject({ gone: 0, pendingPush: 1, operations: {} });
    world.webitel.updateRow('users', GOOD, { name: 'Roman Tkach' });
    expect(await world.import()).toMatchObject({ pendingPush: 0, operations: {} });
    expect(world.record(GOOD)).toEqual(before);
  });
});

describe('a policy that leaves out users without a licence', () => {
  test('imports those who hold one and counts the others as excluded', async () => {
    const licensed = await startWorld({
      data: people({
        webitel: {
          users: [
            user('461', 'Lesia Moroz', { license: [{ id: 'S-CC', prod: 'CALL_CENTER' }] }),
            user('462', 'Meeting Room'),
          ],
        },
      }),
      config: 'policy: { exclude: { withoutLicence: true } }',
    });
    try {
      expect(await licensed.import()).toMatchObject({
        status: 'succeeded',
        situations: { unmatched: 1, excluded: 2 },
      });
      expect(licensed.record('461')).toBeDefined();
      expect(licensed.record('462')).toBeUndefined();
    } finally {
      await licensed.close();
    }
  });
});
