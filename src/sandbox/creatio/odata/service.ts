import type { Json } from '../../types.ts';
import { badQuery, noRecord, Refusal, refusal, securityError, serverError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Column, Entity } from '../schema.ts';
import type { Store, StoreReader } from '../store.ts';
import type { Switches } from '../switches.ts';
import { isGuid, writeValue, type StoredRow, type WriteOptions } from '../values.ts';
import type { Writer } from '../write/writer.ts';
import { contextSuffix, readBody, writeRow } from './bodies.ts';
import { writeMetadata, writeServiceDocument } from './metadata.ts';
import { parseOptions, type QueryOptions } from './options.ts';
import { compileFilter } from './filter.ts';
import { unknownProperty } from './paths.ts';
import type { Queries } from './query.ts';

/** One OData request, of the wire or of a batch. */
export interface ODataRequest {
  method: string;
  /** Below the service root, without slash at the start, with query; still percent-encoded. */
  address: string;
  body: unknown;
  /** Absolute URL of the service root, without slash at the end. */
  root: string;
  /** The caller's contact. */
  contactId: string | null;
}

/** Its answer. A body of type string is sent as it stands, any other as JSON. */
export interface ODataResponse {
  status: number;
  headers: Record<string, string>;
  body?: Json;
}

export interface ODataDeps {
  store: Store;
  /** The tables as requests read them. */
  committed: StoreReader;
  queries: Queries;
  writer: Writer;
  model: () => Model;
  switches: () => Switches;
  random: () => number;
}

/** Answers one request; what is refused comes back as an answer, too. */
export type ODataService = (request: ODataRequest) => ODataResponse;

const JSON_TYPE = 'application/json; odata.metadata=minimal; odata.streaming=true';
/** Users and rights are written by other services only, the log of processes by their engine. */
const READ_ONLY = ['SysAdminUnit', 'VwSysAdminUnit', 'SysUserInRole', 'SysProcessLog'];

/** Creates the service behind `/odata`, without sessions and without `$batch`. */
export function createODataService(deps: ODataDeps): ODataService {
  return (request) => {
    try {
      return answer(request, deps);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  };
}

/** The answer that a refusal makes. */
export function refused({ status, body }: Refusal): ODataResponse {
  if (body === undefined) return { status, headers: {} };
  const isPage = typeof body === 'string';
  return {
    status,
    headers: isPage ? { 'content-type': 'text/html' } : { 'content-type': JSON_TYPE, 'odata-version': '4.0' },
    body,
  };
}

function answer(request: ODataRequest, deps: ODataDeps): ODataResponse {
  const [path = '', ...rest] = request.address.split('?');
  const query = rest.join('?');
  const segments = path.split('/').filter((segment) => segment !== '');
  const [head = '', ...tail] = segments.map(decodeSegment);
  if (head === '') return json(200, writeServiceDocument(deps.model(), request.root));
  if (head === '$metadata') {
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: writeMetadata(deps.model()) };
  }

  const [, name = head, keyInParentheses] = /^([^()]+)\((.*)\)$/.exec(head) ?? [];
  const entity = deps.model().byName.get(name);
  if (entity === undefined) throw unknownSet(name, deps.switches());
  const hasKeySegment = keyInParentheses === undefined && tail[0] !== undefined && tail[0] !== '$count';
  const key = hasKeySegment ? tail.shift() : keyInParentheses;
  const isRead = request.method === 'GET';
  checkRights(entity, isRead, deps.switches());

  if (key === undefined) {
    if (isRead) return readCollection(request, entity, query, tail[0] === '$count', deps);
    if (request.method === 'POST' && tail.length === 0) return create(request, entity, undefined, deps);
    throw notAllowed(request.method);
  }
  const id = parseKey(key);
  if (isRead) return readOne(request, entity, id, tail, query, deps);
  if (tail.length > 0) throw notAllowed(request.method);
  return write(request, entity, id, deps);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refusal(400, 'The address is not percent-encoded as it must be.');
  }
}

function parseKey(key: string): string {
  const text = key.replace(/^Id=/, '');
  if (!isGuid(text)) throw badQuery(`The key '${key}' is not a value of type 'Edm.Guid'.`);
  return text.toLowerCase();
}

function checkRights(entity: Entity, isRead: boolean, switches: Switches): void {
  if (switches.denyRead.includes(entity.name)) throw securityError(entity.name);
  if (isRead) return;
  if (READ_ONLY.includes(entity.code) || switches.denyWrite.includes(entity.name)) {
    throw securityError(entity.name);
  }
}

function readCollection(
  request: ODataRequest,
  entity: Entity,
  query: string,
  isCountOnly: boolean,
  deps: ODataDeps,
): ODataResponse {
  const switches = deps.switches();
  const options = parseOptions(query, entity, deps.model(), switches);
  const found = deps.queries.find(entity, options.filter, options.orderby);
  if (isCountOnly) {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(found.length) };
  }
  const page = pageOf(found, options, switches.maxEntityRowCount);
  const format = writeOptions(switches);
  return json(200, {
    '@odata.context': `${request.root}/$metadata#${entity.name}${contextSuffix(options.shape)}`,
    ...(options.isCounted ? { '@odata.count': found.length } : {}),
    value: page.map((row) => writeRow(row, options.shape, deps.committed, format)),
  });
}

