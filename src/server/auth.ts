import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SCOPES, type Scope } from '../app/ports/tokens.ts';
import type { Tokens } from '../app/tokens.ts';
import { Refusal } from './errors.ts';

/** Whoever asks with a token. */
export interface Caller {
  /** The id of the token, or `local` for a command on this machine. */
  readonly id: string;
  readonly scopes: readonly Scope[];
}

const LOCAL = 'local';

/** Finds out who asks. */
export interface Gate {
  callerOf(request: FastifyRequest): Promise<Caller | null>;
  /** @throws Refusal 401 or 403 */
  require(request: FastifyRequest, scope: Scope | 'local'): Promise<void>;
}

/** @param localToken what commands on this machine show; nobody else can read it */
export function createGate(tokens: Tokens, localToken: string | null): Gate {
  const known = new WeakMap<FastifyRequest, Promise<Caller | null>>();

  async function find(request: FastifyRequest): Promise<Caller | null> {
    const [, secret] = /^Bearer +(\S+)$/iu.exec(request.headers.authorization ?? '') ?? [];
    if (secret === undefined) return null;
    if (localToken !== null && sameText(secret, localToken)) return { id: LOCAL, scopes: SCOPES };
    return tokens.verify(secret);
  }

  const callerOf = (request: FastifyRequest): Promise<Caller | null> => {
    const asked = known.get(request) ?? find(request);
    known.set(request, asked);
    return asked;
  };

  return {
    callerOf,
    async require(request, scope) {
      const caller = await callerOf(request);
      if (caller === null)
        throw new Refusal(
          401,
          'AUTHENTICATION',
          request.headers.authorization === undefined
            ? 'This needs a token.'
            : 'The token is unknown, revoked or has run out.',
          'Send "Authorization: Bearer TOKEN"; `rollcall tokens create` makes one.',
        );
      if (scope === 'local') {
        if (caller.id === LOCAL) return;
        throw new Refusal(
          403,
          'FORBIDDEN',
          'No token of the interface opens this: it would let its holder make others that can do more.',
          'Use `rollcall tokens` on the machine of the service.',
        );
      }
      if (!caller.scopes.includes(scope))
        throw new Refusal(
          403,
          'FORBIDDEN',
          `This token lacks the scope "${scope}".`,
          `Make one with \`rollcall tokens create NAME --scope ${scope}\`.`,
        );
    },
  };
}

/** Compares without telling by its time how much is equal, nor how long the texts are. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
