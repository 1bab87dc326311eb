import { RollcallError } from '../../app/ports/errors.ts';
import type { CellValue, CrmFilter } from '../../app/ports/crm.ts';
import type { Column, EntityColumns } from './metadata.ts';

/** How Creatio says "no row" in a lookup column; never sent, since it is silently ignored. */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ZONED_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A value as the product answers it, empties folded to `null` (empty GUID, '', year 1); GUIDs in lower case, all else
 * as it came.
 */
export function foldCell(column: Column, value: unknown): CellValue {
  if (value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') {
    throw new RollcallError('CONTRACT', `Creatio answered no plain value in the column "${column.name}".`, {
      cure: 'Choose another column in the mapping; files and images cannot be read this way.',
    });
  }
  if (value === '') return null;
  if (column.type === 'guid') {
    const guid = value.toLowerCase();
    return guid === EMPTY_GUID ? null : guid;
  }
  if (column.type === 'dateTime') return value.startsWith('0001-01-01T00:00:00') ? null : value;
  return value;
}

/** A value as it is written into a body. Throws VALIDATION where it is not of the column's type. */
export function bodyValue(column: Column, value: CellValue): CellValue {
  switch (column.type) {
    case 'guid':
      return value === null || value === '' || value === EMPTY_GUID ? null : guidOf(column, value);
    case 'dateTime':
      return value === null || value === '' ? null : instant(column, value);
    case 'text':
      if (value !== null && typeof value !== 'string') throw misfit(column, 'text');
      // An empty text is '' in Creatio, never null.
      return value ?? '';
    case 'boolean':
      if (value !== null && typeof value !== 'boolean') throw misfit(column, 'true or false');
      return value ?? false;
    case 'number':
      if (value !== null && (typeof value !== 'number' || !Number.isFinite(value)))
        throw misfit(column, 'a number');
      return value ?? 0;
    default:
      return value;
  }
}

/** A value as OData literal: GUIDs, times, numbers and booleans bare, text in quotes with quotes doubled. */
export function literal(column: Column, value: CellValue): string {
  if (value === null) return 'null';
  switch (column.type) {
    case 'guid':
      return guidOf(column, value);
    case 'dateTime':
      return instant(column, value);
    case 'boolean':
      if (typeof value !== 'boolean') throw misfit(column, 'true or false');
      return String(value);
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw misfit(column, 'a number');
      return String(value);
    case 'text':
      if (typeof value !== 'string') throw misfit(column, 'text');
      return `'${value.replaceAll("'", "''")}'`;
    default:
      throw misfit(column, 'a type that conditions can be made of');
  }
}

/** The text of a `$filter` under which every one of the conditions holds; `undefined` without conditions. */
export function filterText(columns: EntityColumns, filters: readonly CrmFilter[]): string | undefined {
  const parts = filters.map((filter) => {
    if ('since' in filter) {
      const column = columnOf(columns, filter.column);
      return `${column.name} ge ${literal(column, filter.since)}`;
    }
    const terms = filter.anyOf.flatMap((value) => termsOf(columnOf(columns, filter.column), value));
    const either = terms.join(' or ');
    return terms.length > 1 && filters.length > 1 ? `(${either})` : either;
  });
  return parts.length === 0 ? undefined : parts.join(' and ');
}

/** In conditions a lookup is addressed by its navigation path; its flat column is an error there. */
function termsOf(column: Column, value: CellValue): string[] {
  const path = column.navigation === null ? column.name : `${column.navigation}/Id`;
  const empty = value === null || value === '' || (column.type === 'guid' && value === EMPTY_GUID);
  if (!empty) return [`${path} eq ${literal(column, value)}`];
  return column.type === 'text' ? [`${path} eq null`, `${path} eq ''`] : [`${path} eq null`];
}

/** The column of that name; an unknown one is an error of the configuration. */
export function columnOf(columns: EntityColumns, name: string): Column {
  const column = columns.byName.get(name);
  if (column !== undefined) return column;
  throw new RollcallError(
    'CONFIGURATION',
    `The column "${name}" of "${columns.entity}" is not in Creatio's $metadata.`,
    {
      cure: 'Correct the name in the mapping, or add the column in Creatio and publish; OData sees it after one to two minutes.',
      details: { entity: columns.entity, column: name },
    },
  );
}

/** Is this a GUID in its usual form? */
export function isGuid(value: string): boolean {
  return GUID.test(value);
}

function guidOf(column: Column, value: CellValue): string {
  if (typeof value !== 'string' || !isGuid(value)) throw misfit(column, 'a GUID');
  return value.toLowerCase();
}

/** Times travel with zone Z; one without a zone would be refused or stored as year 1. */
function instant(column: Column, value: CellValue): string {
  if (typeof value !== 'string' || !ZONED_TIME.test(value)) throw misfit(column, 'a time with its zone');
  if (value.endsWith('Z')) return value;
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw misfit(column, 'a time with its zone');
  return time.toISOString();
}

function misfit(column: Column, wanted: string): RollcallError {
  return new RollcallError('VALIDATION', `The column "${column.name}" needs ${wanted}.`, {
    cure: 'Check the transform of this field in the mapping.',
    details: { column: column.name },
  });
}
