import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import type { CollectionRead, DirectoryAccount, DirectoryConnector } from '../../src/app/ports/directory.ts';
import type { DirectoryLicence, DirectoryUser, Ref } from '../../src/domain/person.ts';
import { rejection } from '../http/support.ts';

/** A user to be added; what is not named is empty. Licences by serial, roles by id. */
export interface NewUser {
  /** Text of an int64; without it the product gives the next one. */
  readonly id?: string;
  readonly login: string;
  readonly displayName: string;
  readonly email?: string;
  readonly chatName?: string;
  readonly extension?: string;
  /** Name of a device that becomes the default one. */
  readonly device?: string;
  readonly licences?: readonly string[];
  readonly roles?: readonly string[];
}

/**
 * How the next requests go wrong.
 * - `busy`: 429, with `Retry-After` where `retryAfterSeconds` is given
 * - `proxy`: 502 with a proxy's page
 * - `truncated`: half of the answer
 */
export interface Trouble {
  readonly kind: 'busy' | 'proxy' | 'truncated';
  /** Strikes the n-th request from now; without it, every one. */
  readonly nth?: number;
  readonly retryAfterSeconds?: number;
}

/** How paging goes wrong from a page on. */
export type PagingFlaw = 'a row comes twice' | 'a row is skipped' | 'the end is announced too early';

/** What the account lacks to read a collection. */
export type Lack = 'licence' | 'permission';

export type Collection = 'users' | 'roles' | 'licences';

/**
 * A product that stands ready, with a connector to it that has not been used yet. It holds one user, that of the
 * account, and neither roles nor licences.
 */
export interface DirectoryStand {
  readonly connector: DirectoryConnector;
  readonly account: DirectoryAccount;
  /** What the connector proves itself with; must never show. */
  readonly secret: string;
  /** Another connector to the same product, with a bad credential. */
  connectWith(secret: string): DirectoryConnector;
  /** Edits by somebody else. */
  addUser(user: NewUser): string;
  softDelete(userId: string): void;
  remove(userId: string): void;
  addRole(role: Ref): void;
  addLicence(licence: Omit<DirectoryLicence, 'remain'>): void;
  /** Rows that the product's own list has, what the connector leaves out included. */
  rows(collection: Collection): number;
  /** How many requests the product itself has counted. */
  requests(): number;
  trouble(trouble: Trouble): void;
  flaw(flaw: PagingFlaw, page: number): void;
  lack(what: Lack, collection: Collection): void;
  /** The next request is refused with a text that quotes the credential. */
  quoteSecret(): void;
  /** Everything that was logged, as text. */
  logs(): string;
  /** What the connector slept, in milliseconds, in order. */
  slept(): readonly number[];
  close(): Promise<void>;
}

/** What the parts of the contract share: the stand of the test under way, and short ways to work on it. */
export interface DirectoryBench {
  readonly stand: DirectoryStand;
  readonly directory: DirectoryConnector;
  /** Connectors that were used, whose tallies together must be what the product has counted. */
  readonly connectors: DirectoryConnector[];
  /** Credentials that must not show anywhere. */
  readonly secrets: string[];
  /** Requests that were sent while `action` ran. */
  cost(action: () => Promise<unknown>): Promise<number>;
  /** The error that a call ends with, which shows no credential anywhere. */
  refusal(call: Promise<unknown>): Promise<unknown>;
  read(collection: Collection): Promise<CollectionRead<unknown>>;
  /** Somebody else adds so many users; answers the ids in the order of their creation. */
  fill(count: number): string[];
}

export function createDirectoryBench(stand: DirectoryStand): DirectoryBench {
  const directory = stand.connector;
  const secrets = [stand.secret];
  return {
    stand,
    directory,
    connectors: [directory],
    secrets,
    async cost(action) {
      const before = stand.requests();
      await action();
      return stand.requests() - before;
    },
    async refusal(call) {
      const error = await rejection(call);
      const shown = inspect(error, { depth: 12, showHidden: true });
      for (const secret of secrets) expect(shown).not.toContain(secret);
      return error;
    },
    read(collection) {
      if (collection === 'users') return directory.readUsers();
      return collection === 'roles' ? directory.readRoles() : directory.readLicences();
    },
    fill: (count) =>
      Array.from({ length: count }, (_, at) =>
        stand.addUser({ login: `user.${at + 1}`, displayName: `Person ${at + 1}` }),
      ),
  };
}

export const idsOf = (users: readonly DirectoryUser[]): string[] => users.map(({ id }) => id);

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
