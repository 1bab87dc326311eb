import type { Ref } from './rows.ts';

/** A personal access token. `deleted_at` other than `'0'` means disabled. */
export interface AccessToken {
  id: string;
  /** The secret that callers send. */
  token: string;
  usage: string;
  userId: string;
  created_at: string;
  created_by: Ref | null;
  updated_at: string;
  updated_by: Ref | null;
  deleted_at: string;
  deleted_by: Ref | null;
}

/** All personal access tokens. They are secrets and therefore no part of the state that a sandbox shows. */
export interface TokenBook {
  put(token: AccessToken): void;
  drop(id: string): void;
  get(id: string): AccessToken | undefined;
  bySecret(secret: string): AccessToken | undefined;
  ofUser(userId: string): AccessToken[];
  dropOfUser(userId: string): void;
}

export function createTokenBook(): TokenBook {
  const byId = new Map<string, AccessToken>();
  const idBySecret = new Map<string, string>();
  const drop = (id: string): void => {
    const token = byId.get(id);
    if (token !== undefined) idBySecret.delete(token.token);
    byId.delete(id);
  };
  const ofUser = (userId: string): AccessToken[] =>
    [...byId.values()].filter((token) => token.userId === userId);
  return {
    put: (token) => {
      drop(token.id);
      byId.set(token.id, token);
      idBySecret.set(token.token, token.id);
    },
    drop,
    get: (id) => byId.get(id),
    bySecret: (secret) => byId.get(idBySecret.get(secret) ?? ''),
    ofUser,
    dropOfUser: (userId) => {
      for (const token of ofUser(userId)) drop(token.id);
    },
  };
}
