import { foldIdentifier } from '../names/fold.ts';
import type { DirectoryUser, TelephonyRecord } from '../person.ts';
import type { PlannedIssue } from './plan.ts';
import { displayNameOf } from './words.ts';

/** Finds the other records that could be a user's beside one: with the same directory id, or without one and with the login. */
export type DoublesOf = (user: DirectoryUser, record: TelephonyRecord) => readonly TelephonyRecord[];

export function doublesAmong(records: readonly TelephonyRecord[]): DoublesOf {
  const byUser = new Map<string, TelephonyRecord[]>();
  const looseByLogin = new Map<string, TelephonyRecord[]>();
  for (const record of records) {
    const { directoryUserId, fields } = record;
    const isLoose = directoryUserId === null;
    const key = isLoose
      ? typeof fields.login === 'string'
        ? foldIdentifier(fields.login)
        : null
      : directoryUserId;
    if (key === null) continue;
    const index = isLoose ? looseByLogin : byUser;
    const known = index.get(key);
    if (known === undefined) index.set(key, [record]);
    else known.push(record);
  }
  return (user, { id }) =>
    [...(byUser.get(user.id) ?? []), ...(looseByLogin.get(foldIdentifier(user.login) ?? '') ?? [])].filter(
      (other) => other.id !== id,
    );
}

/** Says that there are several records, and which of their values the CRM lets stand in one of them only. */
export function doubleIssues(
  user: DirectoryUser,
  record: TelephonyRecord,
  doubles: readonly TelephonyRecord[],
): PlannedIssue[] {
  return doubles.map(({ id }) => ({
    severity: 'warning',
    code: 'record.doubled',
    message: `${displayNameOf(user)} has the telephony record ${record.id}, and record ${id} bears their id or login, too; if it is theirs, delete it in the CRM. What only one of the two may hold is not written until then.`,
  }));
}
