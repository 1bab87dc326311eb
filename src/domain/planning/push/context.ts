import type { PersonField } from '../../person.ts';

/** What becomes of a person whom an administrator switched off in the CRM, where the directory has no such switch. */
export const ON_INACTIVE = ['strip-licences', 'log-out', 'leave'] as const;
export type OnInactive = (typeof ON_INACTIVE)[number];

/** What becomes of a directory user whose telephony record was deleted. */
export const ON_DELETE = ['soft', 'permanent', 'leave'] as const;
export type OnDelete = (typeof ON_DELETE)[number];

/** What a text must look like in the directory, and how a person is told. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly words: string;
}

/** How changes are carried to the directory; absent where a run only reads it. */
export interface PushContext {
  /** Fields that our account can set there. */
  readonly writes: ReadonlySet<PersonField>;
  readonly login: TextRule;
  readonly extension: TextRule;
  readonly onInactive: OnInactive;
  readonly onDelete: OnDelete;
  /** Our own account, which is never changed or removed. */
  readonly ownUserId: string;
}
