import type { CellValue, CrmRow } from '../../app/ports/crm.ts';
import type { Contact, CrmUser, FieldValue, PersonField, TelephonyRecord } from '../person.ts';
import { PERSON_FIELDS } from '../person.ts';
import { plainText } from '../plain-text.ts';
import type { ContactMapping, CrmUserMapping, RecordMapping, SetMapping } from './schema.ts';

/** One row of a lookup of licences or roles. */
export interface LookupRow {
  readonly id: string;
  readonly name: string | null;
  readonly externalId: string | null;
  readonly code: string | null;
  readonly limit: number | null;
  readonly used: number | null;
}

/** One row that gives a licence or a role to a telephony record. */
export interface DetailLink {
  readonly id: string;
  readonly recordId: string | null;
  readonly itemId: string | null;
}

const ID = 'Id';

/** Columns that a run reads, by purpose; each list starts with the id. */
export function recordColumns(mapping: RecordMapping): string[] {
  const columns = [ID, mapping.directoryUserId, mapping.contact, mapping.crmUser];
  if (mapping.directory) columns.push(mapping.directory.column);
  if (mapping.status) columns.push(mapping.status.column);
  for (const field of mappedFields(mapping)) columns.push(field.column);
  return unique(columns);
}

export function contactColumns(mapping: ContactMapping): string[] {
  return unique([
    ID,
    mapping.name,
    ...present([mapping.surname, mapping.givenName, mapping.middleName, mapping.email, mapping.department]),
    ...mapping.phones,
    mapping.type.column,
  ]);
}

export function crmUserColumns(mapping: CrmUserMapping): string[] {
  return unique([ID, mapping.login, mapping.contact, mapping.active, ...present([mapping.email])]);
}

export function lookupColumns(mapping: SetMapping): string[] {
  const { name, externalId, code, limit, used } = mapping.lookup;
  return unique([ID, name, ...present([externalId, code, limit, used])]);
}

export function detailColumns(mapping: SetMapping): string[] {
  return unique([ID, mapping.detail.record, mapping.detail.item]);
}

/** The scalar fields that the mapping knows, in the order of the canonical model. */
export function mappedFields(mapping: RecordMapping): {
  field: PersonField;
  column: string;
  owner: 'crm' | 'directory' | 'manual';
  transform: NonNullable<RecordMapping['fields'][PersonField]>['transform'];
}[] {
  return PERSON_FIELDS.flatMap((field) => {
    const mapped = mapping.fields[field];
    return mapped === undefined ? [] : [{ field, ...mapped }];
  });
}

export function projectContact(
  row: CrmRow,
  mapping: ContactMapping,
  contactsOfUsers: ReadonlySet<string>,
): Contact {
  const id = textOf(row[ID]) ?? '';
  return {
    id,
    name: textOf(row[mapping.name]) ?? '',
    surname: optional(row, mapping.surname),
    givenName: optional(row, mapping.givenName),
    middleName: optional(row, mapping.middleName),
    email: optional(row, mapping.email),
    // A filtered list has room for sixteen more; of 400,000 contacts that would be 50 MB.
    phones: [...present(mapping.phones.map((column) => textOf(row[column])))],
    ...(mapping.department === undefined ? {} : { department: textOf(row[mapping.department]) }),
    staff: textOf(row[mapping.type.column]) === mapping.type.employee || contactsOfUsers.has(id),
  };
}

export function projectCrmUser(row: CrmRow, mapping: CrmUserMapping): CrmUser {
  return {
    id: textOf(row[ID]) ?? '',
    login: textOf(row[mapping.login]) ?? '',
    contactId: textOf(row[mapping.contact]),
    email: optional(row, mapping.email),
    active: row[mapping.active] === true,
  };
}

export function projectLookup(row: CrmRow, mapping: SetMapping): LookupRow {
  const { name, externalId, code, limit, used } = mapping.lookup;
  return {
    id: textOf(row[ID]) ?? '',
    name: textOf(row[name]),
    externalId: optional(row, externalId),
    code: optional(row, code),
    limit: limit === undefined ? null : numberOf(row[limit]),
    used: used === undefined ? null : numberOf(row[used]),
  };
}

export function projectDetail(row: CrmRow, mapping: SetMapping): DetailLink {
  return {
    id: textOf(row[ID]) ?? '',
    recordId: textOf(row[mapping.detail.record]),
    itemId: textOf(row[mapping.detail.item]),
  };
}

/** The projection of a telephony record without its licence and role rows. */
export function projectRecord(
  row: CrmRow,
  mapping: RecordMapping,
): Omit<TelephonyRecord, 'licences' | 'roles'> {
  const fields: Partial<Record<PersonField, FieldValue>> = {};
  for (const { field, column } of mappedFields(mapping)) {
    const value = fieldOf(row[column]);
    // As the directory is read: what nobody means to write is not carried over. A login like that is refused.
    fields[field] = typeof value === 'string' && field !== 'login' ? plainText(value) || null : value;
  }
  return {
    id: textOf(row[ID]) ?? '',
    directoryUserId: textOf(row[mapping.directoryUserId]),
    contactId: textOf(row[mapping.contact]),
    crmUserId: textOf(row[mapping.crmUser]),
    fields,
  };
}

function fieldOf(value: CellValue | undefined): FieldValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'boolean' ? value : textOf(value);
}

function textOf(value: CellValue | undefined): string | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : String(value);
}

function numberOf(value: CellValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function optional(row: CrmRow, column: string | undefined): string | null {
  return column === undefined ? null : textOf(row[column]);
}

function present<T>(values: readonly (T | null | undefined)[]): T[] {
  return values.filter((value): value is T => value !== null && value !== undefined);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
