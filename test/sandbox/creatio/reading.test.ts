import { describe, expect, test } from '@jest/globals';
import { asText, byText, CALLER, deepest, EMPLOYEE, EMPTY_GUID, guid, useSites } from './site.ts';
import type { Row, Tables } from '../../../src/sandbox/types.ts';

const start = useSites();

const people: Tables = {
  Contact: [
    { Id: guid(1), Name: "Anna O'Brien", Email: 'anna@example.com', TypeId: EMPLOYEE, Confirmed: false },
    { Id: guid(2), Name: 'Борис Коваль', TypeId: EMPLOYEE, CreatedOn: '2025-01-31T10:00:00.1234567Z' },
    { Id: guid(3), Name: 'فاطمة', OwnerId: guid(1), Age: 40 },
  ],
  UsrWebitelUser: [
    { Id: guid(11), UsrName: 'Anna', UsrContactId: guid(1), UsrExtension: '101' },
    { Id: guid(12), UsrName: 'Boris', UsrExtension: '102' },
  ],
};

const ids = (rows: Row[]) => rows.map((row) => row['Id']).toSorted(byText);

describe('$metadata', () => {
  test('shows each lookup as a flat GUID and a navigation, and every temporal column as DateTimeOffset', async () => {
    const caller = await (await start()).signIn();
    const { text, headers } = await caller.get('$metadata');
    expect(headers['content-type']).toContain('xml');
    const begin = text.indexOf('<EntityType Name="UsrWebitelUser">');
    const type = text.slice(begin, text.indexOf('</EntityType>', begin));
    expect(type).toContain('<Property Name="UsrContactId" Type="Edm.Guid" />');
    expect(type).toContain(
      '<NavigationProperty Name="UsrContact" Type="Terrasoft.Configuration.OData.Contact">',
    );
    expect(type).toContain('<Property Name="UsrLastSyncOn" Type="Edm.DateTimeOffset" />');
    expect(type).toContain('<Property Name="UsrChatName" Type="Edm.String" />');
    expect(text).toContain('<EntitySet Name="VwSysAdminUnit"');
  });

  test('renames and drops custom objects and columns by switch, in reads and writes alike', async () => {
    const { sandbox, signIn } = await start({ data: people });
    const caller = await signIn();
    sandbox.setSwitches({
      renameEntities: { UsrWebitelUser: 'AbcTelephone' },
      renameColumns: { 'UsrWebitelUser.UsrName': 'AbcTitle', 'UsrWebitelUser.UsrContact': 'AbcPerson' },
      dropColumns: ['UsrWebitelUser.UsrChatName'],
    });
    const { text } = await caller.get('$metadata');
    expect(text).toContain('"AbcTelephone"');
    expect(text).toContain('"AbcPersonId"');
    expect(text).not.toContain('UsrChatName');
    expect((await caller.get('UsrWebitelUser')).status).toBe(401);
    const created = await caller.odata('POST', 'AbcTelephone', {
      body: { AbcTitle: 'Cid', AbcPersonId: guid(2) },
    });
    expect(created.at('AbcTitle')).toBe('Cid');
    const found = await caller.get(`AbcTelephone?$filter=AbcPerson/Id eq ${guid(1)}&$select=AbcTitle`);
    expect(found.rows()).toEqual([{ AbcTitle: 'Anna' }]);
    expect(sandbox.state()['AbcTelephone']).toHaveLength(3);
    expect(() => sandbox.setSwitches({ dropColumns: ['UsrWebitelUser.Nothing'] })).toThrow(/Nothing/);
  });

  test('shows a change of the model only after the rebuild', async () => {
    const { sandbox, signIn, clock } = await start();
    const caller = await signIn();
    sandbox.setSwitches({ edmRebuildMs: 60_000, dropEntities: ['UsrDirectory'] });
    expect((await caller.get('UsrDirectory')).status).toBe(200);
    clock.advance(60_001);
    expect((await caller.get('UsrDirectory')).status).toBe(401);
  });

  test('stands beside a service document that lists the sets', async () => {
    const caller = await (await start()).signIn();
    expect((await caller.get('')).rows()).toContainEqual({
      name: 'Contact',
      kind: 'EntitySet',
      url: 'Contact',
    });
  });
});

