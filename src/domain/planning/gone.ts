import type { CellValue } from '../../app/ports/crm.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Link, TelephonyRecord } from '../person.ts';
import type { NamedRowPlan } from './named-row.ts';
import type { Operation, PlannedGone } from './plan.ts';

export interface GonePlan {
  readonly operations: readonly Operation[];
  readonly people: readonly PlannedGone[];
}

/**
 * Linked users that a direct read confirmed absent: the record's status says so, and nothing else is touched (design
 * §5, Gone). A record that the CRM has no longer needs no mark.
 */
export function planGone(
  links: readonly Link[],
  mapping: Mapping,
  recordById: ReadonlyMap<string, TelephonyRecord>,
  standing: ReadonlyMap<string, Readonly<Record<string, CellValue>>>,
  statusRow: NamedRowPlan | null,
): GonePlan {
  const { status } = mapping.record;
  const operations: Operation[] = [];
  const people: PlannedGone[] = [];
  for (const link of links) {
    const isNew = link.status === 'active';
    const reason = `${link.login} was in the directory at the last import; reading it by its id finds it no more.`;
    people.push({ userId: link.directoryUserId, login: link.login, recordId: link.recordId, isNew, reason });
    if (!isNew || status === undefined || statusRow === null || !recordById.has(link.recordId)) continue;
    const now = standing.get(link.recordId)?.[status.column] ?? null;
    if (now === statusRow.id) continue;
    operations.push({
      id: `telephonyRecord.update:${link.recordId}`,
      entity: 'telephonyRecord',
      kind: 'update',
      person: link.directoryUserId,
      target: { entity: mapping.record.entity, id: link.recordId },
      before: { [status.column]: now },
      after: { [status.column]: statusRow.id },
      reason,
      dependsOn: statusRow.createdBy === null ? [] : [statusRow.createdBy],
    });
  }
  return { operations, people };
}
