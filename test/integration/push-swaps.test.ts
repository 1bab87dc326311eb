import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { idsIn, LICENCES, startPushing, type Pushing } from '../support/pushing.ts';
import { inDirectory } from '../support/two-sides.ts';
import { textOf, user } from '../support/world.ts';

let world: Pushing;

beforeAll(async () => {
  world = await startPushing({
    config: 'policy: { exclude: { logins: [rollcall, x.chuzha] } }',
    licenses: [{ ...LICENCES[0], limit: 1 }, { ...LICENCES[1] }],
    users: [
      user('201', 'Олена Коваль', {
        username: 'o.koval',
        extension: '2201',
        email: 'o@example.test',
        license: [{ id: 'S-CC' }],
      }),
      user('202', 'Bohdan Hrytsenko', {
        username: 'b.hrytsenko',
        extension: '2202',
        email: 'b@example.test',
      }),
      user('203', 'Ірина Бондар', { username: 'i.bondar', extension: '2203' }),
    ],
  });
});
afterAll(() => world.close());
afterEach(async () => {
  // Whatever happened, the sides agree in the end.
  world.webitel.setFaults([]);
  expect((await world.sync()).failures).toEqual([]);
  expect(await world.sync()).toMatchObject({ status: 'nothing-to-do' });
});

const of = (id: string, field: 'extension' | 'login' | 'email'): string =>
  inDirectory(world, id)?.[field] ?? '';
const IDS = ['201', '202', '203'] as const;

/** Gives each of these people the value of the next. */
function rotate(ids: readonly string[], column: string, values: readonly string[]): string[] {
  // The CRM's own index lets nobody have a value twice, not even for a moment.
  for (const id of ids) world.edit(id, { [column]: column === 'UsrUsername' ? `moving${id}` : '' });
  const wanted = ids.map((_, index) => values[(index + 1) % ids.length] ?? '');
  for (const [index, id] of ids.entries()) world.edit(id, { [column]: wanted[index] ?? '' });
  return wanted;
}

test.each([
  { people: IDS.slice(0, 2), field: 'extension', column: 'UsrExtension' },
  { people: IDS, field: 'extension', column: 'UsrExtension' },
  { people: IDS.slice(0, 2), field: 'login', column: 'UsrUsername' },
  { people: IDS, field: 'login', column: 'UsrUsername' },
  { people: IDS.slice(0, 2), field: 'email', column: 'UsrEmail' },
] as const)(
  '$people pass on their $field in a circle, by a hint on one of them',
  async ({ people, field, column }) => {
    const wanted = rotate(
      people,
      column,
      people.map((id) => of(id, field)),
    );
    const report = await world.push([world.recordOf(people[0])]);
    expect(report).toMatchObject({ status: 'succeeded', failures: [] });
    expect(people.map((id) => of(id, field))).toEqual(wanted);
  },
);

test('two people pass on login and extension at once, and a third takes what becomes free', async () => {
  const [first, second] = IDS;
  const [logins, extensions] = [IDS.map((id) => of(id, 'login')), IDS.map((id) => of(id, 'extension'))];
  rotate([first, second], 'UsrUsername', logins);
  rotate([first, second], 'UsrExtension', extensions);
  world.edit('203', { UsrExtension: '' });
  world.edit(first, { UsrExtension: extensions[2] ?? '' });
  world.edit('203', { UsrExtension: extensions[1] ?? '' });
  expect(await world.push()).toMatchObject({ status: 'succeeded', failures: [] });
  expect(IDS.map((id) => of(id, 'login'))).toEqual([logins[1], logins[0], logins[2]]);
  expect(IDS.map((id) => of(id, 'extension'))).toEqual([extensions[2], extensions[0], extensions[1]]);
});

test.each([1, 2, 3])('a swap of which call %i is refused is finished by the next sync', async (nth) => {
  const people = IDS.slice(0, 2);
  const wanted = rotate(
    people,
    'UsrExtension',
    people.map((id) => of(id, 'extension')),
  );
  world.edit('203', { UsrChatName: `chat ${String(nth)}` });
  world.webitel.setFaults([
    {
      system: 'webitel',
      method: 'PATCH',
      path: '/users/20[12]',
      when: { nth },
      fault: 'status',
      status: 400,
      body: { id: 'users.extension.invalid', detail: 'not today', status: 'Bad Request', code: 400 },
    },
  ]);
  const report = await world.push();
  expect(report.status).toBe('partial');
  // Who has nothing to do with it is done.
  expect(inDirectory(world, '203')?.chat).toBe(`chat ${String(nth)}`);
  world.webitel.setFaults([]);
  const { rollcall } = await world.open();
  await rollcall.sync({ trigger: 'command', retryFailed: true });
  expect(people.map((id) => of(id, 'extension'))).toEqual(wanted);
});

test('a swap is finished whose calls are lost on the way', async () => {
  const people = IDS.slice(0, 2);
  const wanted = rotate(
    people,
    'UsrUsername',
    people.map((id) => of(id, 'login')),
  );
  world.webitel.setFaults([
    { system: 'webitel', method: 'PATCH', when: { nth: 1 }, fault: 'reset-after-write' },
    { system: 'webitel', method: 'PATCH', when: { nth: 2 }, fault: 'reset-before-write' },
    { system: 'webitel', method: 'PATCH', when: { nth: 4 }, fault: 'reset-after-write' },
  ]);
  expect(await world.push()).toMatchObject({ status: 'succeeded' });
  expect(people.map((id) => of(id, 'login'))).toEqual(wanted);
});

test('the last seat goes from one person to another in one run', async () => {
  world.withdraw(world.recordOf('201'), 'licence', 'CALL_CENTER');
  world.grant(world.recordOf('203'), 'licence', 'CALL_CENTER');
  expect(await world.push()).toMatchObject({ status: 'succeeded', failures: [] });
  expect(idsIn(world.user('201')?.['license'])).toEqual([]);
  expect(idsIn(world.user('203')?.['license'])).toEqual(['S-CC']);
});

test('nobody else gets a licence that is used up, and their other changes are made', async () => {
  world.grant(world.recordOf('202'), 'licence', 'CALL_CENTER');
  world.edit('202', { UsrName: 'Bohdan Kovalchuk' });
  const report = await world.push();
  expect(report.failures).toMatchObject([{ person: '202', code: 'QUOTA' }]);
  expect(world.user('202')).toMatchObject({ name: 'Bohdan Kovalchuk' });
  expect(idsIn(world.user('202')?.['license'])).toEqual([]);
  world.withdraw(world.recordOf('202'), 'licence', 'CALL_CENTER');
});

test('an extension that somebody keeps is a conflict for whoever wants it, and nothing else of theirs is lost', async () => {
  // They are nobody's record, so that the CRM lets it be given away twice.
  world.webitel.insertRow('users', user('301', 'Чужа Людина', { username: 'x.chuzha', extension: '2999' }));
  world.edit('202', { UsrExtension: '2999', UsrChatName: 'Bo' });
  const report = await world.sync();
  expect(report.failures).toMatchObject([{ person: '202', code: 'CONFLICT' }]);
  expect(report.failures[0]?.message).toContain('Чужа Людина');
  expect(inDirectory(world, '202')?.chat).toBe('Bo');
  expect(textOf(world.user('301')?.['extension'])).toBe('2999');
  world.edit('202', { UsrExtension: '2202' });
});