describe('A collection', () => {
  test('carries the OData headers, its context, and the count when asked', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    const answer = await caller.get('Contact?$select=Id,Name&$count=true&$top=0');
    expect(answer.headers['odata-version']).toBe('4.0');
    expect(answer.headers['content-type']).toContain('application/json; odata.metadata=minimal');
    expect(answer.json()).toEqual({
      '@odata.context': `${site.url}/0/odata/$metadata#Contact(Id,Name)`,
      '@odata.count': 4,
      value: [],
    });
    const count = await caller.get(`Contact/$count?$filter=Type/Id eq ${EMPLOYEE}`);
    expect([count.text, count.headers['content-type']]).toEqual(['2', 'text/plain']);
  });

  test('writes empty lookups, texts and dates as zeros, and trims fractions of a second', async () => {
    const caller = await (await start({ data: people })).signIn();
    const row = await caller.get(`Contact(${guid(2)})`);
    expect(row.at('AccountId')).toBe(EMPTY_GUID);
    expect(row.at('Email')).toBe('');
    expect(row.at('BirthDate')).toBe('0001-01-01T00:00:00Z');
    expect(row.at('Age')).toBe(0);
    expect(row.at('Confirmed')).toBe(true);
    expect(row.at('CreatedOn')).toBe('2025-01-31T10:00:00.123456Z');
  });

  test('comes in another order each time without $orderby, and pages stably with it', async () => {
    const data = { Contact: Array.from({ length: 30 }, (_, n) => ({ Id: guid(n), Name: 'Same' })) };
    const caller = await (await start({ data })).signIn();
    const order = async () => (await caller.get('Contact?$select=Id')).rows().map((row) => row['Id']);
    expect(await order()).not.toEqual(await order());
    const pages = await Promise.all(
      [0, 10, 20, 30].map((skip) => caller.get(`Contact?$orderby=Name desc&$skip=${skip}&$top=10`)),
    );
    const seen = pages.flatMap((page) => ids(page.rows()));
    expect([seen.length, new Set(seen).size]).toEqual([31, 31]);
  });

  test('shows what was written since the same query was asked before', async () => {
    const { sandbox, signIn } = await start({ data: people });
    const caller = await signIn();
    const read = async () => {
      const answer = await caller.get(
        "UsrWebitelUser?$orderby=UsrName&$select=Id&$filter=UsrContact/Name eq 'Eve Adams'",
      );
      return answer.rows().map((row) => row['Id']);
    };
    expect(await read()).toEqual([]);
    sandbox.updateRow('Contact', guid(1), { Name: 'Eve Adams' });
    expect(await read()).toEqual([guid(11)]);
    sandbox.insertRow('UsrWebitelUser', { Id: guid(13), UsrName: 'Zoe', UsrContactId: guid(1) });
    expect(await read()).toEqual([guid(11), guid(13)]);
  });

  test('of more than 20,000 rows is refused without paging', async () => {
    const data = {
      UsrWebitelRole: Array.from({ length: 20_001 }, (_, n) => ({ Id: guid(n), Name: `r${n}` })),
    };
    const caller = await (await start({ data })).signIn();
    expect((await caller.get('UsrWebitelRole?$select=Id')).status).toBe(500);
    expect((await caller.get('UsrWebitelRole?$select=Id&$top=20000')).rows()).toHaveLength(20_000);
  });

  test('of 100,000 contacts pages in order, each page after the first in well under 100 ms', async () => {
    const data = {
      Contact: Array.from({ length: 100_000 }, (_, n) => ({ Id: guid(n), Name: `Person ${n % 977}` })),
    };
    const caller = await (await start({ data })).signIn();
    const page = (skip: number) =>
      caller.get(`Contact?$select=Id,Name,Email&$orderby=Name,Id&$skip=${skip}&$top=2000`);
    await page(0);
    const times: number[] = [];
    for (let turn = 1; turn <= 8; turn += 1) {
      const begun = performance.now();
      const answer = await page(turn * 2000);
      times.push(performance.now() - begun);
      expect(answer.at('value.1999.Id')).toBeDefined();
    }
    // The quickest, since other work may share the machine; a sort for each page would slow all of them.
    expect(Math.min(...times)).toBeLessThan(60);
  });
});

