import type { DirectoryLicence, DirectoryUser, PersonField, Ref } from '../../domain/person.ts';
import type { RequestTally } from './requests.ts';

/** What a directory product can hold and do. The planner asks this, never the product's name. */
export interface DirectoryCapabilities {
  /** Users, licences or roles a page. */
  readonly pageSize: number;
  /** Requests of a run beside its collections: sign-in, where there is one, and who-am-I. */
  readonly fixedRequests: number;
  readonly licences: boolean;
  readonly roles: 'many' | 'one' | 'none';
  readonly defaultDevice: boolean;
  readonly email: boolean;
  readonly chatName: boolean;
  readonly softDelete: boolean;
  /** Fields that only the user can set for themself. */
  readonly selfScope: readonly ('stun' | 'timeZone')[];
  /** Fields of a user that our account can set; the others are kept in the CRM and reported as not writable. */
  readonly writes: readonly PersonField[];
  /** What a login may look like, and how a person is told. */
  readonly login: { readonly pattern: RegExp; readonly words: string };
  /** The same for an extension. */
  readonly extension: { readonly pattern: RegExp; readonly words: string };
}

/** The account that the connector works as. */
export interface DirectoryAccount {
  readonly userId: string;
  readonly login: string;
  /** The domain (tenant): a change of it means another directory. */
  readonly domainId: string;
  readonly domainName: string;
  /** Object classes that the account's licence covers, `null` where the product does not tell. */
  readonly scopes: readonly string[] | null;
  /** Global permissions by id, `null` where the product does not tell. */
  readonly permissions: readonly string[] | null;
}

/** One reading of a whole collection, with what speaks for its completeness (design §5, Read). */
export interface CollectionRead<T> {
  readonly items: readonly T[];
  /** The last page was shorter than asked for, or empty, and said that nothing follows. */
  readonly lastPageShort: boolean;
  /** Ids that came more than once. */
  readonly duplicates: readonly string[];
  /** Pages read. */
  readonly pages: number;
  /** Rows that the product gave, where the connector left some of them out of `items`. */
  readonly rows?: number;
}

/** A change of a user: what is absent stays as it is, `null` clears. Sets are complete lists. */
export interface DirectoryUserChange {
  readonly login?: string;
  readonly displayName?: string;
  readonly email?: string | null;
  readonly chatName?: string | null;
  readonly extension?: string | null;
  /** Serials of the licences held after the change. */
  readonly licences?: readonly string[];
  /** Ids of the roles held after the change. */
  readonly roles?: readonly string[];
}

export interface NewDirectoryUser extends DirectoryUserChange {
  readonly login: string;
  readonly displayName: string;
  /** Kept with the user, so that a create whose answer was lost is known again (design §6). */
  readonly reference: string;
}

/** A user that was looked for by login. */
export interface FoundDirectoryUser {
  readonly user: DirectoryUser;
  /** The reference that the user was made with; `null` for a user of somebody else. */
  readonly reference: string | null;
}

/**
 * Adding, changing and removing users. Refusals are thrown: `CONFLICT` (login, extension or e-mail of somebody else),
 * `QUOTA` (no seat), `VALIDATION`, `FORBIDDEN`, `NOT_FOUND`; `UNKNOWN_OUTCOME` when only reading tells what became of it.
 */
export interface DirectoryWriter {
  /** Users with this login, compared without case, soft-deleted ones included; at most a handful. */
  findByLogin(login: string, signal?: AbortSignal): Promise<readonly FoundDirectoryUser[]>;
  /**
   * Adds a user with everything at once, a device and a password that the directory's policy accepts, that nobody sees
   * and that has to be changed at the first sign-in.
   */
  create(user: NewDirectoryUser, signal?: AbortSignal): Promise<DirectoryUser>;
  /** Changes a user in one call. */
  change(id: string, change: DirectoryUserChange, signal?: AbortSignal): Promise<DirectoryUser>;
  /** Ends every session of a user. */
  endSessions(id: string, signal?: AbortSignal): Promise<void>;
  /** Softly, where the product can, unless `permanent`; a user that is not there counts as removed. */
  remove(id: string, options: { readonly permanent: boolean }, signal?: AbortSignal): Promise<void>;
}

export interface DirectoryConnector {
  readonly product: string;
  readonly capabilities: DirectoryCapabilities;
  /** `null` where the product can only be read. */
  readonly writer: DirectoryWriter | null;
  whoAmI(signal?: AbortSignal): Promise<DirectoryAccount>;
  readLicences(signal?: AbortSignal): Promise<CollectionRead<DirectoryLicence>>;
  /** Roles that people are given; personal roles of users are left out. */
  readRoles(signal?: AbortSignal): Promise<CollectionRead<Ref>>;
  /** All users that are not deleted, ordered by creation. `onPage` hears the number read so far. */
  readUsers(options?: {
    signal?: AbortSignal;
    onPage?: (read: number) => void;
  }): Promise<CollectionRead<DirectoryUser>>;
  /** The users in the recycle view; empty where the product has none. */
  readDeletedUsers(signal?: AbortSignal): Promise<CollectionRead<DirectoryUser>>;
  /** These users, soft-deleted ones included; an id that is not answered does not exist. At most 25 ids a request. */
  readUsersById(ids: readonly string[], signal?: AbortSignal): Promise<readonly DirectoryUser[]>;
  tally(): RequestTally;
}
