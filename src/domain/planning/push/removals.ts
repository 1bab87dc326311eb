import type { DirectoryUser, Link } from '../../person.ts';
import type { Operation, PlannedIssue } from '../plan.ts';
import { displayNameOf } from '../words.ts';
import { DIRECTORY_USERS } from './cells.ts';
import type { PushContext } from './context.ts';

/** What becomes of a directory user whose telephony record an administrator deleted. */
export interface RemovalPlan {
  readonly operations: readonly Operation[];
  readonly issues: readonly PlannedIssue[];
  /** It stays for a later run, or for a person. */
  readonly pendingPush: boolean;
}

/** Removes the user of a linked person whose record is gone, confirmed by a direct read of its id. */
export function planRemoval(user: DirectoryUser, link: Link, push: PushContext): RemovalPlan {
  if (push.onDelete === 'leave') return { operations: [], issues: [], pendingPush: true };
  if (user.id === push.ownUserId)
    return {
      operations: [],
      issues: [
        {
          severity: 'warning',
          code: 'self.protected',
          message: `${displayNameOf(user)} is the account that Rollcall works as; it is never removed.`,
        },
      ],
      pendingPush: false,
    };
  const how = push.onDelete === 'soft' ? '' : ' for good';
  return {
    operations: [
      {
        id: `directoryUser.delete:${user.id}`,
        entity: 'directoryUser',
        kind: 'delete',
        person: user.id,
        target: { entity: DIRECTORY_USERS, id: user.id },
        before: { login: user.login, displayName: user.displayName, extension: user.extension },
        after: {},
        reason: `The telephony record of ${displayNameOf(user)} was deleted in the CRM (${link.recordId}), so the user is removed from the directory${how}.`,
        dependsOn: [],
      },
    ],
    issues: [],
    pendingPush: false,
  };
}
