import type { Mapping } from '../domain/mapping/schema.ts';
import type { Operation } from '../domain/planning/plan.ts';
import { isCarriedOut, isOfDirectory, isOpenStill } from './directory-writes.ts';
import type { CellValue, CrmRow, CrmWriteOutcome } from './ports/crm.ts';
import type { SettledOperation } from './ports/runs.ts';
import { sameCells } from './read-back.ts';

/** The columns by which the rows that we create are known as ours. */
export interface NaturalKeys {
  /** Of a telephony record: the directory user's id. */
  readonly directoryUserId: string;
  /** Of a CRM user. */
  readonly login: string;
}

export function keysOf({ record, crmUser }: Mapping): NaturalKeys {
  return { directoryUserId: record.directoryUserId, login: crmUser.login };
}

/** What the CRM's answer to a write means. */
export function judgeAnswer(
  operation: Operation,
  answer: Exclude<CrmWriteOutcome, { state: 'unknown' | 'exists' }>,
  isLost: (id: string) => boolean,
): SettledOperation {
  switch (answer.state) {
    case 'done':
      return { ...outcome(operation.id, 'confirmed', null, null), image: answer.row };
    case 'absent':
      return operation.kind === 'delete'
        ? outcome(operation.id, 'confirmed', null, null)
        : outcome(operation.id, 'stale', 'NOT_FOUND', `The row is not in ${systemOf(operation)} any more.`);
    case 'refused':
      if (answer.code === 'STALE') return outcome(operation.id, 'stale', 'CONFLICT', answer.message);
      return answer.code === 'DEPENDENCY' && operation.dependsOn.some(isLost)
        ? outcome(operation.id, 'skipped', 'DEPENDENCY', 'What it depends on was not done.')
        : outcome(operation.id, 'failed', answer.code, answer.message);
  }
}

/**
 * What a row that was read says about an operation that may have been sent: carried out, gone stale, or `null` if it
 * was not carried out.
 */
export function judgeRow(
  operation: Operation,
  row: CrmRow | undefined,
  keys: NaturalKeys,
): SettledOperation | null {
  const found = stateOf(operation, row, keys);
  return found === null ? null : { ...found, image: row ?? null };
}

function stateOf(operation: Operation, row: CrmRow | undefined, keys: NaturalKeys): SettledOperation | null {
  if (isOfDirectory(operation)) return stateInDirectory(operation, row);
  if (operation.kind === 'delete')
    return row === undefined ? outcome(operation.id, 'confirmed', null, null) : null;
  if (row === undefined)
    return operation.kind === 'create'
      ? null
      : outcome(operation.id, 'stale', 'NOT_FOUND', 'The row is not in the CRM any more.');
  if (sameCells(operation.after, row)) return outcome(operation.id, 'confirmed', null, null);
  if (operation.kind === 'create')
    // Other columns may have been changed by the CRM itself (names, numbers); the natural key tells whose the row is.
    return sameCells(naturalKey(operation, keys), row)
      ? outcome(operation.id, 'confirmed', null, null)
      : outcome(
          operation.id,
          'failed',
          'CONFLICT',
          'A row with this id exists and belongs to something else.',
        );
  if (sameCells(operation.before ?? {}, row)) return null;
  return outcome(operation.id, 'stale', 'CONFLICT', 'Somebody else has changed the row.');
}

/** A user who was made is found by our reference, so that a row means success. */
function stateInDirectory(operation: Operation, row: CrmRow | undefined): SettledOperation | null {
  const { id, kind } = operation;
  const confirmed = outcome(id, 'confirmed', null, null);
  if (row === undefined) {
    if (kind === 'delete') return confirmed;
    return kind === 'create'
      ? null
      : outcome(id, 'stale', 'NOT_FOUND', 'The user is not in the directory any more.');
  }
  if (kind === 'delete') return null;
  if (kind === 'create' || isCarriedOut(operation, row)) return confirmed;
  return isOpenStill(operation, row)
    ? null
    : outcome(id, 'stale', 'CONFLICT', 'Somebody else has changed the user.');
}

function systemOf(operation: Operation): string {
  return isOfDirectory(operation) ? 'the directory' : 'the CRM';
}

/** The columns by which a created row is known as ours; contacts and lookup rows have none beside their id. */
function naturalKey({ entity, after }: Operation, keys: NaturalKeys): Record<string, CellValue> {
  const only = (column: string): Record<string, CellValue> => {
    const value = after[column];
    return value === undefined ? {} : { [column]: value };
  };
  switch (entity) {
    case 'recordLicence':
    case 'recordRole':
      return after;
    case 'telephonyRecord':
      return only(keys.directoryUserId);
    case 'crmUser':
      return only(keys.login);
    default:
      return {};
  }
}

export function outcome(
  operationId: string,
  state: SettledOperation['state'],
  code: string | null,
  message: string | null,
): SettledOperation {
  return { operationId, state, code, message, image: null };
}
