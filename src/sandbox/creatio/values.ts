import type { Json } from '../types.ts';
import { badBody, databaseError } from './errors.ts';
import { EMPTY_DATE, EMPTY_GUID, type Column } from './schema.ts';

/** A value as it is stored: an empty lookup or date is `null`; an instant is UTC with six digits of fraction. */
export type Value = string | number | boolean | null;

/** One stored row, by column code. */
export type StoredRow = Readonly<Record<string, Value>>;

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?)?$/i;
const MAX_INT = 2 ** 31;

export const isGuid = (text: string): boolean => GUID.test(text);

/** What a text says as an instant: stored form, or why it is none. */
export function parseInstant(text: string): { instant: string } | { problem: 'zoneless' | 'invalid' } {
  const match = INSTANT.exec(text);
  if (match === null) return { problem: 'invalid' };
  const [, date = '', time, seconds = ':00', fraction = '', zone] = match;
  if (time === undefined || zone === undefined) return { problem: 'zoneless' };
  const ms = Date.parse(`${date}T${time}${seconds}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) return { problem: 'invalid' };
  return { instant: formatInstant(ms, Number(fraction.padEnd(6, '0').slice(0, 6))) };
}

/** The stored form of an instant: milliseconds since 1970, of which `micros` replaces the part below a second. */
export function formatInstant(ms: number, micros?: number): string {
  const fraction = micros ?? (((ms % 1000) + 1000) % 1000) * 1000;
  return `${new Date(ms).toISOString().slice(0, 19)}.${String(Math.trunc(fraction)).padStart(6, '0')}Z`;
}

/** The value that a column has when nobody filled it. */
export function emptyValue(column: Column): Value {
  switch (column.type) {
    case 'text':
      return '';
    case 'bool':
      return false;
    case 'int':
    case 'double':
      return 0;
    default:
      return null;
  }
}

export const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === null || value === '';

/**
 * Reads a value of a request body for a column.
 *
 * @throws Refusal 400 if the type does not fit, 500 (22001) if a text is too long.
 */
export function readValue(column: Column, json: Json, zonelessDate: 'reject' | 'zero'): Value {
  if (json === null) return emptyValue(column);
  const misfit = () =>
    badBody(`Cannot convert the value of property '${column.name}' to ${edmType(column)}.`);
  switch (column.type) {
    case 'guid': {
      if (typeof json !== 'string' || !isGuid(json)) throw misfit();
      const id = json.toLowerCase();
      return id === EMPTY_GUID ? null : id;
    }
    case 'text':
      if (typeof json !== 'string') throw misfit();
      // PostgreSQL counts characters, not UTF-16 units.
      if (column.maxLength !== undefined && characters(json) > column.maxLength) {
        throw databaseError('22001', `value too long for type character varying(${column.maxLength})`);
      }
      return json;
    case 'bool':
      if (typeof json !== 'boolean') throw misfit();
      return json;
    case 'double':
      if (typeof json !== 'number') throw misfit();
      return json;
    case 'int':
      if (typeof json !== 'number' || !Number.isInteger(json) || json < -MAX_INT || json >= MAX_INT) {
        throw misfit();
      }
      return json;
    default: {
      if (typeof json !== 'string') throw misfit();
      const parsed = parseInstant(json);
      if ('instant' in parsed)
        return parsed.instant.startsWith('0001-01-01T00:00:00') ? null : parsed.instant;
      if (parsed.problem === 'zoneless' && zonelessDate === 'zero') return null;
      throw misfit();
    }
  }
}

const characters = (text: string): number => Array.from(text).length;

/** How values are written into answers. */
export interface WriteOptions {
  /** Minutes that are added to instants, which keep their `Z` all the same. */
  fakeLocalZ: number;
  /** Seven digits of fraction, as the answer to a create has them; otherwise trailing zeros are cut. */
  isPrecise: boolean;
}

/** Writes a stored value as answers carry it: empty lookups and dates are zeros, never null. */
export function writeValue(column: Column, value: Value | undefined, options: WriteOptions): Json {
  const stored = value ?? emptyValue(column);
  if (column.type === 'guid') return stored ?? EMPTY_GUID;
  if (column.type !== 'datetime') return stored;
  if (typeof stored !== 'string') return EMPTY_DATE;
  const local = options.fakeLocalZ === 0 ? stored : shift(stored, options.fakeLocalZ);
  if (options.isPrecise) return local.replace('Z', '4Z');
  return local.replace(/\.?0*Z$/, 'Z');
}

function shift(instant: string, minutes: number): string {
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(instant) ?? [];
  return formatInstant(Date.parse(`${instant.slice(0, 19)}Z`) + minutes * 60_000, Number(fraction));
}

/** The type's name in `$metadata` and in messages. */
export function edmType(column: Column): string {
  const names = {
    guid: 'Edm.Guid',
    text: 'Edm.String',
    int: 'Edm.Int32',
    bool: 'Edm.Boolean',
    datetime: 'Edm.DateTimeOffset',
    double: 'Edm.Double',
  };
  return names[column.type];
}