describe('$filter', () => {
  const cases: [filter: string, found: number[]][] = [
    ["Name eq 'Anna O''Brien'", [1]],
    ["contains(Email,'@') and Confirmed eq false", [1]],
    ["startswith(Name,'Борис') or endswith(Name,'مة')", [2, 3]],
    [`not (Type/Id eq ${EMPLOYEE}) and Id ne ${CALLER}`, [3]],
    ["Owner/Name eq 'Anna O''Brien'", [3]],
    ['Age gt 39 and Age le 40', [3]],
    ['CreatedOn lt 2025-02-01T00:00:00Z', [2]],
    ['CreatedOn ge 2025-01-31T12:00:00+02:00 and CreatedOn lt 2025-01-31T12:00:01+02:00', [2]],
    [`Email eq null and Type/Id ne null`, [2]],
    [`Id eq ${guid(3)} or Id eq ${guid(1)} or Id eq ${guid(77)}`, [1, 3]],
    [`Id eq ${guid(1)} or (Age gt 39 and Age le 40)`, [1, 3]],
    [`(Id eq ${guid(1)} or Id eq ${guid(2)}) and Email eq null`, [2]],
    [`Email eq null and Type/Id ne null and not (Id eq ${guid(2)})`, []],
  ];
  test.each(cases)('%s', async (filter, found) => {
    const caller = await (await start({ data: people })).signIn();
    const sent = await caller.send('GET', `/0/odata/Contact?$filter=${encodeURIComponent(filter)}`);
    expect(ids(sent.rows())).toEqual(found.map(guid));
  });

  test.each([
    [`Id eq '${guid(1)}'`, "'Edm.Guid' and 'Edm.String'"],
    [`Id eq guid'${guid(1)}'`, 'unrecognized literal'],
    ["CreatedOn ge '2025-01-31T10:00:00Z'", "'Edm.DateTimeOffset' and 'Edm.String'"],
    ['CreatedOn ge 2025-01-31T10:00:00', 'unrecognized literal'],
    ['Nonsense eq 1', 'Could not find a property'],
    ['Name eq', 'Syntax error'],
    ["tolower(Name) eq 'anna'", 'unknown function'],
  ])('is refused with 400: %s', async (filter, text) => {
    const caller = await (await start({ data: people })).signIn();
    const answer = await caller.get(`Contact?$filter=${filter}`);
    expect(answer.status).toBe(400);
    expect(asText(answer.at('error.message'))).toContain('The query specified in the URI is not valid.');
    expect(asText(answer.at('error.message'))).toContain(text);
  });

  test('and $orderby break with 500 on the flat name of a lookup, which $select accepts', async () => {
    const caller = await (await start({ data: people })).signIn();
    const filtered = await caller.get(`UsrWebitelUser?$filter=UsrContactId eq ${guid(1)}`);
    expect(filtered.status).toBe(500);
    expect(deepest(filtered)).toBe('Column by path UsrContactId not found in schema UsrWebitelUser');
    expect((await caller.get('UsrWebitelUser?$orderby=UsrContactId')).status).toBe(500);
    const selected = await caller.get(
      `UsrWebitelUser?$select=UsrContactId&$filter=UsrContact/Id eq ${guid(1)}`,
    );
    expect(selected.rows()).toEqual([{ UsrContactId: guid(1) }]);
  });

  test('takes an unencoded plus for a space', async () => {
    const data = { Contact: [{ Id: guid(1), Name: 'Anna', Phone: '+380' }] };
    const caller = await (await start({ data })).signIn();
    expect((await caller.get("Contact?$filter=Phone eq '+380'")).rows()).toEqual([]);
    const sent = await caller.send('GET', "/0/odata/Contact?$filter=Phone%20eq%20'%2B380'");
    expect(sent.rows()).toHaveLength(1);
  });
});

