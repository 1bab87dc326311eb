import type { CorrelationPolicy } from '../domain/correlation/types.ts';
import type { Mapping } from '../domain/mapping/schema.ts';
import type { ExcludePolicy } from '../domain/planning/assess.ts';
import type { GuardPolicy } from '../domain/planning/guards.ts';
import type { OnDelete, OnInactive } from '../domain/planning/push/context.ts';
import type { Retention } from './clean-up.ts';
import type { Clock } from './ports/clock.ts';
import type { CrmConnector } from './ports/crm.ts';
import type { DirectoryConnector } from './ports/directory.ts';
import type { JobQueue } from './ports/jobs.ts';
import type { Logger } from './ports/logger.ts';
import type { Progress } from './ports/progress.ts';
import type { Store } from './ports/store.ts';

/** What an administrator decides in `rollcall.yaml` under `policy`. */
export interface Policy {
  readonly matching: CorrelationPolicy['preset'];
  readonly exclude: ExcludePolicy;
  readonly createContacts: boolean;
  /** `inactive`: people who get a new contact get a CRM user as well, who cannot sign in until activated. */
  readonly createCrmUsers: 'inactive' | 'never';
  readonly push: { readonly onInactive: OnInactive; readonly onDelete: OnDelete };
  readonly guards: GuardPolicy;
}

/** Everything that has an identity or a digest; passed in so that tests can foresee them. */
export interface Identity {
  /** A fresh id for runs, verdicts and cases. */
  newId(): string;
  /** UUIDv5 of (directory name, domain id, user id, entity, key): the same id for the same thing, for ever. */
  rowId(directory: string, domainId: string, userId: string, entity: string, key: string): string;
  /** SHA-256 in hexadecimal. */
  digest(text: string): string;
  /** 32 bytes that nobody can guess, in base64 for addresses. */
  newSecret(): string;
  /** Compares without telling by its time how much is equal. */
  sameText(a: string, b: string): boolean;
}

/**
 * Moments of a run between which a crash must lose and double nothing, in their order; tests stop the process at them.
 * Each step that is kept or sent has one before and one after: `approved`, plan kept, `planned`; `intending`,
 * operations marked, `intended`; request sent and `answered`; outcomes kept, `confirmed`; all chunks ended, `finishing`.
 */
export type Moment =
  'approved' | 'planned' | 'intending' | 'intended' | 'answered' | 'confirmed' | 'finishing';

/** What the use cases are made of. */
export interface AppDeps {
  readonly directory: DirectoryConnector;
  readonly crm: CrmConnector;
  readonly store: Store;
  /** No other process can work on the store: the embedded engine holds its data directory. */
  readonly storeIsOurs: boolean;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly identity: Identity;
  readonly mapping: Mapping;
  readonly policy: Policy;
  readonly retention: Retention;
  /** Starts to work on the queue, once a run that was cut off has been looked at again; does so once. */
  startWork(signal?: AbortSignal): Promise<void>;
  /** Hears the moments of a run, in order. */
  onMoment?(moment: Moment): void;
}
