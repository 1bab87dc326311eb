import type { CellValue } from '../../app/ports/crm.ts';
import type { LookupRow } from '../mapping/project.ts';
import type { SetMapping } from '../mapping/schema.ts';
import type { DirectoryLicence, DirectoryUser, Ref } from '../person.ts';
import type { Operation, OperationEntity } from './plan.ts';

/** A licence product or a role as the directory knows it. */
export interface CatalogueItem {
  /** The licence's product, or the role's id: what identifies it for good. */
  readonly key: string;
  readonly name: string;
  /** Ids under which the CRM may know it, the preferred first: serials of a product, or the role's id. */
  readonly externalIds: readonly string[];
  readonly code: string | null;
  readonly limit: number | null;
  readonly used: number | null;
}

/** The items of one set, tied to the CRM's lookup rows, with the operations that create or refresh those rows. */
export interface Catalogue {
  readonly mapping: SetMapping;
  /** The lookup row of an item; every managed item has one, if only a planned one. */
  rowOf(key: string): string | undefined;
  /** The item that a lookup row stands for; `null` for rows that the directory or the managed set does not know. */
  keyOf(rowId: string): string | null;
  nameOf(key: string): string;
  readonly operations: readonly Operation[];
  /** The same where the plan takes or frees seats of some items: what the rows say is what will be. */
  operationsAfter(seatsTaken: ReadonlyMap<string, number>): readonly Operation[];
  /** Operation that creates the row of an item, if one is planned. */
  creationOf(key: string): string | undefined;
}

/** Licences by product, as the directory lists them and as its users hold them. */
export function licenceItems(
  licences: readonly DirectoryLicence[],
  users: readonly DirectoryUser[],
): CatalogueItem[] {
  const products = new Map<string, DirectoryLicence[]>();
  for (const licence of licences) push(products, licence.product, licence);
  const held = new Map<string, Set<string>>();
  for (const user of users)
    for (const { product, serial } of user.licences) {
      if (products.has(product)) continue;
      const serials = held.get(product);
      if (serials === undefined) held.set(product, new Set([serial]));
      else serials.add(serial);
    }
  const listed = [...products].map(([product, serials]) => {
    const byEnd = serials.toSorted((a, b) => endOf(b) - endOf(a) || (a.serial < b.serial ? -1 : 1));
    return {
      key: product,
      name: byEnd[0]?.name ?? product,
      externalIds: byEnd.map((licence) => licence.serial),
      code: product,
      limit: byEnd.reduce((sum, licence) => sum + licence.limit, 0),
      used: byEnd.reduce((sum, licence) => sum + licence.limit - licence.remain, 0),
    };
  });
  const unlisted = [...held].map(([product, serials]) => ({
    key: product,
    name: product,
    externalIds: [...serials].toSorted(),
    code: product,
    limit: null,
    used: null,
  }));
  return [...listed, ...unlisted].toSorted(byKey);
}

export function roleItems(roles: readonly Ref[], users: readonly DirectoryUser[]): CatalogueItem[] {
  const known = new Map(roles.map((role) => [role.id, role.name]));
  for (const user of users)
    for (const role of user.roles) if (!known.has(role.id)) known.set(role.id, role.name);
  return [...known]
    .map(([id, name]) => ({
      key: id,
      name: name || id,
      externalIds: [id],
      code: null,
      limit: null,
      used: null,
    }))
    .toSorted(byKey);
}

/**
 * Ties items to lookup rows: by external id, then by code, then by name (design §4). What has no row gets a planned
 * one; what the directory owns of a row (its id, a role's name, seats) is refreshed.
 */
export function tieCatalogue(
  entity: Extract<OperationEntity, 'licence' | 'role'>,
  items: readonly CatalogueItem[],
  rows: readonly LookupRow[],
  mapping: SetMapping,
  rowId: (key: string) => string,
): Catalogue {
  const managed = items.filter((item) => isManaged(item, mapping));
  const rowByKey = new Map<string, LookupRow>();
  const free = new Map(rows.map((row) => [row.id, row]));
  const claim = (item: CatalogueItem, fits: (row: LookupRow) => boolean): void => {
    if (rowByKey.has(item.key)) return;
    for (const row of free.values()) {
      if (!fits(row)) continue;
      rowByKey.set(item.key, row);
      free.delete(row.id);
      return;
    }
  };
  for (const item of managed)
    claim(item, (row) => row.externalId !== null && item.externalIds.includes(row.externalId));
  for (const item of managed)
    claim(item, (row) => row.code !== null && namesOf(item, mapping).has(fold(row.code)));
  for (const item of managed)
    claim(item, (row) => row.name !== null && namesOf(item, mapping).has(fold(row.name)));

  const keyByRow = new Map<string, string>();
  for (const [key, row] of rowByKey) keyByRow.set(row.id, key);
  // A second row of the same product (one a serial, say) means the same item.
  for (const item of managed)
    for (const row of free.values())
      if (row.externalId !== null && item.externalIds.includes(row.externalId))
        keyByRow.set(row.id, item.key);

  const idByKey = new Map(managed.map((item) => [item.key, rowByKey.get(item.key)?.id ?? rowId(item.key)]));
  const creations = new Map<string, string>();
  const operationsAfter = (seatsTaken: ReadonlyMap<string, number>): Operation[] =>
    managed.flatMap((item) => {
      const row = rowByKey.get(item.key);
      const taken = seatsTaken.get(item.key) ?? 0;
      const then = item.used === null || taken === 0 ? item : { ...item, used: item.used + taken };
      if (row !== undefined) return refresh(entity, then, row, mapping) ?? [];
      const operation = creation(entity, then, idByKey.get(item.key) ?? '', mapping);
      creations.set(item.key, operation.id);
      return operation;
    });
  const operations = operationsAfter(new Map());
  const names = new Map(items.map((item) => [item.key, item.name]));
  return {
    mapping,
    rowOf: (key) => idByKey.get(key),
    keyOf: (id) => keyByRow.get(id) ?? null,
    nameOf: (key) => names.get(key) ?? key,
    operations,
    operationsAfter,
    creationOf: (key) => creations.get(key),
  };
}