describe('$select and $expand', () => {
  test('refuse unknown names, $select by 400 or 500', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    expect((await caller.get('Contact?$select=Nonsense')).status).toBe(400);
    expect((await caller.get('Contact?$expand=Nonsense')).status).toBe(400);
    sandbox.setSwitches({ unknownSelectStatus: 500 });
    expect((await caller.get('Contact?$select=Nonsense')).status).toBe(500);
  });

  test('embed lookups two deep, null where they are empty, and not three deep', async () => {
    const caller = await (await start({ data: people })).signIn();
    const answer = await caller.get(
      'UsrWebitelUser?$select=UsrName&$expand=UsrContact($select=Name;$expand=Type($select=Name))&$orderby=UsrName',
    );
    expect(answer.rows()).toEqual([
      { UsrName: 'Anna', UsrContact: { Name: "Anna O'Brien", Type: { Name: 'Employee' } } },
      { UsrName: 'Boris', UsrContact: null },
    ]);
    const deep = await caller.get('UsrWebitelUser?$expand=UsrContact($expand=Owner($expand=Owner))');
    expect(deep.status).toBe(400);
  });
});

describe('A record', () => {
  test('is found by both spellings of its key, by property and by raw value', async () => {
    const site = await start({ data: people });
    const caller = await site.signIn();
    const record = await caller.get(`Contact(${guid(1)})?$select=Name`);
    expect(record.json()).toEqual({
      '@odata.context': `${site.url}/0/odata/$metadata#Contact(Name)/$entity`,
      Name: "Anna O'Brien",
    });
    expect((await caller.get(`Contact/${guid(1)}`)).at('Name')).toBe("Anna O'Brien");
    expect((await caller.get(`Contact(${guid(1)})/Email`)).at('value')).toBe('anna@example.com');
    expect((await caller.get(`Contact(${guid(1)})/Email/$value`)).text).toBe('anna@example.com');
  });

  test('that is missing is a 404 with an empty body', async () => {
    const caller = await (await start()).signIn();
    const answer = await caller.get(`Contact(${guid(5)})`);
    expect([answer.status, answer.text]).toEqual([404, '']);
  });

  test.each([
    ['401', 401, ''],
    ['404-json', 404, 'No HTTP resource was found'],
    ['404-html', 404, '<html>'],
  ] as const)('of an unknown set is refused as switched: %s', async (unknownSet, status, text) => {
    const caller = await (await start({ switches: { unknownSet } })).signIn();
    const answer = await caller.get('UsrNothing');
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });
});

describe('Users', () => {
  test('show a number and a text in the table where the view has lookups', async () => {
    const { signIn, sandbox } = await start();
    const caller = await signIn();
    const user = sandbox.insertRow('SysAdminUnit', {
      Name: 'anna',
      TimeZoneId: 'UTC',
      SysCultureId: asText(sandbox.state()['SysCulture']?.[0]?.['Id']),
    });
    const key = asText(user['Id']);
    const row = await caller.get(`SysAdminUnit(${key})`);
    expect([row.at('SysAdminUnitTypeValue'), row.at('TimeZoneId')]).toEqual([4, 'UTC']);
    const view = await caller.get(`VwSysAdminUnit(${key})?$expand=SysAdminUnitType,TimeZone($select=Code)`);
    expect(view.at('SysAdminUnitTypeId')).toBe('472e97c7-6bd7-df11-9b2a-001d60e938c6');
    expect(view.at('TimeZone.Code')).toBe('UTC');
    expect(view.at('SysAdminUnitTypeValue')).toBeUndefined();
  });

  test('are hidden from an account that may not read them', async () => {
    const caller = await (await start({ switches: { denyRead: ['SysAdminUnit'] } })).signIn();
    const answer = await caller.get('SysAdminUnit');
    expect(answer.status).toBe(500);
    expect(deepest(answer)).toContain('does not have permissions for the "SysAdminUnit" object');
    expect((await caller.get('Contact')).status).toBe(200);
  });
});

describe('Server time', () => {
  test('may carry local time with a Z, and run ahead of the caller', async () => {
    const { signIn, sandbox, clock } = await start({ data: people });
    const caller = await signIn();
    sandbox.setSwitches({ fakeLocalZ: 120, clockSkewMinutes: 30 });
    expect((await caller.get(`Contact(${guid(2)})`)).at('CreatedOn')).toBe('2025-01-31T12:00:00.123456Z');
    sandbox.setSwitches({ fakeLocalZ: 0 });
    const created = await caller.odata('POST', 'Contact', { body: { Name: 'Late' } });
    const ahead = Date.parse(asText(created.at('CreatedOn'))) - clock.now();
    expect(Math.round(ahead / 60_000)).toBe(30);
  });
});
