import { describe, expect, test } from '@jest/globals';
import { asText, CALLER, deepest, EMPLOYEE, EMPTY_GUID, guid, useSites } from './site.ts';

const start = useSites();

const people = {
  Contact: [
    { Id: guid(1), Name: 'Anna Koval', TypeId: EMPLOYEE },
    { Id: guid(2), Name: 'Boris' },
  ],
  UsrWebitelUser: [{ Id: guid(11), UsrName: 'Anna', UsrContactId: guid(1) }],
  UsrWebitelRole: [{ Id: guid(21), Name: 'Agent' }],
  UsrWebitelUserRole: [{ Id: guid(31), UsrWebitelUserId: guid(11), UsrRoleId: guid(21) }],
};

describe('POST', () => {
  test('stores the row under the id of the client and answers 201 with all of it', async () => {
    const site = await start();
    const caller = await site.signIn();
    const answer = await caller.odata('POST', 'Contact', {
      body: { Id: guid(1), Name: 'Anna Koval', TypeId: EMPLOYEE, Email: 'a@example.com' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`${site.url}/0/odata/Contact(${guid(1)})`);
    expect(answer.at('@odata.context')).toBe(`${site.url}/0/odata/$metadata#Contact/$entity`);
    expect(answer.at('AccountId')).toBe(EMPTY_GUID);
    expect(answer.at('CreatedOn')).toMatch(/\.\d{7}Z$/);
    expect((await caller.get(`Contact(${guid(1)})`)).at('Email')).toBe('a@example.com');
  });

  test('makes an id where the client sends none', async () => {
    const caller = await (await start()).signIn();
    const answer = await caller.odata('POST', 'Contact', { body: { Name: 'Anna' } });
    expect((await caller.get(`Contact(${asText(answer.at('Id'))})`)).at('Name')).toBe('Anna');
  });

  test('of an id that is there breaks with 23505 in the innermost exception and changes nothing', async () => {
    const caller = await (await start({ data: people })).signIn();
    const answer = await caller.odata('POST', 'Contact', { body: { Id: guid(1), Name: 'Other' } });
    expect(answer.status).toBe(500);
    expect(answer.at('error.message')).toBe('An error has occurred.');
    expect(deepest(answer)).toContain('23505: duplicate key value violates unique constraint');
    expect((await caller.get(`Contact(${guid(1)})`)).at('Name')).toBe('Anna Koval');
  });

  test('that points at a missing row breaks with 23503', async () => {
    const caller = await (await start()).signIn();
    const answer = await caller.odata('POST', 'Contact', { body: { Name: 'Anna', AccountId: guid(5) } });
    expect(answer.status).toBe(500);
    expect(deepest(answer)).toMatch(/^23503: insert or update on table "Contact" violates foreign key/);
  });

  test('ignores what it does not know, navigations included, or refuses unknown names as switched', async () => {
    const { sandbox, signIn } = await start({ data: people });
    const caller = await signIn();
    const body = { UsrName: 'Cid', UsrNothing: 1, UsrContact: guid(1) };
    const created = await caller.odata('POST', 'UsrWebitelUser', { body });
    expect([created.status, created.at('UsrContactId')]).toEqual([201, EMPTY_GUID]);
    sandbox.setSwitches({ unknownOnPost: 'reject' });
    const refused = await caller.odata('POST', 'UsrWebitelUser', { body });
    expect([refused.status, refused.at('error.message')]).toEqual([400, 'The request is invalid.']);
  });

  test('needs the required columns, those that a switch adds included', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    expect((await caller.odata('POST', 'Contact', { body: { Email: 'a@example.com' } })).status).toBe(500);
    sandbox.setSwitches({ requireColumns: ['Contact.JobTitle'] });
    const refused = await caller.odata('POST', 'Contact', { body: { Name: 'Anna' } });
    expect(deepest(refused)).toContain('"JobTitle"');
    const body = { Name: 'Anna', JobTitle: 'Agent' };
    expect((await caller.odata('POST', 'Contact', { body })).status).toBe(201);
  });

  test('of one row that a switch names is refused, of others not', async () => {
    const refuseRows = [{ entity: 'UsrWebitelUser', column: 'UsrUsername', equals: 'anna' }];
    const caller = await (await start({ switches: { refuseRows } })).signIn();
    const post = (UsrUsername: string) => caller.odata('POST', 'UsrWebitelUser', { body: { UsrUsername } });
    expect((await post('anna')).status).toBe(500);
    expect((await post('boris')).status).toBe(201);
  });

  test('of a text that is too long breaks with 22001, counted in characters', async () => {
    const caller = await (await start()).signIn();
    const post = (Name: string) => caller.odata('POST', 'Contact', { body: { Name } });
    const refused = await post('я'.repeat(251));
    expect(refused.status).toBe(500);
    expect(deepest(refused)).toContain('22001: value too long for type character varying(250)');
    expect((await post('😀'.repeat(250))).status).toBe(201);
  });

  test.each([
    ['a body that is no JSON', '{'],
    ['a number for a text', { Name: 1 }],
    ['a text for a GUID', { Name: 'Anna', AccountId: 'x' }],
    ['a date without zone', { Name: 'Anna', BirthDate: '2000-01-31T00:00:00' }],
  ])('refuses %s with 400', async (_what, body) => {
    const caller = await (await start()).signIn();
    const answer = await caller.odata('POST', 'Contact', { body });
    expect([answer.status, answer.at('error.message')]).toEqual([400, 'The request is invalid.']);
  });

  test('loses a date without zone where the site is of that kind', async () => {
    const caller = await (await start({ switches: { zonelessDate: 'zero' } })).signIn();
    const body = { Name: 'Anna', BirthDate: '2000-01-31T00:00:00' };
    expect((await caller.odata('POST', 'Contact', { body })).at('BirthDate')).toBe('0001-01-01T00:00:00Z');
  });

  test('may store the row and answer 500 all the same', async () => {
    const caller = await (await start({ switches: { postWriteError: 1 } })).signIn();
    const answer = await caller.odata('POST', 'Contact', { body: { Id: guid(1), Name: 'Anna' } });
    expect(answer.status).toBe(500);
    expect((await caller.get(`Contact(${guid(1)})`)).at('Name')).toBe('Anna');
  });

  test('keeps right-to-left, apostrophe and one-word names byte for byte', async () => {
    const caller = await (await start()).signIn();
    const names = ['محمد الأحمد', "Дем’ян О'Коннор", 'ʼn', 'Zoë\u0301', '陈'];
    const stored = await Promise.all(
      names.map(async (Name) => (await caller.odata('POST', 'Contact', { body: { Name } })).at('Name')),
    );
    expect(stored).toEqual(names);
  });
});

describe('A save of a contact', () => {
  test.each([
    [{ Name: 'John Middle Best' }, ['John Middle Best', 'John', 'Middle', 'Best']],
    [{ Name: 'Cher' }, ['Cher', 'Cher', '', '']],
    [{ GivenName: 'John', Surname: 'Best' }, ['John Best', 'John', '', 'Best']],
    [{ Name: 'J. B.', Surname: 'Best' }, ['J. B.', '', '', 'Best']],
  ])('splits or composes its names: %j', async (body, names) => {
    const caller = await (await start()).signIn();
    const row = await caller.odata('POST', 'Contact', { body });
    expect(['Name', 'GivenName', 'MiddleName', 'Surname'].map((name) => row.at(name))).toEqual(names);
  });

  test('takes the surname first on other sites', async () => {
    const caller = await (await start({ switches: { contactNames: 'sgm' } })).signIn();
    const row = await caller.odata('POST', 'Contact', { body: { Name: 'Коваль Анна Іванівна' } });
    expect([row.at('Surname'), row.at('GivenName'), row.at('MiddleName')]).toEqual([
      'Коваль',
      'Анна',
      'Іванівна',
    ]);
  });

  test('signs it with the contact of the caller and makes that the owner', async () => {
    const caller = await (await start()).signIn();
    const row = await caller.odata('POST', 'Contact', { body: { Name: 'Anna' } });
    expect([row.at('OwnerId'), row.at('CreatedById'), row.at('ModifiedById')]).toEqual([
      CALLER,
      CALLER,
      CALLER,
    ]);
  });

  test('lets its communications follow phone and e-mail', async () => {
    const { sandbox, signIn } = await start({ data: people });
    const caller = await signIn();
    const numbers = () => sandbox.state()['ContactCommunication']?.map((row) => row['Number']);
    await caller.odata('PATCH', `Contact(${guid(1)})`, { body: { Phone: '+380 44', Email: 'a@b.c' } });
    expect(numbers()).toEqual(['+380 44', 'a@b.c']);
    await caller.odata('PATCH', `Contact(${guid(1)})`, { body: { Phone: '' } });
    expect(numbers()).toEqual(['a@b.c']);
  });
});

describe('PATCH', () => {
  test('answers 204, changes what was sent alone, and ignores unknown names', async () => {
    const caller = await (await start({ data: people })).signIn();
    const answer = await caller.odata('PATCH', `Contact(${guid(1)})`, {
      body: { Email: 'new@example.com', Nothing: 1, Id: guid(9), CreatedOn: '2001-01-01T00:00:00Z' },
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    const row = await caller.get(`Contact(${guid(1)})`);
    expect([row.at('Email'), row.at('TypeId'), row.at('Id')]).toEqual(['new@example.com', EMPLOYEE, guid(1)]);
    expect(asText(row.at('CreatedOn'))).not.toContain('2001');
  });

  test('ignores an empty GUID and clears a lookup by null', async () => {
    const caller = await (await start({ data: people })).signIn();
    const patch = async (TypeId: string | null) => {
      await caller.odata('PATCH', `Contact(${guid(1)})`, { body: { TypeId } });
      return (await caller.get(`Contact(${guid(1)})`)).at('TypeId');
    };
    expect(await patch(EMPTY_GUID)).toBe(EMPLOYEE);
    expect(await patch(null)).toBe(EMPTY_GUID);
  });

  test('bumps ModifiedOn even when nothing changes, whatever If-Match says', async () => {
    const { signIn, clock } = await start({ data: people });
    const caller = await signIn();
    const modified = async () => asText((await caller.get(`Contact(${guid(1)})`)).at('ModifiedOn'));
    const before = await modified();
    clock.advance(1000);
    const headers = { 'if-match': '"stale"' };
    expect((await caller.odata('PATCH', `Contact(${guid(1)})`, { headers, body: {} })).status).toBe(204);
    expect(Date.parse(await modified())).toBeGreaterThan(Date.parse(before));
  });

  test('of an unknown id is a 404, or inserts where upsert is on', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    const patch = () => caller.odata('PATCH', `Contact(${guid(5)})`, { body: { Name: 'Eve' } });
    expect((await patch()).status).toBe(404);
    sandbox.setSwitches({ patchUpsert: true });
    expect((await patch()).status).toBe(201);
  });

  test('may not empty a required column', async () => {
    const caller = await (await start({ data: people })).signIn();
    const answer = await caller.odata('PATCH', `Contact(${guid(1)})`, { body: { Name: '' } });
    expect(answer.status).toBe(500);
  });

  test('may not take an extension that another record of the directory has', async () => {
    const { sandbox, signIn } = await start({ data: people });
    const directory = asText(sandbox.state()['UsrDirectory']?.[0]?.['Id']);
    const caller = await signIn();
    const body = { UsrExtension: '101', UsrDirectoryId: directory };
    expect((await caller.odata('POST', 'UsrWebitelUser', { body })).status).toBe(201);
    const rival = await caller.odata('PATCH', `UsrWebitelUser(${guid(11)})`, { body });
    expect(deepest(rival)).toContain('23505');
    sandbox.setSwitches({ uniqueIndexes: false });
    expect((await caller.odata('PATCH', `UsrWebitelUser(${guid(11)})`, { body })).status).toBe(204);
  });
});

describe('PUT', () => {
  test('replaces the row: what is not sent is empty', async () => {
    const caller = await (await start({ data: people })).signIn();
    const put = await caller.odata('PUT', `Contact(${guid(1)})`, { body: { Name: 'Anna' } });
    expect(put.status).toBe(204);
    expect((await caller.get(`Contact(${guid(1)})`)).at('TypeId')).toBe(EMPTY_GUID);
  });
});

describe('DELETE', () => {
  test('answers 204, then 404, and the record is gone', async () => {
    const caller = await (await start({ data: people })).signIn();
    const remove = () => caller.odata('DELETE', `Contact(${guid(2)})`);
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    const read = await caller.get(`Contact(${guid(2)})`);
    expect([read.status, read.text]).toEqual([404, '']);
  });

  test('of a row that others point at breaks with 23503, or clears them as switched', async () => {
    const { sandbox, signIn } = await start({ data: people });
    const caller = await signIn();
    const refused = await caller.odata('DELETE', `Contact(${guid(1)})`);
    expect(refused.status).toBe(500);
    expect(deepest(refused)).toMatch(
      /^23503: update or delete on table "Contact".*on table "UsrWebitelUser"$/,
    );
    sandbox.setSwitches({ deleteReferenced: 'clear' });
    expect((await caller.odata('DELETE', `Contact(${guid(1)})`)).status).toBe(204);
    expect((await caller.get(`UsrWebitelUser(${guid(11)})`)).at('UsrContactId')).toBe(EMPTY_GUID);
  });

  test('of a telephony record takes its detail rows along, unless the switch keeps them', async () => {
    const { sandbox, signIn } = await start({ data: people, switches: { cascadeDetails: false } });
    const caller = await signIn();
    const remove = () => caller.odata('DELETE', `UsrWebitelUser(${guid(11)})`);
    expect((await remove()).status).toBe(500);
    sandbox.setSwitches({ cascadeDetails: true });
    expect((await remove()).status).toBe(204);
    expect(sandbox.state()['UsrWebitelUserRole']).toEqual([]);
  });
});

describe('Rights', () => {
  test.each(['SysAdminUnit', 'VwSysAdminUnit', 'SysUserInRole'])('never allow writes to %s', async (set) => {
    const caller = await (await start()).signIn();
    const answer = await caller.odata('POST', set, { body: { Name: 'anna' } });
    expect(answer.status).toBe(500);
    expect(deepest(answer)).toContain(`does not have permissions for the "${set}" object`);
  });

  test('to write can be taken away for one set', async () => {
    const caller = await (await start({ switches: { denyWrite: ['UsrWebitelUser'] } })).signIn();
    const answer = await caller.odata('POST', 'UsrWebitelUser', { body: {} });
    expect([answer.status, answer.at('error.innererror.internalexception.internalexception.type')]).toEqual([
      500,
      'System.Security.SecurityException',
    ]);
    expect((await caller.odata('POST', 'Contact', { body: { Name: 'Anna' } })).status).toBe(201);
  });
});

describe('Edits by others', () => {
  test('keep the rules and set the stamps', async () => {
    const { sandbox, clock } = await start({ data: people });
    const row = sandbox.insertRow('Contact', { Id: guid(3), Name: 'Eve Adams' });
    expect(row['Surname']).toBe('Adams');
    clock.advance(5000);
    const changed = sandbox.updateRow('Contact', guid(3), { Email: 'eve@example.com' });
    expect(Date.parse(asText(changed['ModifiedOn']))).toBeGreaterThan(Date.parse(asText(row['ModifiedOn'])));
    expect(() => sandbox.insertRow('Contact', { Id: guid(3), Name: 'Eve' })).toThrow('23505');
    expect(() => sandbox.deleteRow('Contact', guid(1))).toThrow('23503');
    expect(() => sandbox.insertRow('Contact', { Nmae: 'Eve' })).toThrow(/no column Nmae/);
    sandbox.deleteRow('Contact', guid(3));
    expect(sandbox.state()['Contact']?.some((contact) => contact['Id'] === guid(3))).toBe(false);
  });

  test('end in a state that starts an equal site', async () => {
    const { sandbox } = await start({ data: people });
    sandbox.insertRow('Contact', { Name: 'Eve', Phone: '1' });
    const state = sandbox.state();
    const copy = await start({ data: state });
    expect(copy.sandbox.state()).toEqual(state);
  });
});
