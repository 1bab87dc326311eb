import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../../src/domain/mapping/project.ts';
import { SetMapping } from '../../../src/domain/mapping/schema.ts';
import type { DirectoryLicence } from '../../../src/domain/person.ts';
import { licenceItems, roleItems, tieCatalogue } from '../../../src/domain/planning/catalogue.ts';

const LICENCES = SetMapping.parse({
  owner: 'crm',
  lookup: { entity: 'L', name: 'Name', code: 'Code', externalId: 'Ext', limit: 'Limit', used: 'Used' },
  detail: { entity: 'D', record: 'RecordId', item: 'LId' },
});
const ROLES = SetMapping.parse({
  owner: 'crm',
  lookup: { entity: 'R', name: 'Name', externalId: 'Ext' },
  detail: { entity: 'D', record: 'RecordId', item: 'RId' },
});

const licence = (
  serial: string,
  product: string,
  changes: Partial<DirectoryLicence> = {},
): DirectoryLicence => ({
  serial,
  product,
  name: product.toLowerCase(),
  limit: 10,
  remain: 4,
  competitive: false,
  validUntil: 1_000,
  ...changes,
});
const row = (id: string, changes: Partial<LookupRow>): LookupRow => ({
  id,
  name: null,
  externalId: null,
  code: null,
  limit: null,
  used: null,
  ...changes,
});
const tie = (licences: DirectoryLicence[], rows: LookupRow[], mapping = LICENCES) =>
  tieCatalogue('licence', licenceItems(licences, []), rows, mapping, (key) => `new-${key}`);

describe('licences in the CRM', () => {
  test('a product that the list lacks is created with its code, serial and seats', () => {
    const { operations } = tie([licence('S1', 'CHAT')], []);
    expect(operations).toHaveLength(1);
    expect(operations[0]).toMatchObject({
      id: 'licence.create:new-CHAT',
      after: { Name: 'chat', Code: 'CHAT', Ext: 'S1', Limit: 10, Used: 6 },
    });
  });

  test('a row is found by serial before code before name', () => {
    const rows = [
      row('by-name', { name: 'chat' }),
      row('by-code', { code: 'chat' }),
      row('by-serial', { externalId: 'S1', limit: 10, used: 6 }),
    ];
    expect(tie([licence('S1', 'CHAT')], rows).rowOf('CHAT')).toBe('by-serial');
    expect(tie([licence('S2', 'CHAT')], rows).rowOf('CHAT')).toBe('by-code');
    expect(tie([licence('S2', 'CHAT')], rows.slice(0, 1)).rowOf('CHAT')).toBe('by-name');
  });

  test('a renewal under a new serial keeps the row and refreshes its serial', () => {
    const { operations, rowOf } = tie(
      [licence('S9', 'CHAT')],
      [row('r', { code: 'CHAT', externalId: 'S1', limit: 10, used: 6 })],
    );
    expect(rowOf('CHAT')).toBe('r');
    expect(operations).toMatchObject([{ kind: 'update', before: { Ext: 'S1' }, after: { Ext: 'S9' } }]);
  });

  test('a second serial of the same product neither adds a row nor replaces the kept one', () => {
    const rows = [row('r', { code: 'CHAT', externalId: 'S1', limit: 20, used: 12 })];
    expect(
      tie([licence('S1', 'CHAT'), licence('S2', 'CHAT', { validUntil: null })], rows).operations,
    ).toEqual([]);
  });

  test('an alias names the row, and only that one', () => {
    const mapping = { ...LICENCES, aliases: { CHAT: 'Messenger' } };
    const rows = [
      row('chat', { name: 'chat' }),
      row('alias', { name: 'messenger', externalId: 'S1', limit: 10, used: 6 }),
    ];
    expect(tie([licence('S2', 'CHAT')], rows, mapping).rowOf('CHAT')).toBe('alias');
  });

  test('what is not managed is neither created nor known', () => {
    const mapping = { ...LICENCES, managed: ['CHAT'] };
    const catalogue = tie([licence('S1', 'CALL')], [row('r', { code: 'CALL' })], mapping);
    expect(catalogue.operations).toEqual([]);
    expect(catalogue.keyOf('r')).toBeNull();
  });

  test('nothing to refresh, nothing to write', () => {
    const rows = [row('r', { code: 'CHAT', externalId: 'S1', limit: 10, used: 6 })];
    expect(tie([licence('S1', 'CHAT')], rows).operations).toEqual([]);
  });
});

describe('roles in the CRM', () => {
  const tieRoles = (name: string, rows: LookupRow[]) =>
    tieCatalogue('role', roleItems([{ id: '7', name }], []), rows, ROLES, (key) => `new-${key}`);

  test('a role that was renamed in the directory is renamed in the list, not added again', () => {
    const { operations, rowOf } = tieRoles('Operators', [row('r', { name: 'Agents', externalId: '7' })]);
    expect(rowOf('7')).toBe('r');
    expect(operations).toMatchObject([
      { kind: 'update', before: { Name: 'Agents' }, after: { Name: 'Operators' } },
    ]);
  });

  test('a row known by name alone gets its directory id', () => {
    expect(tieRoles('Operators', [row('r', { name: ' operators ' })]).operations).toMatchObject([
      { kind: 'update', after: { Ext: '7' } },
    ]);
  });
});
