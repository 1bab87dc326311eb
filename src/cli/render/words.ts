import type { OperationEntity, PlannedPerson } from '../../domain/planning/plan.ts';
import type { RunKind, RunStatus, Trigger } from '../../domain/run.ts';

/** The situations of directory users in the order in which people want to read them. */
export const USER_SITUATIONS = ['disputed', 'invalid', 'unmatched', 'matched', 'linked', 'excluded'] as const;

/** The same with the people whom the directory does not have yet. */
export const SITUATIONS = [
  'disputed',
  'invalid',
  'added',
  'unmatched',
  'matched',
  'linked',
  'excluded',
] as const;

/** What a situation means to a CRM administrator. */
export const SITUATION_WORDS: Readonly<Record<PlannedPerson['situation'], string>> = {
  disputed: 'Waiting for your decision',
  invalid: 'Cannot be imported as they are',
  unmatched: 'New to the CRM',
  matched: 'Found in the CRM',
  linked: 'Linked before',
  excluded: 'Left out by your policy',
  added: 'New to the directory',
};

export const ENTITY_WORDS: Readonly<Record<OperationEntity, string>> = {
  lookup: 'Lookup values',
  licence: 'Licences',
  role: 'Roles',
  contact: 'Contacts',
  crmUser: 'CRM users',
  telephonyRecord: 'Telephony records',
  recordLicence: 'Licences of telephony records',
  recordRole: 'Roles of telephony records',
  directoryUser: 'Directory users',
};

export const KIND_WORDS = { create: 'to add', update: 'to change', delete: 'to remove' } as const;
export const KIND_PAST = { create: 'added', update: 'changed', delete: 'removed' } as const;

export const STATUS_WORDS: Readonly<Record<RunStatus, string>> = {
  // Commands hold the data directory themselves, so what they meet unfinished has nobody who works on it.
  running: 'cut off; the same command continues it',
  succeeded: 'done',
  partial: 'done, but not for everyone',
  failed: 'failed',
  'awaiting-approval': 'waits for approval',
  stopped: 'stopped before anything was written',
  'nothing-to-do': 'nothing to do',
};

/** What started a run, or who. */
export const TRIGGER_WORDS: Readonly<Record<Trigger, string>> = {
  command: 'a person',
  schedule: 'the schedule',
  process: 'a process',
  webhook: 'a change',
  poll: 'a change',
};

export const KIND_TITLES: Readonly<Record<RunKind, string>> = {
  import: 'Import',
  push: 'Push',
  sync: 'Sync',
  undo: 'Undo',
};
