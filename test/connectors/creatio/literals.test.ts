import { describe, expect, test } from '@jest/globals';
import { bodyValue, filterText, foldCell, literal } from '../../../src/connectors/creatio/literals.ts';
import type { Column } from '../../../src/connectors/creatio/metadata.ts';

const column = (name: string, type: Column['type'], navigation: string | null = null): Column => ({
  name,
  type,
  navigation,
  lookup: navigation,
  maxLength: null,
});

const id = column('Id', 'guid');
const contact = column('ContactId', 'guid', 'Contact');
const name = column('Name', 'text');
const active = column('Active', 'boolean');
const type = column('Type', 'number');
const changed = column('ModifiedOn', 'dateTime');
const columns = {
  entity: 'UsrWebitelUser',
  byName: new Map([id, contact, name, active, type, changed].map((one) => [one.name, one])),
};
const guid = '4F0A1B2C-0000-4000-8000-00000000000A';
const lower = guid.toLowerCase();
const nowhere = '00000000-0000-0000-0000-000000000000';

describe('Literals', () => {
  test('stand bare or in quotes as the type of the column wants it', () => {
    expect(literal(id, guid)).toBe(lower);
    expect(literal(name, guid)).toBe(`'${guid}'`);
    expect(literal(active, false)).toBe('false');
    expect(literal(type, 4)).toBe('4');
    expect(literal(name, '4')).toBe("'4'");
    expect(literal(changed, '2025-01-31T10:00:00.1234567Z')).toBe('2025-01-31T10:00:00.1234567Z');
  });

  test('double the quotes in text and change nothing else', () => {
    expect(literal(name, "O'Brien' or 1 eq 1 & %20")).toBe("'O''Brien'' or 1 eq 1 & %20'");
    expect(literal(name, "Мар'яна")).toBe("'Мар''яна'");
  });

  test('of times always end in Z, and a time without a zone is refused', () => {
    expect(literal(changed, '2025-01-31T12:00:00+02:00')).toBe('2025-01-31T10:00:00.000Z');
    expect(() => literal(changed, '2025-01-31T12:00:00')).toThrow('a time with its zone');
  });

  test('that are not of the type of the column are refused, so that nothing can be smuggled in', () => {
    expect(() => literal(id, 'x or true')).toThrow('a GUID');
    expect(() => literal(active, 'true')).toThrow('true or false');
    expect(() => literal(type, Number.NaN)).toThrow('a number');
  });
});

describe('Conditions', () => {
  test('address lookups by the navigation path and everything else by name', () => {
    expect(filterText(columns, [{ column: 'ContactId', anyOf: [guid] }])).toBe(`Contact/Id eq ${lower}`);
    expect(filterText(columns, [{ column: 'Id', anyOf: [guid] }])).toBe(`Id eq ${lower}`);
  });

  test('chain values with or, and each other with and', () => {
    expect(
      filterText(columns, [
        { column: 'Type', anyOf: [4, 5] },
        { column: 'Active', anyOf: [true] },
      ]),
    ).toBe('(Type eq 4 or Type eq 5) and Active eq true');
  });

  test('find empty cells in whatever way they are stored', () => {
    expect(filterText(columns, [{ column: 'Name', anyOf: [null] }])).toBe("Name eq null or Name eq ''");
    expect(filterText(columns, [{ column: 'ContactId', anyOf: [nowhere] }])).toBe('Contact/Id eq null');
  });

  test('ask for everything since a time, the time itself with it', () => {
    expect(
      filterText(columns, [
        { column: 'ModifiedOn', since: '2025-01-31T12:00:00+02:00' },
        { column: 'Type', anyOf: [4, 5] },
      ]),
    ).toBe('ModifiedOn ge 2025-01-31T10:00:00.000Z and (Type eq 4 or Type eq 5)');
  });

  test('are none without filters, and an unknown column is an error of the configuration', () => {
    expect(filterText(columns, [])).toBeUndefined();
    expect(() => filterText(columns, [{ column: 'Nmae', anyOf: ['x'] }])).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION' }),
    );
  });
});

describe('Cells', () => {
  test('fold what is empty to null', () => {
    expect(foldCell(contact, nowhere)).toBeNull();
    expect(foldCell(name, '')).toBeNull();
    expect(foldCell(changed, '0001-01-01T00:00:00Z')).toBeNull();
    expect(foldCell(active, false)).toBe(false);
    expect(foldCell(type, 0)).toBe(0);
  });

  test('put GUIDs into lower case and leave text alone, even text that looks like a GUID', () => {
    expect(foldCell(id, guid)).toBe(lower);
    expect(foldCell(name, guid)).toBe(guid);
    expect(foldCell(name, nowhere)).toBe(nowhere);
    expect(foldCell(name, '  مريم\u200F ')).toBe('  مريم\u200F ');
  });

  test('go into bodies with null for an empty lookup and never as the empty GUID', () => {
    expect(bodyValue(contact, null)).toBeNull();
    expect(bodyValue(contact, nowhere)).toBeNull();
    expect(bodyValue(contact, guid)).toBe(lower);
    expect(bodyValue(name, null)).toBe('');
    expect(bodyValue(changed, '2025-01-31T12:00:00+02:00')).toBe('2025-01-31T10:00:00.000Z');
    expect(() => bodyValue(changed, '2025-01-31')).toThrow(expect.objectContaining({ code: 'VALIDATION' }));
  });
});
