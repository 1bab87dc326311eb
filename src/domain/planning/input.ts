import type { CellValue, CrmSchema } from '../../app/ports/crm.ts';
import type { CorrelationPolicy } from '../correlation/types.ts';
import type { LookupRow } from '../mapping/project.ts';
import type { Mapping } from '../mapping/schema.ts';
import type {
  Contact,
  CrmUser,
  DirectoryLicence,
  DirectoryUser,
  Link,
  Ref,
  TelephonyRecord,
  Verdict,
} from '../person.ts';
import type { ExcludePolicy, HeldPeople } from './assess.ts';
import type { LastingFailure } from './failures.ts';
import type { GuardPolicy } from './guards.ts';
import type { NameParts } from './person-plan.ts';
import type { PushContext } from './push/context.ts';

/** Detail rows as they were read; their keys are found once the catalogues are tied. */
export interface RawDetail {
  readonly id: string;
  readonly recordId: string | null;
  readonly itemId: string | null;
}

/** Everything that a plan of an import is made from. The same input gives the same plan. */
export interface PlanInput {
  /** An import only reads the directory; a push writes what differs in the CRM to it; a sync does both. */
  readonly kind: 'import' | 'push' | 'sync';
  /** How changes are carried to the directory; `null` for imports, and where the directory can only be read. */
  readonly push: PushContext | null;
  /** Links' records that a direct read of their ids confirmed to be gone. */
  readonly missingRecords: ReadonlySet<string>;
  /** Records without a directory id for whom a user may be made: an administrator added them. */
  readonly addable: ReadonlySet<string>;
  /** Users that the directory holds, which a push of a few people does not read; shares are reckoned from it. */
  readonly population: number;
  /** People removed by other runs within the time over which the budget for it rolls. */
  readonly removedBefore: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly mapping: Mapping;
  /** Digest of the mapping document and of everything else in the policy that shapes a plan. */
  readonly mappingDigest: string;
  readonly schema: CrmSchema;
  readonly policy: {
    readonly exclude: ExcludePolicy;
    readonly correlation: CorrelationPolicy;
    readonly createContacts: boolean;
    /** Why no CRM users are made, with the cure; `null` where they are. */
    readonly withoutCrmUsers: string | null;
    readonly guards: GuardPolicy;
  };
  readonly directory: {
    readonly product: string;
    readonly domainId: string;
    /** Our own account. */
    readonly ownUserId: string;
    readonly users: readonly DirectoryUser[];
    readonly licences: readonly DirectoryLicence[];
    readonly roles: readonly Ref[];
    readonly problems: readonly string[];
  };
  readonly crm: {
    readonly product: string;
    readonly records: readonly Omit<TelephonyRecord, 'licences' | 'roles'>[];
    /** Record id → status and directory columns as they stand. */
    readonly standing: ReadonlyMap<string, Readonly<Record<string, CellValue>>>;
    readonly contacts: readonly Contact[];
    readonly crmUsers: readonly CrmUser[];
    readonly licenceRows: readonly LookupRow[];
    readonly roleRows: readonly LookupRow[];
    readonly licenceDetails: readonly RawDetail[];
    readonly roleDetails: readonly RawDetail[];
    /** Rows of the lookups that say directory and status: id and name. */
    readonly directoryRows: readonly Ref[];
    readonly statusRows: readonly Ref[];
    readonly problems: readonly string[];
  };
  readonly links: readonly Link[];
  readonly verdicts: readonly Verdict[];
  /** Directory user id → the contact that the user was linked to on the strength of a verdict that was revoked. */
  readonly reopened: ReadonlyMap<string, string>;
  /** Users of links that a direct read confirmed absent or soft-deleted. */
  readonly goneUserIds: ReadonlySet<string>;
  /** People on hold; this plan leaves them alone unless `includeHeld`. */
  readonly held: HeldPeople;
  readonly includeHeld: boolean;
  /**
   * Shared rows are written only for people who need them: while the people of an undo are on hold, what it took away must
   * not come back by itself.
   */
  readonly sharedForNeedOnly: boolean;
  /** Only these people are planned for; the others keep their situations. `null`: everybody. */
  readonly onlyPeople: ReadonlySet<string> | null;
  readonly lastingFailures: ReadonlyMap<string, LastingFailure>;
  /** Id for a row that we create (design §5, Apply). */
  rowId(userId: string, entity: string, key: string): string;
  splitName(name: string): NameParts;
  digest(text: string): string;
}
