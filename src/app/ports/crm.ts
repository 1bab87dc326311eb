import type { CollectionRead } from './directory.ts';
import type { RequestTally } from './requests.ts';

/** The value of one cell as the product's rows carry it, empties folded to `null` (empty GUID, '', year 1). */
export type CellValue = string | number | boolean | null;

/** One row by column name; `Id` is always among them. */
export type CrmRow = Readonly<Record<string, CellValue>>;

export interface CrmColumn {
  readonly name: string;
  readonly type: 'guid' | 'text' | 'number' | 'boolean' | 'dateTime' | 'other';
  /** The entity that the column refers to, where it is a lookup. */
  readonly lookup: string | null;
  /** Longest text in characters, where the product tells. */
  readonly maxLength: number | null;
}

/** Entities and columns as the product's own metadata lists them. */
export type CrmSchema = Readonly<Record<string, Readonly<Record<string, CrmColumn>>>>;

export interface CrmAccount {
  readonly userId: string | null;
  readonly login: string;
  readonly contactId: string | null;
}

/** A condition that connectors translate: every one of a query must hold. */
export type CrmFilter =
  /** The column equals one of these. */
  | { readonly column: string; readonly anyOf: readonly CellValue[] }
  /** The column is a time, and not before this one (ISO 8601 with its zone). */
  | { readonly column: string; readonly since: string };

/** Reads a whole collection, ordered by creation (then id), in pages. */
export interface CrmQuery {
  readonly entity: string;
  readonly columns: readonly string[];
  readonly filter?: readonly CrmFilter[];
  readonly signal?: AbortSignal;
  /** Hears the number of rows read so far and, when known, of all rows. */
  readonly onPage?: (read: number, total: number | null) => void;
}

/** As for directories, and the product's own count asked with the last page. */
export interface CrmRead extends CollectionRead<CrmRow> {
  /** The count that came with the last page; `null` where the product gave none. */
  readonly count: number | null;
}

/** One write. Ids of new rows come from us (design §5, Apply). */
export interface CrmWrite {
  /** The caller's reference; unique within a call. */
  readonly ref: string;
  readonly kind: 'create' | 'update' | 'delete';
  readonly entity: string;
  readonly id: string;
  /** By column name; lookups carry the id of the row they point to. Empty for deletes. */
  readonly values: Readonly<Record<string, CellValue>>;
}

/** What became of one write. */
export type CrmWriteOutcome =
  /** The product said so; `row` is its own image of a created row. */
  | { readonly ref: string; readonly state: 'done'; readonly row: CrmRow | null }
  /** The row with that id exists already; the caller must look whether it is ours. */
  | { readonly ref: string; readonly state: 'exists' }
  /** The row to change or delete does not exist. */
  | { readonly ref: string; readonly state: 'absent' }
  /** The product refused; nothing was written. */
  | { readonly ref: string; readonly state: 'refused'; readonly code: RefusalCode; readonly message: string }
  /**
   * It is not known whether it was written: read the row to find out. `answered`: the product itself answered this very
   * write with an error, so that if the row is not there, it was refused.
   */
  | {
      readonly ref: string;
      readonly state: 'unknown';
      readonly message: string;
      readonly answered?: boolean;
    };

/**
 * `DEPENDENCY`: a row that this one refers to does not exist. `STALE`: it was changed since. `QUOTA`: no seat of a licence.
 * `LOGIN_HELD_BY_DELETED`: a soft-deleted user still has the login.
 */
export type RefusalCode =
  | 'VALIDATION'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'DEPENDENCY'
  | 'UNAVAILABLE'
  | 'CONTRACT'
  | 'QUOTA'
  | 'STALE'
  | 'LOGIN_HELD_BY_DELETED';

export interface CrmCapabilities {
  /** Requests of a run beside its collections: sign-in, where there is one, who-am-I and metadata. */
  readonly fixedRequests: number;
  /** Writes in one request. */
  readonly batchSize: number;
  /** Rows a page. */
  readonly pageSize: number;
  /** Values that one condition of a probe may list. */
  readonly probeTerms: number;
  /** Columns that the product itself keeps: stamps and counters, which say nothing of a person's edits. */
  readonly ownColumns: readonly string[];
}

/** A write to a CRM user. Of a new one, `role` and `culture` (language) are the connector's choice unless they are given. */
export interface CrmUserWrite extends CrmWrite {
  readonly role?: string | undefined;
  readonly culture?: string | undefined;
}

/** May our account make CRM users? */
export type CrmUserRight =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** What is missing, and what an administrator can do about it; one sentence or two each. */
      readonly message: string;
      readonly cure: string;
    };

/** Making, changing and deleting CRM users, where a product lets others do that. */
export interface CrmUsers {
  /** Finds out without any effect, in one request. Throws only when the product could not be asked at all. */
  probe(signal?: AbortSignal): Promise<CrmUserRight>;
  /**
   * Sends one write, in a call of its own. A new user gets a password that nobody knows. A create whose id exists may
   * change the user that has it: look before you create. Throws as `write` of the connector does.
   */
  write(write: CrmUserWrite, signal?: AbortSignal): Promise<CrmWriteOutcome>;
}

export interface CrmConnector {
  readonly product: string;
  readonly capabilities: CrmCapabilities;
  /** `null` where the product gives no way to manage CRM users. */
  readonly crmUsers: CrmUsers | null;
  /** Signs in if need be and says as whom; also finds the path prefix where it is not remembered yet. */
  whoAmI(signal?: AbortSignal): Promise<CrmAccount>;
  describe(signal?: AbortSignal): Promise<CrmSchema>;
  readRows(query: CrmQuery): Promise<CrmRead>;
  /** Rows whose column equals one of the values, 25 values a request; order not defined. */
  findRows(
    query: CrmQuery & { readonly by: { readonly column: string; readonly values: readonly CellValue[] } },
  ): Promise<readonly CrmRow[]>;
  /**
   * Sends up to `batchSize` writes in one request, in the order given; one that is refused does not stop the others.
   * Answers one outcome for each write, in the same order. Throws only when nothing was sent or done at all
   * (AUTHENTICATION, FORBIDDEN, RATE_LIMITED, UNAVAILABLE before sending).
   */
  write(writes: readonly CrmWrite[], signal?: AbortSignal): Promise<readonly CrmWriteOutcome[]>;
  tally(): RequestTally;
}
