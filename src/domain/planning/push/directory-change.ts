import type { CellValue } from '../../../app/ports/crm.ts';
import { displayNameOf } from '../words.ts';
import type { DirectoryUser, FieldValue, PersonField } from '../../person.ts';
import type { Operation, PlannedIssue } from '../plan.ts';
import { changeInWords, show } from '../person-plan.ts';
import { DIRECTORY_USERS, licenceCell, roleCell, SIGNED_OUT } from './cells.ts';
import type { PushContext } from './context.ts';

/**
 * What one directory user is to become: gathered field by field, and then one operation, with one of its own for the
 * e-mail. A directory may refuse that as somebody else's, which nobody can know before, and the rest must not fall with it.
 */
export interface DirectoryChange {
  /** Sets a scalar field. */
  set(field: PersonField, now: FieldValue, wanted: FieldValue): void;
  /** Grants or takes a licence or a role. */
  grant(set: 'licence' | 'role', key: string, name: string, isWanted: boolean): void;
  /** Ends all sessions. */
  signOut(): void;
  operations(why: string): readonly Operation[];
}

export function directoryChange(user: DirectoryUser): DirectoryChange {
  const rest = gathering(user, '');
  const email = gathering(user, ':email');
  return {
    // That somebody has none any more is nothing to refuse.
    set: (field, now, wanted) =>
      (field === 'email' && wanted !== null ? email : rest).set(field, now, wanted),
    grant: (set, key, name, isWanted) => rest.grant(set, key, name, isWanted),
    signOut: () => rest.signOut(),
    operations(why) {
      const first = rest.operations(why);
      // One change of a user at a time; the e-mail goes on although the rest was refused.
      const waitsFor = first.map(({ id }) => ({ operation: id, columns: [] }));
      const second = email.operations(why);
      return [...first, ...(first.length === 0 ? second : second.map((one) => ({ ...one, waitsFor })))];
    },
  };
}

/** Gathers the changes of one operation. */
function gathering(user: DirectoryUser, suffix: string): DirectoryChange {
  const before: Record<string, CellValue> = {};
  const after: Record<string, CellValue> = {};
  const words: string[] = [];
  const losses: string[] = [];
  let isSignedOut = false;
  const sentence = (): string => {
    const parts = [
      ...(words.length === 0 ? [] : [`gets ${words.join(', ')}`]),
      ...(losses.length === 0 ? [] : [`loses ${losses.join(', ')}`]),
    ];
    return [
      ...(parts.length === 0 ? [] : [`${parts.join(' and ')} in the directory`]),
      ...(isSignedOut ? ['is signed out everywhere'] : []),
    ].join(' and ');
  };
  return {
    set(field, now, wanted) {
      before[field] = now;
      after[field] = wanted;
      words.push(changeInWords(field, now, wanted));
    },
    grant(set, key, name, isWanted) {
      const cell = set === 'licence' ? licenceCell(key) : roleCell(key);
      before[cell] = !isWanted;
      after[cell] = isWanted;
      (isWanted ? words : losses).push(`the ${set} ${name}`);
    },
    signOut() {
      after[SIGNED_OUT] = true;
      isSignedOut = true;
    },
    operations: (why) =>
      Object.keys(after).length === 0
        ? []
        : [
            {
              id: `directoryUser.update:${user.id}${suffix}`,
              entity: 'directoryUser',
              kind: 'update',
              person: user.id,
              target: { entity: DIRECTORY_USERS, id: user.id },
              before,
              after,
              reason: `${displayNameOf(user)} ${sentence()}. ${why}`,
              dependsOn: [],
            },
          ],
  };
}

/** Why the directory cannot take a value; `null` where it can. */
export function obstacleTo(
  field: PersonField,
  value: FieldValue,
  push: PushContext,
): Pick<PlannedIssue, 'code' | 'message'> | null {
  if (field === 'login' || field === 'displayName') {
    if (typeof value !== 'string' || value.trim() === '')
      return {
        code: `${field}.missing`,
        message: `${field} is empty in the CRM, and the directory needs one; fill it in.`,
      };
  }
  if (typeof value !== 'string') return null;
  if (field === 'login' && !push.login.pattern.test(value))
    return {
      code: 'login.characters',
      message: `The login ${show(value)} cannot be one of the directory: it takes ${push.login.words} only.`,
    };
  if (field === 'extension' && !push.extension.pattern.test(value))
    return {
      code: 'extension.characters',
      message: `The extension ${show(value)} cannot be one of the directory: it takes ${push.extension.words} only.`,
    };
  return null;
}