function creation(
  entity: 'licence' | 'role',
  item: CatalogueItem,
  id: string,
  mapping: SetMapping,
): Operation {
  const { lookup, aliases } = mapping;
  const after: Record<string, CellValue> = {
    [lookup.name]: aliases[item.key] ?? aliases[item.name] ?? item.name,
  };
  if (lookup.code !== undefined && item.code !== null) after[lookup.code] = item.code;
  if (lookup.externalId !== undefined) after[lookup.externalId] = item.externalIds[0] ?? null;
  Object.assign(after, seats(item, mapping));
  return {
    id: `${entity}.create:${id}`,
    entity,
    kind: 'create',
    person: null,
    target: { entity: lookup.entity, id },
    before: null,
    after,
    reason: `The directory has the ${entity} ${item.name}, which the CRM's list lacks.`,
    dependsOn: [],
  };
}

function refresh(
  entity: 'licence' | 'role',
  item: CatalogueItem,
  row: LookupRow,
  mapping: SetMapping,
): Operation | null {
  const { lookup } = mapping;
  const before: Record<string, CellValue> = {};
  const after: Record<string, CellValue> = {};
  const reasons: string[] = [];
  const [preferred] = item.externalIds;
  if (
    lookup.externalId !== undefined &&
    preferred !== undefined &&
    !item.externalIds.includes(row.externalId ?? '')
  ) {
    before[lookup.externalId] = row.externalId;
    after[lookup.externalId] = preferred;
    reasons.push(
      row.externalId === null ? 'its directory id was not kept yet' : 'it was renewed under another id',
    );
  }
  const renamed =
    entity === 'role' && row.name !== item.name && !namesOf(item, mapping).has(fold(row.name ?? ''));
  if (renamed) {
    before[lookup.name] = row.name;
    after[lookup.name] = item.name;
    reasons.push('it was renamed in the directory');
  }
  for (const [column, value] of Object.entries(seats(item, mapping))) {
    const now = column === lookup.limit ? row.limit : row.used;
    if (now === value) continue;
    before[column] = now;
    after[column] = value;
    if (!reasons.includes('its seats changed')) reasons.push('its seats changed');
  }
  if (reasons.length === 0) return null;
  return {
    id: `${entity}.update:${row.id}`,
    entity,
    kind: 'update',
    person: null,
    target: { entity: lookup.entity, id: row.id },
    before,
    after,
    reason: `The ${entity} ${item.name} is brought up to date: ${reasons.join(', ')}.`,
    dependsOn: [],
  };
}

function seats(item: CatalogueItem, mapping: SetMapping): Record<string, CellValue> {
  const { limit, used } = mapping.lookup;
  const cells: Record<string, CellValue> = {};
  if (limit !== undefined && item.limit !== null) cells[limit] = item.limit;
  if (used !== undefined && item.used !== null) cells[used] = item.used;
  return cells;
}

/** Codes and names under which the CRM may list an item, folded: its alias, product and name. */
function namesOf(item: CatalogueItem, mapping: SetMapping): Set<string> {
  const alias = mapping.aliases[item.key] ?? mapping.aliases[item.name];
  if (alias !== undefined) return new Set([fold(alias)]);
  return new Set([item.code, item.name].filter((name) => name !== null).map(fold));
}

function isManaged(item: CatalogueItem, mapping: SetMapping): boolean {
  return (
    mapping.managed === 'all' || mapping.managed.includes(item.key) || mapping.managed.includes(item.name)
  );
}

function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

function endOf(licence: DirectoryLicence): number {
  return licence.validUntil ?? Number.MAX_SAFE_INTEGER;
}

function byKey(a: CatalogueItem, b: CatalogueItem): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