function pageOf(
  rows: readonly StoredRow[],
  { skip, top }: QueryOptions,
  limit: number,
): readonly StoredRow[] {
  const page = rows.slice(skip, top === undefined ? undefined : skip + top);
  if (page.length > limit) {
    throw serverError(
      `The number of rows exceeds the limit of ${limit} set by MaxEntityRowCount`,
      'Terrasoft.Common.ItemLimitExceededException',
    );
  }
  return page;
}

function readOne(
  request: ODataRequest,
  entity: Entity,
  id: string,
  tail: readonly string[],
  query: string,
  deps: ODataDeps,
): ODataResponse {
  const switches = deps.switches();
  const { shape, filter } = parseOptions(query, entity, deps.model(), switches);
  const row = deps.committed.get(entity.code, id);
  const isFound =
    row !== undefined &&
    (filter === undefined ||
      compileFilter(filter, {
        entity,
        model: deps.model(),
        store: deps.committed,
        isCaseSensitive: true,
      }).test(row));
  if (!isFound) throw noRecord();
  const format = writeOptions(switches);
  const [property, value] = tail;
  if (property === undefined) {
    const context = `${request.root}/$metadata#${entity.name}${contextSuffix(shape)}/$entity`;
    return json(200, { '@odata.context': context, ...writeRow(row, shape, deps.committed, format) });
  }
  const navigation = entity.byNavigation.get(property);
  if (navigation !== undefined) return readNavigation(request, row, navigation, deps);
  const column = entity.byName.get(property);
  if (column === undefined) throw unknownProperty(property, entity);
  const written = writeValue(column, row[column.code], format);
  if (value === '$value') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: valueText(written) };
  }
  const context = `${request.root}/$metadata#${entity.name}(${id})/${column.name}`;
  return json(200, { '@odata.context': context, value: written });
}

function readNavigation(
  request: ODataRequest,
  row: StoredRow,
  column: Column,
  deps: ODataDeps,
): ODataResponse {
  const target = column.lookup === undefined ? undefined : deps.model().byCode.get(column.lookup.target);
  const id = row[column.code];
  if (target === undefined || typeof id !== 'string') return { status: 204, headers: {} };
  return readOne(request, target, id, [], '', deps);
}

function create(
  request: ODataRequest,
  entity: Entity,
  id: string | undefined,
  deps: ODataDeps,
): ODataResponse {
  const switches = deps.switches();
  const changes = readBody(request.body, entity, 'insert', switches);
  if (id !== undefined) changes.set('Id', id);
  const row = deps.writer.create(entity, changes, request.contactId);
  failAfterWrite(deps);
  const shape = { columns: entity.columns, isSelected: false, expansions: [] };
  const body = {
    '@odata.context': `${request.root}/$metadata#${entity.name}/$entity`,
    ...writeRow(row, shape, deps.store, { ...writeOptions(switches), isPrecise: true }),
  };
  const response = json(201, body);
  const location = `${request.root}/${entity.name}(${String(row['Id'])})`;
  return { ...response, headers: { location, ...response.headers } };
}

function write(request: ODataRequest, entity: Entity, id: string, deps: ODataDeps): ODataResponse {
  const switches = deps.switches();
  const { method, body, contactId } = request;
  if (method === 'DELETE') {
    deps.writer.remove(entity, id);
  } else if (method === 'PATCH' || method === 'PUT') {
    const changes = readBody(body, entity, 'update', switches);
    if (deps.store.get(entity.code, id) === undefined) {
      if (switches.patchUpsert) return create(request, entity, id, deps);
      throw noRecord();
    }
    deps.writer.update(entity, id, changes, contactId, method === 'PUT' ? 'replace' : 'merge');
  } else {
    throw notAllowed(method);
  }
  failAfterWrite(deps);
  return { status: 204, headers: { 'odata-version': '4.0' } };
}

/** The row is stored, and a handler behind the insert fails. */
function failAfterWrite({ switches, random }: ODataDeps): void {
  const probability = switches().postWriteError;
  if (probability > 0 && random() < probability) {
    throw serverError('A handler that runs after the save has failed', 'System.InvalidOperationException');
  }
}

const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const notAllowed = (method: string) =>
  refusal(405, `The requested resource does not support http method '${method}'.`);

function unknownSet(name: string, { unknownSet: answerWith }: Switches): Refusal {
  if (answerWith === '401') return new Refusal(401, 'The entity set is unknown.', undefined);
  if (answerWith === '404-html') return new Refusal(404, 'The entity set is unknown.', notFoundPage());
  return new Refusal(404, 'The entity set is unknown.', {
    Message: `No HTTP resource was found that matches the request URI '${name}'.`,
    MessageDetail: `No type was found that matches the controller named '${name}'.`,
  });
}

/** The web server's own page for what it does not serve. */
export const notFoundPage = (): string =>
  '<!DOCTYPE html>\r\n<html><head><title>404 - File or directory not found.</title></head>\r\n<body><h1>Server Error</h1><h2>404 - File or directory not found.</h2></body></html>\r\n';

const writeOptions = ({ fakeLocalZ }: Switches): WriteOptions => ({ fakeLocalZ, isPrecise: false });

const json = (status: number, body: Json): ODataResponse => ({
  status,
  headers: { 'content-type': JSON_TYPE, 'odata-version': '4.0' },
  body,
});
