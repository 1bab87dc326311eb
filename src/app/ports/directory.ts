import type { DirectoryLicence, DirectoryUser, Ref } from '../../domain/person.ts';
import type { RequestTally } from './requests.ts';

/** What a directory product can hold and do (facts/requirements.md §4.2). The planner asks this, never the product's name. */
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

export interface DirectoryConnector {
  readonly product: string;
  readonly capabilities: DirectoryCapabilities;
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
