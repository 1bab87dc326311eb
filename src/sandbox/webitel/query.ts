import type { Json } from '../types.ts';
import { badRequest } from './errors.ts';
import { OPERATIONAL_FIELDS, type Message, type Source } from './messages.ts';
import type { Switches } from './switches.ts';

/** One sort criterion. */
export interface Sort {
  field: string;
  descending: boolean;
}

/** Which part of a list is asked for. */
export interface Paging {
  /** From 1. */
  page: number;
  /** Rows a page; `null` is the whole list. */
  size: number | null;
}

/** A truth value of the query: `true`, `1` or the bare name. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && /^(?:true|t|1|)$/i.test(value);
}

/** All ids of a repeated int64 parameter; anything else than a whole number is a 400. */
export function idsOf(query: URLSearchParams, name: string): string[] {
  const values = query.getAll(name).filter((value) => value !== '');
  for (const value of values) {
    if (!/^-?\d+$/.test(value)) {
      throw badRequest('api.query.invalid', `parameter ${name}: "${value}" is no int64`);
    }
  }
  return values;
}

/** Reads `page` and `size`: default size, no limit below 0, the cap of the switch. */
export function pagingOf(query: URLSearchParams, switches: Switches): Paging {
  const page = int32Of(query, 'page');
  const asked = int32Of(query, 'size');
  const cap = switches.maxPageSize;
  const wanted = asked === 0 ? switches.defaultPageSize : asked;
  if (wanted < 0 && cap === null) return { page: 1, size: null };
  const size = wanted < 0 ? (cap ?? switches.defaultPageSize) : Math.min(wanted, cap ?? wanted);
  return { page: Math.max(1, page), size };
}

function int32Of(query: URLSearchParams, name: string): number {
  const value = query.get(name) ?? '';
  if (value === '') return 0;
  if (!/^-?\d{1,10}$/.test(value)) {
    throw badRequest('api.query.invalid', `parameter ${name}: "${value}" is no int32`);
  }
  return Number(value);
}

/** Reads `sort`: `f`, `+f` and ` f` (a decoded plus) are ascending, `-f` and `!f` descending. */
export function sortOf(
  query: URLSearchParams,
  what: string,
  message: Message,
  refused: readonly string[] = [],
): Sort[] {
  const sorts: Sort[] = [];
  for (const value of query.getAll('sort')) {
    if (value.trim() === '') continue;
    const match = /^([+ !-]?)(.*)$/s.exec(value);
    const field = match?.[2] ?? '';
    const kind = message[field];
    if (typeof kind !== 'string' || kind === 'map' || kind === 'strings' || refused.includes(field)) {
      throw badRequest(`${what}.search.sort.invalid`, `sort: field "${field}" is not sortable`);
    }
    sorts.push({ field, descending: match?.[1] === '-' || match?.[1] === '!' });
  }
  return sorts;
}

/**
 * Reads `fields`: repeated, or separated by commas or spaces; `*` is the default set, `+` the default set with the
 * operational fields, of a dotted name the first part counts. Unknown names give nothing.
 */
export function fieldsOf(query: URLSearchParams, defaults: ReadonlySet<string>): ReadonlySet<string> {
  const names = query
    .getAll('fields')
    .flatMap((value) => (value === ' ' ? ['+'] : value.split(/[\s,]+/)))
    .filter((name) => name !== '');
  if (names.length === 0) return defaults;
  const fields = new Set<string>();
  for (const name of names) {
    if (name === '*' || name === '+') for (const field of defaults) fields.add(field);
    if (name === '+') for (const field of OPERATIONAL_FIELDS) fields.add(field);
    fields.add(name.split('.')[0] ?? name);
  }
  return fields;
}

/** Orders rows by the criteria, then by id as they were; unset values come last ascending, first descending. */
export function sortRows<T>(
  rows: readonly T[],
  sorts: readonly Sort[],
  message: Message,
  sourceOf: (row: T) => Source,
): T[] {
  const keyed = rows.map((row) => ({ row, source: sourceOf(row) }));
  const criteria = sorts.map((sort) => ({
    ...sort,
    compare: message[sort.field] === 'string' ? compareText : compareNumber,
  }));
  keyed.sort((a, b) => {
    for (const { field, descending, compare } of criteria) {
      const order = compare(a.source[field], b.source[field]);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

function compareText(a: unknown, b: unknown): number {
  const left = typeof a === 'string' ? a : '';
  const right = typeof b === 'string' ? b : '';
  if (left === right) return 0;
  if (left === '') return 1;
  if (right === '') return -1;
  return left < right ? -1 : 1;
}

function compareNumber(a: unknown, b: unknown): number {
  return Number(a ?? 0) - Number(b ?? 0);
}

/** Orders ids, which are int64 as text. */
export function compareIds(a: { id: string }, b: { id: string }): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** Cuts one page; `shift` moves its start. `next` is found by looking one row further. */
export function cutPage<T>(rows: readonly T[], paging: Paging, shift = 0): { items: T[]; next: boolean } {
  if (paging.size === null) return { items: [...rows], next: false };
  const start = Math.max(0, (paging.page - 1) * paging.size + shift);
  const more = rows.slice(start, start + paging.size + 1);
  return { items: more.slice(0, paging.size), next: more.length > paging.size };
}

/** Reads a JSON search body as if it were a query: lists repeat, nested objects get dotted names. */
export function queryOfBody(body: unknown): URLSearchParams {
  const query = new URLSearchParams();
  const add = (name: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) for (const item of value) add(name, item);
    else if (typeof value === 'object') {
      for (const [key, nested] of Object.entries(value)) add(name === '' ? key : `${name}.${key}`, nested);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      query.append(name, String(value));
    }
  };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('api.body.invalid', 'the body must be an object');
  }
  add('', body);
  return query;
}

/** Writes a list answer: `page`, `size` where the list has it, `next` and `items`, zero values as the switch says. */
export function listAnswer(
  paging: Paging,
  next: boolean,
  items: Json[],
  switches: Switches,
  sizeAs: 'number' | 'text' | 'none' = 'number',
): Json {
  const isDefaultSent = switches.emitDefaults;
  const answer: { [key: string]: Json } = {};
  if (paging.size !== null || isDefaultSent) answer['page'] = paging.size === null ? 0 : paging.page;
  if (sizeAs !== 'none' && (paging.size !== null || isDefaultSent)) {
    answer['size'] = sizeAs === 'text' ? String(paging.size ?? 0) : (paging.size ?? 0);
  }
  if (next || isDefaultSent) answer['next'] = next;
  if (items.length > 0 || isDefaultSent) answer['items'] = items;
  return answer;
}
