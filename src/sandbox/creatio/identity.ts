import { createHash } from 'node:crypto';
import type { Json, SandboxClock } from '../types.ts';
import type { Account } from './sessions.ts';
import type { Switches } from './switches.ts';

/** An OAuth client as the creator of a sandbox says it. */
export interface ClientOptions {
  id: string;
  secret: string;
  /** Row of SysAdminUnit that the client acts as; without it, the user of the first account. */
  userId?: string;
}

/** An OAuth client with the user that it acts as. */
export interface Client {
  id: string;
  secret: string;
  account: Account;
}

/** An answer of the token address. */
export interface TokenAnswer {
  status: number;
  body: Json;
}

/** The identity service of a site: it gives tokens to clients and knows the tokens that it gave. */
export interface Identity {
  /** Answers a request to `/connect/token`; `body` is the text of a form. */
  grant(body: unknown, contentType: string): TokenAnswer;
  /** Whose token an `Authorization` header bears; `undefined` where it is unknown, expired or revoked. */
  find(authorization: string): Account | undefined;
  /** Revokes the token of an `Authorization` header. */
  revoke(authorization: string): void;
}

const BEARER = /^Bearer\s+/i;

export function createIdentity(deps: {
  clients: readonly Client[];
  clock: SandboxClock;
  random: () => number;
  switches: () => Switches;
}): Identity {
  const { clients, clock, random, switches } = deps;
  const tokens = new Map<string, { account: Account; endsAt: number }>();
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  // Only a site with clients draws from the stream: what other sites answer must not depend on it.
  const scope = clients.length === 0 ? '' : `ApplicationAccess_${hex(32)}`;

  const issue = ({ id, account }: Client): TokenAnswer => {
    const { tokenSeconds } = switches();
    const seconds = Math.floor(clock.now() / 1000);
    const head = encode({ alg: 'RS256', typ: 'at+jwt' });
    const claims = encode({
      client_id: id,
      scope: [scope],
      iat: seconds,
      exp: seconds + tokenSeconds,
      jti: hex(32),
    });
    const signature = createHash('sha512')
      .update(`${head}.${claims}.${hex(32)}`)
      .digest('base64url');
    const token = `${head}.${claims}.${signature}`;
    tokens.set(token, { account, endsAt: clock.now() + tokenSeconds * 1000 });
    return {
      status: 200,
      body: { access_token: token, expires_in: tokenSeconds, token_type: 'Bearer', scope },
    };
  };

  return {
    grant: (body, contentType) => {
      if (typeof body !== 'string' || !/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
        return failure('invalid_request');
      }
      const form = new URLSearchParams(body);
      const client = clients.find(({ id }) => id === form.get('client_id'));
      const { revokedClients, invalidClientStatus } = switches();
      const isGood = client !== undefined && !revokedClients.includes(client.id);
      if (!isGood || form.get('client_secret') !== client.secret) {
        return failure('invalid_client', invalidClientStatus);
      }
      if (form.get('grant_type') !== 'client_credentials') return failure('unsupported_grant_type');
      const wanted = form.get('scope') ?? '';
      return wanted === '' || wanted === scope ? issue(client) : failure('invalid_scope');
    },
    find: (authorization) => {
      const token = tokens.get(authorization.replace(BEARER, ''));
      return token !== undefined && clock.now() < token.endsAt && !switches().distrustTokens
        ? token.account
        : undefined;
    },
    revoke: (authorization) => void tokens.delete(authorization.replace(BEARER, '')),
  };
}

/** Whether an `Authorization` header bears a token. */
export const isBearer = (authorization: string | undefined): authorization is string =>
  BEARER.test(authorization ?? '');

const encode = (part: Json): string => Buffer.from(JSON.stringify(part)).toString('base64url');

const failure = (error: string, status = 400): TokenAnswer => ({ status, body: { error } });
