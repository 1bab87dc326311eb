import type { Operation } from '../domain/planning/plan.ts';
import { foldIdentifier } from '../domain/names/fold.ts';
import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';
import type { CrmRow, CrmWrite, CrmWriteOutcome } from './ports/crm.ts';
import type { SettledOperation } from './ports/runs.ts';
import { judgeRow, outcome, type NaturalKeys } from './settle.ts';

/** Each CRM user is a call of its own; so many are under way at once. */
export const CRM_USERS_AT_A_TIME = 4;

/**
 * Looks, before CRM users are created, whether somebody has their login by now. The CRM may not, and two users of one
 * login would keep a person from signing in.
 */
export async function lookForLogins(
  { crm, mapping }: AppDeps,
  operations: readonly Operation[],
  keys: NaturalKeys,
  signal?: AbortSignal,
): Promise<SettledOperation[]> {
  const creations = operations.filter(({ entity, kind }) => entity === 'crmUser' && kind === 'create');
  if (creations.length === 0) return [];
  const { entity, login } = mapping.crmUser;
  const rows = await crm.findRows({
    entity,
    columns: ['Id', ...new Set(creations.flatMap(({ after }) => Object.keys(after)))],
    by: { column: login, values: creations.map(({ after }) => after[login] ?? null) },
    ...(signal === undefined ? {} : { signal }),
  });
  return creations.flatMap((operation) => {
    const wanted = textOf(operation.after[login]);
    const holders = rows.filter((row) => foldIdentifier(textOf(row[login])) === foldIdentifier(wanted));
    const own = holders.find((row) => row['Id'] === operation.target.id);
    if (own !== undefined) return judgeRow(operation, own, keys) ?? [];
    const [holder] = holders;
    if (holder === undefined) return [];
    const message = `The login ${wanted} is that of another user or role of the CRM by now (${textOf(holder['Id'])}).`;
    return outcome(operation.id, 'failed', 'CONFLICT', message);
  });
}

/** Sends a few writes to CRM users side by side. Those of a call that throws are found out by reading. */
export async function writeCrmUsers(
  { crm, mapping }: AppDeps,
  writes: readonly CrmWrite[],
  signal?: AbortSignal,
): Promise<CrmWriteOutcome[]> {
  const { crmUsers } = crm;
  if (crmUsers === null)
    throw new RollcallError('CONFIGURATION', 'The CRM gives no way to manage its users.', {
      cure: 'Set policy.createCrmUsers to never, and make a fresh plan.',
    });
  const settled = await Promise.allSettled(
    writes.map((write) => crmUsers.write({ ...write, ...mapping.crmUser.create }, signal)),
  );
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function textOf(value: CrmRow[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}
