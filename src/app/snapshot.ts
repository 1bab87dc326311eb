import {
  contactColumns,
  crmUserColumns,
  detailColumns,
  lookupColumns,
  projectContact,
  projectCrmUser,
  projectDetail,
  projectLookup,
  projectRecord,
  recordColumns,
} from '../domain/mapping/project.ts';
import type { Link } from '../domain/person.ts';
import type { PlanInput } from '../domain/planning/input.ts';
import { crmProblems, lookupProblems, lossProblems } from '../domain/planning/completeness.ts';
import type { AppDeps } from './deps.ts';
import { checkMapping } from './mapping-check.ts';
import type { RunFigures, RunReading } from './ports/runs.ts';
import type { CellValue, CrmFilter, CrmRead, CrmRow, CrmSchema } from './ports/crm.ts';
import { confirmMissing } from './confirm-missing.ts';
import { goneFrom, yardstickOf } from './known-rows.ts';
import { confirmGone, readDirectory } from './read-directory.ts';
import type { CollectionSize, ReadOptions } from './reading.ts';
import { lastSize, rememberDomain, rememberSize, rememberStrangers } from './remembered.ts';
import { sideBySide } from './side-by-side.ts';

/** Both sides as they were read, projected, with everything that speaks against their completeness. */
export interface Snapshot {
  readonly schema: CrmSchema;
  readonly directory: PlanInput['directory'];
  readonly crm: PlanInput['crm'];
  readonly links: readonly Link[];
  readonly goneUserIds: ReadonlySet<string>;
  /** Records of links that a direct read confirmed to be gone; where nobody asked, none. */
  readonly missingRecords: ReadonlySet<string>;
  /** Users that the directory holds, read or not. */
  readonly population: number;
  /** Only a few records were read, with what belongs to them. */
  readonly isPartial: boolean;
  readonly sizes: readonly CollectionSize[];
}

/**
 * Reads both sides at once (design §5, Read). A reading that is not complete is repeated once; what is wrong with the
 * second is in `problems`.
 *
 * @throws RollcallError CONFIGURATION when the mapping names what the CRM lacks, CONFLICT when the directory's domain
 *   is not the one that people were linked in, and whatever the connectors throw
 */
export async function readBoth(
  deps: AppDeps,
  options: ReadOptions & { readonly confirmsMissing?: boolean },
): Promise<Snapshot> {
  const [directory, crm] = await sideBySide(
    options.signal,
    (signal) => readDirectory(deps, { ...options, signal }),
    (signal) => readCrm(deps, { ...options, signal }),
  );
  const links = await deps.store.links.all(deps.mapping.directory);
  const shown = new Set(directory.read.users.map((user) => user.id));
  const problems = [...directory.read.problems];
  const missing = links.filter((link) => !shown.has(link.directoryUserId));
  const confirmed = await confirmGone(deps, missing, problems, options.signal);
  if (confirmed.hidden.length > 0)
    problems.push(
      `users: ${confirmed.hidden.length} linked users exist (${confirmed.hidden.slice(0, 3).join(', ')}) although the list lacks them`,
    );
  const { read: crmRead, missingRecords } =
    options.confirmsMissing === true && crm.read.problems.length === 0
      ? await confirmMissing(deps, crm.read, links, options.signal)
      : { read: crm.read, missingRecords: new Set<string>() };
  return {
    schema: crm.schema,
    directory: { ...directory.read, problems },
    crm: crmRead,
    links,
    goneUserIds: confirmed.gone,
    missingRecords,
    population: directory.read.users.length,
    isPartial: false,
    sizes: [...directory.sizes, ...crm.sizes],
  };
}

/** What a run remembers of its reading until its end. */
export function readingOf(
  deps: AppDeps,
  snapshot: Snapshot,
  crmUserRight: RunReading['crmUserRight'],
  strangers: RunReading['strangers'],
): RunReading {
  return {
    readAt: new Date(deps.clock.now()).toISOString(),
    domainId: snapshot.directory.domainId,
    sizes: snapshot.sizes,
    showsOwnRows: false,
    isPartial: snapshot.isPartial,
    strangers,
    crmUserRight,
  };
}

/**
 * Keeps what the next reading is measured against; called once a run has been applied on a complete reading.
 *
 * @param operations what was done after the reading: rows that it made are there now, too, and those that it removed are not
 */
export async function rememberComplete(
  deps: AppDeps,
  reading: RunReading,
  complete: { readonly directory: boolean; readonly crm: boolean },
  operations: RunFigures['operations'],
): Promise<void> {
  const changes = reading.showsOwnRows ? new Map<string, number>() : sizeChanges(operations);
  if (complete.crm && reading.strangers !== null) await rememberStrangers(deps, reading.strangers);
  if (complete.directory) await rememberDomain(deps, reading.domainId);
  for (const { entity, rows } of reading.sizes)
    if (entity === 'users' ? complete.directory : complete.crm)
      await rememberSize(deps, entity, Math.max(0, rows + (changes.get(entity) ?? 0)));
}

/** The same for a run that read a few rows only: what it made and removed is counted on what was remembered. */
export async function rememberChanges(deps: AppDeps, operations: RunFigures['operations']): Promise<void> {
  for (const [entity, change] of sizeChanges(operations)) {
    const last = await lastSize(deps, entity);
    if (last !== null) await rememberSize(deps, entity, Math.max(0, last + change));
  }
}

/** Rows made less rows removed, by collection. */
function sizeChanges(operations: RunFigures['operations']): Map<string, number> {
  const changes = new Map<string, number>();
  for (const { kind, state, target, count } of operations)
    if (kind !== 'update' && state === 'confirmed')
      changes.set(target, (changes.get(target) ?? 0) + (kind === 'create' ? count : -count));
  return changes;
}

