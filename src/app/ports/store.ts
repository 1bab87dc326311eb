import type { Link } from '../../domain/person.ts';
import type { CaseStore } from './cases.ts';
import type { HintStore } from './hints.ts';
import type { RequestStore } from './run-requests.ts';
import type { RunStore } from './runs.ts';
import type { TokenStore } from './tokens.ts';

/** A person whom runs leave alone until they are released (design §2, hold). */
export interface Hold {
  readonly directoryUserId: string;
  readonly login: string;
  readonly displayName: string;
  /** Why, in one sentence. */
  readonly reason: string;
  /** The undo that set it; `null`: a person did. */
  readonly runId: string | null;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface HoldStore {
  /** In the order of their logins. */
  all(directory: string): Promise<readonly Hold[]>;
  /** Whoever is on hold already stays so for the first reason. */
  add(directory: string, holds: readonly Hold[]): Promise<void>;
  /** @returns how many were on hold */
  remove(directory: string, directoryUserIds: readonly string[]): Promise<number>;
}

export interface LinkStore {
  all(directory: string): Promise<readonly Link[]>;
  save(links: readonly Link[]): Promise<void>;
  remove(directory: string, directoryUserIds: readonly string[]): Promise<void>;
  /** The telephony records of rows that links know: by the id of the record, or of one of its licence and role rows. */
  recordsBehind(directory: string, rowIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Small facts that are found out once: path prefix, size of the last complete reading, domain id. */
export interface MemoryStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** Mutual exclusion between processes; advisory locks exclude nobody on an engine with one session (design §7). */
export interface LeaseStore {
  /** Takes or renews the lease; false when another owner holds it and it has not run out. */
  acquire(name: string, owner: string, ttlMs: number): Promise<boolean>;
  release(name: string, owner: string): Promise<void>;
}

export interface Store {
  readonly runs: RunStore;
  readonly links: LinkStore;
  readonly cases: CaseStore;
  readonly holds: HoldStore;
  readonly memory: MemoryStore;
  readonly leases: LeaseStore;
  readonly hints: HintStore;
  readonly requests: RequestStore;
  readonly tokens: TokenStore;
}
