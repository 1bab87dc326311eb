import {
  contactColumns,
  crmUserColumns,
  detailColumns,
  lookupColumns,
  recordColumns,
} from '../domain/mapping/project.ts';
import type { Link } from '../domain/person.ts';
import { lookupProblems, pageProblems } from '../domain/planning/completeness.ts';
import { confirmMissing } from './confirm-missing.ts';
import type { AppDeps } from './deps.ts';
import { checkMapping } from './mapping-check.ts';
import type { CrmRow } from './ports/crm.ts';
import { signIn } from './read-directory.ts';
import type { CollectionSize, ReadOptions } from './reading.ts';
import { lastSize } from './remembered.ts';
import { projectCrm, type Snapshot } from './snapshot.ts';

/** From so many records on, reading everything in pages takes fewer requests than asking for each (design §6). */
export const READ_ALL_FROM = 20;

/** How often people are taken in because others want what they have. */
const WIDENINGS = 5;

/**
 * Reads a few telephony records afresh, with everything that belongs to them on both sides. Whoever holds a login, an
 * extension or an e-mail that one of them is to get is read as well, so that two people can swap theirs.
 */
export async function readSome(
  deps: AppDeps,
  recordIds: readonly string[],
  options: ReadOptions,
): Promise<Snapshot> {
  const { directory, crm, mapping } = deps;
  const { signal } = options;
  const given = signal === undefined ? {} : { signal };
  const [account] = await Promise.all([signIn(deps, signal), crm.whoAmI(signal)]);
  const schema = await crm.describe(signal);
  checkMapping(mapping, schema);
  const links = await deps.store.links.all(mapping.directory);
  const linkOfRecord = new Map(links.map((link) => [link.recordId, link]));

  const byIds = async (
    entity: string,
    columns: readonly string[],
    values: readonly string[],
    column = 'Id',
  ): Promise<readonly CrmRow[]> =>
    values.length === 0 ? [] : crm.findRows({ entity, columns, by: { column, values }, ...given });
  const sizes: CollectionSize[] = [];
  const problems: string[] = [];
  const probed = (entity: string, rows: number): void => {
    if (rows > 0) sizes.push({ entity, rows, pageSize: crm.capabilities.probeTerms });
  };
  const all = async (entity: string, columns: readonly string[]): Promise<readonly CrmRow[]> => {
    const read = await crm.readRows({ entity, columns, ...given });
    // A lookup row that was passed over would make its licence look as if somebody had taken it away.
    problems.push(...lookupProblems(read, await lastSize(deps, entity), entity));
    sizes.push({ entity, rows: read.items.length, pageSize: crm.capabilities.pageSize });
    return read.items;
  };

  const { record, contact, crmUser, licences, roles } = mapping;
  const wanted = new Set(recordIds);
  const records = [...(await byIds(record.entity, recordColumns(record), [...wanted]))];
  probed(record.entity, wanted.size);
  for (let round = 0; round < WIDENINGS; round += 1) {
    const more = holdersOf(deps, records, links).filter((id) => !wanted.has(id));
    if (more.length === 0) break;
    for (const id of more) wanted.add(id);
    records.push(...(await byIds(record.entity, recordColumns(record), more)));
    probed(record.entity, more.length);
  }

  const none: Promise<readonly CrmRow[]> = Promise.resolve([]);
  const ids = records.map((row) => String(row['Id']));
  const named = (column: string): string[] =>
    records.filter((row) => !linkOfRecord.has(String(row['Id']))).flatMap((row) => textOf(row[column]));
  const own = [...wanted].flatMap((id) => linkOfRecord.get(id) ?? []);
  const [
    licenceList,
    roleList,
    users,
    crmUsers,
    licenceRows,
    licenceDetails,
    roleRows,
    roleDetails,
    directoryRows,
    statusRows,
  ] = await Promise.all([
    directory.readLicences(signal),
    directory.readRoles(signal),
    own.length === 0
      ? []
      : directory.readUsersById(
          own.map(({ directoryUserId }) => directoryUserId),
          signal,
        ),
    byIds(crmUser.entity, crmUserColumns(crmUser), named(record.crmUser)),
    licences ? all(licences.lookup.entity, lookupColumns(licences)) : none,
    licences ? byIds(licences.detail.entity, detailColumns(licences), ids, licences.detail.record) : none,
    roles ? all(roles.lookup.entity, lookupColumns(roles)) : none,
    roles ? byIds(roles.detail.entity, detailColumns(roles), ids, roles.detail.record) : none,
    record.directory ? all(record.directory.entity, ['Id', 'Name']) : none,
    record.status ? all(record.status.entity, ['Id', 'Name']) : none,
  ]);
  const contactIds = [...named(record.contact), ...crmUsers.flatMap((row) => textOf(row[crmUser.contact]))];
  const contacts = await byIds(contact.entity, contactColumns(contact), contactIds);
  const { pageSize } = directory.capabilities;
  sizes.push(
    { entity: 'licences', rows: licenceList.rows ?? licenceList.items.length, pageSize },
    { entity: 'roles', rows: roleList.rows ?? roleList.items.length, pageSize },
  );
  probed('users', own.length);
  probed(crmUser.entity, crmUsers.length);
  probed(contact.entity, contactIds.length);
  if (licences) probed(licences.detail.entity, ids.length);
  if (roles) probed(roles.detail.entity, ids.length);

  const alive = new Map(users.filter(({ deleted }) => !deleted).map((user) => [user.id, user]));
  const read = {
    ...projectCrm(deps, {
      records,
      contacts,
      crmUsers,
      licenceRows,
      licenceDetails,
      roleRows,
      roleDetails,
      directoryRows,
      statusRows,
    }),
    problems,
  };
  const confirmed = await confirmMissing(deps, read, own, signal);
  return {
    schema,
    directory: {
      product: directory.product,
      domainId: account.domainId,
      ownUserId: account.userId,
      users: [...alive.values()],
      licences: licenceList.items,
      roles: roleList.items,
      problems: [...pageProblems(licenceList, 'licences'), ...pageProblems(roleList, 'roles')],
    },
    crm: confirmed.read,
    links: own,
    goneUserIds: new Set(own.map(({ directoryUserId }) => directoryUserId).filter((id) => !alive.has(id))),
    missingRecords: confirmed.missingRecords,
    population: (await lastSize(deps, 'users')) ?? links.length,
    isPartial: true,
    sizes,
  };
}

/** Records of linked people who had, when last met, a login, an extension or an e-mail that a record names now. */
function holdersOf({ mapping }: AppDeps, records: readonly CrmRow[], links: readonly Link[]): string[] {
  return (['login', 'extension', 'email'] as const).flatMap((field) => {
    const column = mapping.record.fields[field]?.column;
    if (column === undefined) return [];
    const wanted = new Set(records.flatMap((row) => textOf(row[column]).map((text) => text.toLowerCase())));
    return links
      .filter(({ base }) => wanted.has(String(base.fields[field]?.directory ?? '').toLowerCase()))
      .map(({ recordId }) => recordId);
  });
}

function textOf(value: CrmRow[string] | undefined): string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}
