import type { Link } from '../domain/person.ts';
import type { PlanInput } from '../domain/planning/input.ts';
import { detailColumns, projectDetail, projectRecord, recordColumns } from '../domain/mapping/project.ts';
import type { AppDeps } from './deps.ts';
import type { CrmRow } from './ports/crm.ts';

/** What the CRM holds once everything that seemed to be missing was asked for by its id. */
export interface ConfirmedCrm {
  readonly read: PlanInput['crm'];
  /** Records of links that are gone for certain. */
  readonly missingRecords: ReadonlySet<string>;
}

/**
 * Absence of one row is believed only after a direct read of its id (design §5): the records of links, and the licence and
 * role rows that their bases know. Rows that turn up after all join the reading.
 */
export async function confirmMissing(
  deps: AppDeps,
  read: PlanInput['crm'],
  links: readonly Link[],
  signal: AbortSignal | undefined,
): Promise<ConfirmedCrm> {
  const { record, licences, roles } = deps.mapping;
  const active = links.filter(({ status }) => status === 'active');
  const shown = new Set(read.records.map(({ id }) => id));
  const absent = active.map(({ recordId }) => recordId).filter((id) => !shown.has(id));
  const found = (await rowsById(deps, record.entity, recordColumns(record), absent, signal)).map((row) =>
    projectRecord(row, record),
  );
  const present = new Set([...shown, ...found.map(({ id }) => id)]);
  const details = async (which: 'licences' | 'roles'): Promise<PlanInput['crm']['licenceDetails']> => {
    const mapping = which === 'licences' ? licences : roles;
    const own = which === 'licences' ? read.licenceDetails : read.roleDetails;
    if (mapping === undefined) return own;
    const known = new Set(own.map(({ id }) => id));
    // The rows of a record that is gone went with it.
    const lost = active
      .filter(({ recordId }) => present.has(recordId))
      .flatMap(({ base }) => Object.values(base[which].rows))
      .filter((id) => !known.has(id));
    const rows = await rowsById(deps, mapping.detail.entity, detailColumns(mapping), lost, signal);
    return rows.length === 0 ? own : [...own, ...rows.map((row) => projectDetail(row, mapping))];
  };
  const [licenceDetails, roleDetails] = await Promise.all([details('licences'), details('roles')]);
  return {
    read: { ...read, records: [...read.records, ...found], licenceDetails, roleDetails },
    missingRecords: new Set(absent.filter((id) => !present.has(id))),
  };
}

async function rowsById(
  { crm }: AppDeps,
  entity: string,
  columns: readonly string[],
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly CrmRow[]> {
  if (ids.length === 0) return [];
  return crm.findRows({
    entity,
    columns,
    by: { column: 'Id', values: ids },
    ...(signal === undefined ? {} : { signal }),
  });
}