async function readCrm(
  deps: AppDeps,
  options: ReadOptions & { readonly confirmsMissing?: boolean },
): Promise<{ schema: CrmSchema; read: PlanInput['crm']; sizes: CollectionSize[] }> {
  const { crm, mapping } = deps;
  await crm.whoAmI(options.signal);
  const schema = await crm.describe(options.signal);
  checkMapping(mapping, schema);

  const links = await deps.store.links.all(mapping.directory);
  const sizes: CollectionSize[] = [];
  const problems: string[] = [];
  const collection = async (
    entity: string,
    columns: readonly string[],
    filter?: readonly CrmFilter[],
    judge = crmProblems,
  ) => {
    const last = options.acceptFewer === true ? null : await yardstickOf(deps, entity, links);
    const query = { entity, columns, ...(filter === undefined ? {} : { filter }), ...signalOf(options) };
    let read: CrmRead = await crm.readRows(query);
    let found = judge(read, last, entity);
    if (found.length > 0) {
      deps.logger.warn('The reading of a collection of the CRM is not complete and is repeated.', {
        entity,
        problems: found,
      });
      read = await crm.readRows(query);
      found = judge(read, last, entity);
    }
    // Rows that are certain to be gone are not rows that the reading lacks.
    if (found.length > 0 && last !== null && options.confirmsMissing === true) {
      const gone = await goneFrom(deps, entity, read.items, links, options.signal);
      found = [...judge(read, last - gone, entity), ...lossProblems(read.items.length, gone, entity)];
    }
    problems.push(...found);
    sizes.push({ entity, rows: read.items.length, pageSize: crm.capabilities.pageSize });
    return read.items;
  };
  const lookup = (entity: string, columns: readonly string[]) =>
    collection(entity, columns, undefined, lookupProblems);
  const none: Promise<readonly CrmRow[]> = Promise.resolve([]);
  const { record, contact, crmUser, licences, roles } = mapping;
  const [
    records,
    contacts,
    crmUsers,
    licenceRows,
    licenceDetails,
    roleRows,
    roleDetails,
    directoryRows,
    statusRows,
  ] = await Promise.all([
    collection(record.entity, recordColumns(record)),
    collection(contact.entity, contactColumns(contact)),
    collection(crmUser.entity, crmUserColumns(crmUser), [
      { column: crmUser.type.column, anyOf: [crmUser.type.employee] },
    ]),
    licences ? lookup(licences.lookup.entity, lookupColumns(licences)) : none,
    licences ? collection(licences.detail.entity, detailColumns(licences)) : none,
    roles ? lookup(roles.lookup.entity, lookupColumns(roles)) : none,
    roles ? collection(roles.detail.entity, detailColumns(roles)) : none,
    record.directory ? lookup(record.directory.entity, ['Id', 'Name']) : none,
    record.status ? lookup(record.status.entity, ['Id', 'Name']) : none,
  ]);

  const rows = {
    records,
    contacts,
    crmUsers,
    licenceRows,
    licenceDetails,
    roleRows,
    roleDetails,
    directoryRows,
    statusRows,
  };
  return { schema, sizes, read: { ...projectCrm(deps, rows), problems } };
}

/** Rows of the CRM by what they are to us. */
export interface CrmRows {
  readonly records: readonly CrmRow[];
  readonly contacts: readonly CrmRow[];
  readonly crmUsers: readonly CrmRow[];
  readonly licenceRows: readonly CrmRow[];
  readonly licenceDetails: readonly CrmRow[];
  readonly roleRows: readonly CrmRow[];
  readonly roleDetails: readonly CrmRow[];
  readonly directoryRows: readonly CrmRow[];
  readonly statusRows: readonly CrmRow[];
}

/** What the rows say, in the canonical model. */
export function projectCrm({ crm, mapping }: AppDeps, rows: CrmRows): Omit<PlanInput['crm'], 'problems'> {
  const { record, contact, crmUser, licences, roles } = mapping;
  const users = rows.crmUsers.map((row) => projectCrmUser(row, crmUser));
  const contactsOfUsers = new Set(users.flatMap((user) => (user.contactId === null ? [] : [user.contactId])));
  return {
    product: crm.product,
    records: rows.records.map((row) => projectRecord(row, record)),
    standing: new Map(rows.records.map((row) => [String(row['Id']), standingOf(row, mapping)])),
    contacts: rows.contacts.map((row) => projectContact(row, contact, contactsOfUsers)),
    crmUsers: users,
    licenceRows: licences ? rows.licenceRows.map((row) => projectLookup(row, licences)) : [],
    roleRows: roles ? rows.roleRows.map((row) => projectLookup(row, roles)) : [],
    licenceDetails: licences ? rows.licenceDetails.map((row) => projectDetail(row, licences)) : [],
    roleDetails: roles ? rows.roleDetails.map((row) => projectDetail(row, roles)) : [],
    directoryRows: rows.directoryRows.map(refOf),
    statusRows: rows.statusRows.map(refOf),
  };
}

function standingOf(row: CrmRow, mapping: AppDeps['mapping']): Record<string, CellValue> {
  const cells: Record<string, CellValue> = {};
  for (const column of [mapping.record.directory?.column, mapping.record.status?.column])
    if (column !== undefined) cells[column] = row[column] ?? null;
  return cells;
}

function refOf(row: CrmRow): { id: string; name: string } {
  const name = row['Name'];
  return { id: String(row['Id']), name: typeof name === 'string' ? name : '' };
}

function signalOf(options: Pick<ReadOptions, 'signal'>): { signal?: AbortSignal } {
  return options.signal === undefined ? {} : { signal: options.signal };
}
