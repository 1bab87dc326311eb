import { parentsOf } from '../domain/planning/losses.ts';
import type { Operation } from '../domain/planning/plan.ts';
import { CRM_USERS_AT_A_TIME } from './crm-user-writes.ts';
import { DIRECTORY_USERS_AT_A_TIME, isOfDirectory } from './directory-writes.ts';

/** The stage of operations that are calls of their own. */
export const SINGLE_CALL_STAGE = 1;

/**
 * What goes in requests of many before CRM users and directory users, those, each in a call of its own, and what depends
 * on them. Each is in plan order.
 */
export function stagesOf(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const stages: [Operation[], Operation[], Operation[]] = [[], [], []];
  const [before, singles, after] = stages;
  const later = new Set<string>();
  for (const operation of operations) {
    const isSingle = operation.entity === 'crmUser' || isOfDirectory(operation);
    const isLater = isSingle || parentsOf(operation).some((id) => later.has(id));
    if (isLater) later.add(operation.id);
    (isSingle ? singles : isLater ? after : before).push(operation);
  }
  return stages;
}

/** Operations that go in one request. */
export function slicesOf(operations: readonly Operation[], size: number): readonly (readonly Operation[])[] {
  const slices: Operation[][] = [];
  for (let start = 0; start < operations.length; start += size)
    slices.push(operations.slice(start, start + size));
  return slices;
}

/** Calls that can be made side by side: those of one system, and never one together with what it rests on. */
export function turnsOf(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const turns: Operation[][] = [];
  let turn: Operation[] = [];
  for (const operation of operations) {
    const [first] = turn;
    const isOther = first !== undefined && isOfDirectory(first) !== isOfDirectory(operation);
    const most = isOfDirectory(operation) ? DIRECTORY_USERS_AT_A_TIME : CRM_USERS_AT_A_TIME;
    const parents = new Set(parentsOf(operation));
    if (first === undefined || isOther || turn.length >= most || turn.some(({ id }) => parents.has(id))) {
      turn = [];
      turns.push(turn);
    }
    turn.push(operation);
  }
  return turns;
}
