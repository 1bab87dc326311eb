/** What a token lets its holder do: start runs, look at things, decide and approve. None includes another. */
export const SCOPES = ['trigger', 'read', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** A token of the HTTP interface; its secret is nowhere kept. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface TokenStore {
  add(token: ApiToken, hash: string): Promise<void>;
  /** Newest first. */
  all(): Promise<readonly ApiToken[]>;
  find(id: string): Promise<{ readonly token: ApiToken; readonly hash: string } | null>;
  /** `false` when there is none that could be revoked. */
  revoke(id: string, now: string): Promise<boolean>;
}
