import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';
import { type ApiToken, type Scope } from './ports/tokens.ts';

/** What tokens of the HTTP interface begin with, so that scanners find them where they do not belong. */
export const TOKEN_PREFIX = 'rc_';

const FORM = /^rc_([0-9a-f]{16})_([\w-]{43})$/;

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601, UTC; `null`: never. */
  readonly expiresAt: string | null;
}

/** Tokens of the HTTP interface. */
export interface Tokens {
  /** `secret` is shown this once. */
  create(token: NewToken): Promise<{ readonly token: ApiToken; readonly secret: string }>;
  /** Newest first. */
  list(): Promise<readonly ApiToken[]>;
  /** `NOT_FOUND` when there is none that could be revoked. */
  revoke(id: string): Promise<void>;
  /** The token of this secret, unless it is revoked or has run out. */
  verify(secret: string): Promise<ApiToken | null>;
}

export function createTokens({
  store: { tokens },
  clock,
  identity,
}: Pick<AppDeps, 'store' | 'clock' | 'identity'>): Tokens {
  return {
    async create({ name, scopes, expiresAt }) {
      const now = clock.now();
      if (expiresAt !== null && Date.parse(expiresAt) <= now)
        throw new RollcallError('USAGE', 'The token would have run out before it was made.', {
          cure: 'Name a time to come.',
        });
      const token: ApiToken = {
        id: identity.newId().replaceAll('-', '').slice(0, 16),
        name,
        scopes: [...new Set(scopes)],
        createdAt: new Date(now).toISOString(),
        expiresAt,
        revokedAt: null,
      };
      const secret = `${TOKEN_PREFIX}${token.id}_${identity.newSecret()}`;
      // Nobody guesses 32 random bytes, so a slow hash as for passwords would protect nothing and cost every request.
      await tokens.add(token, identity.digest(secret));
      return { token, secret };
    },
    list: () => tokens.all(),
    async revoke(id) {
      if (await tokens.revoke(id, new Date(clock.now()).toISOString())) return;
      throw new RollcallError('NOT_FOUND', `There is no token ${id} that could be revoked.`, {
        cure: '`rollcall tokens` lists them.',
      });
    },
    async verify(secret) {
      const [, id] = FORM.exec(secret) ?? [];
      if (id === undefined) return null;
      const found = await tokens.find(id);
      if (found === null || !identity.sameText(found.hash, identity.digest(secret))) return null;
      const { revokedAt, expiresAt } = found.token;
      if (revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= clock.now())) return null;
      return found.token;
    },
  };
}
