import { z } from 'zod';
import type { Clock } from '../../app/ports/clock.ts';
import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import { scrub } from '../../http/secrets.ts';
import type { HttpReply, HttpRequest } from '../../http/types.ts';
import type { ConnectorMemory } from './prefix.ts';
import { isExpired, type CreatioSession } from './session.ts';

/** A token is renewed so long before it ends, or halfway through if it lives for less than twice that. */
const EARLY_MS = 30_000;

/** Where a site passes the token address of its identity service on, by flavour. */
const PROXIED_PATHS = ['/0/connect/token', '/connect/token'] as const;

/** Answers that say something about the request or the address; all others are the door's to judge. */
const TELLING = [200, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 415];

const Grant = z.object({
  access_token: z.string().min(1),
  /** Seconds; where it is missing the token is used until it is refused. */
  expires_in: z.coerce.number().positive().optional().catch(undefined),
});
const Refusal = z.object({ error: z.string().min(1), error_description: z.string().nullish().catch(null) });

export interface OAuthSessionOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  /** Path of the token address below `send`'s own root; without it, the paths at which a site has it are tried. */
  readonly path?: string;
  /** The token address for messages, or the root of the site where it is looked for. */
  readonly address: string;
  /** Keeps the path that was found, under `creatio.token:<address>`. */
  readonly memory: ConnectorMemory;
  send(request: HttpRequest<string>): Promise<HttpReply<string>>;
}

interface Token {
  readonly header: string;
  /** Milliseconds on the clock; from then on a new one is asked for. */
  readonly renewAt: number;
}

/** The session of an OAuth client: a bearer token by client credentials, renewed before it ends. */
export function createOAuthSession(options: OAuthSessionOptions): CreatioSession {
  const { clientId, clientSecret, clock, memory, address } = options;
  const key = `creatio.token:${address}`;
  const form = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  }).toString();
  let current: Token | undefined;
  let found: string | undefined;

  const clean = (text: string): string => scrub(text, new Set([clientSecret])).slice(0, 200);

  /** The token, or what the path answered if it is no token address; other failures are thrown. */
  async function askAt(path: string, signal: AbortSignal): Promise<Token | string> {
    const askedAt = clock.now();
    let reply: HttpReply<string>;
    try {
      reply = await options.send({
        method: 'POST',
        path,
        route: `POST ${path || new URL(address).pathname}`,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: form,
        schema: z.string(),
        as: 'text',
        accept: TELLING,
        // A second token does no harm.
        idempotent: true,
        anonymous: true,
        signal,
      });
    } catch (error) {
      throw explained(error);
    }
    const body = parseJson(reply.body);
    const refusal = Refusal.safeParse(body);
    if (reply.status !== 200 && refusal.success) throw refused(refusal.data);
    const grant = Grant.safeParse(body);
    if (reply.status !== 200 || !grant.success) return describe(reply);
    const { access_token, expires_in } = grant.data;
    const life = expires_in === undefined ? Number.POSITIVE_INFINITY : expires_in * 1000;
    return {
      header: `Bearer ${access_token}`,
      renewAt: askedAt + life - Math.min(EARLY_MS, life / 2),
    };
  }

  async function fetchToken(signal: AbortSignal): Promise<Token> {
    if (options.path !== undefined) {
      const token = await askAt(options.path, signal);
      if (typeof token !== 'string') return token;
      throw new RollcallError('CONFIGURATION', `${address} is no token address: it answered ${token}.`, {
        cure: `Correct auth.tokenUrl of the Creatio connection. ${WHERE}`,
      });
    }
    if (found === undefined) {
      const kept = await memory.get(key);
      found = PROXIED_PATHS.find((path) => path === kept);
    }
    const answers: string[] = [];
    for (const path of PROXIED_PATHS.toSorted((a, b) => Number(b === found) - Number(a === found))) {
      const token = await askAt(path, signal);
      if (typeof token === 'string') {
        answers.push(`${path} answered ${token}`);
        continue;
      }
      if (found !== path) await memory.set(key, path);
      found = path;
      return token;
    }
    throw new RollcallError(
      'CONFIGURATION',
      `${address} does not pass on the token address of its identity service: ${answers.join(', ')}.`,
      {
        cure: `Name the token address in auth.tokenUrl of the Creatio connection, and check that its url is the root address of the site. ${WHERE}`,
      },
    );
  }

  function refused({ error, error_description }: z.infer<typeof Refusal>): RollcallError {
    const said = clean(error_description ? `${error} (${error_description})` : error);
    return new RollcallError(
      'AUTHENTICATION',
      `Creatio's identity service refused the OAuth client "${clientId}": ${said}`,
      {
        cure:
          CURES[error] ??
          'Check the OAuth client in Creatio (System designer, OAuth 2.0 integrated applications).',
        quoted: [said],
        details: { oauth: clean(error) },
      },
    );
  }

  return {
    async headers(signal) {
      if (current !== undefined && clock.now() < current.renewAt) return { Authorization: current.header };
      current = await fetchToken(signal);
      return { Authorization: current.header };
    },
    expired: isExpired,
    invalidate(usedHeaders) {
      if (usedHeaders['Authorization'] === current?.header) current = undefined;
    },
    forget() {
      current = undefined;
    },
  };
}

/** Makes the error for a site that refuses a token which its identity service has just given. */
export function distrustOf(clientId: string): (cause: RollcallError) => RollcallError {
  return (cause) =>
    new RollcallError(
      'AUTHENTICATION',
      `Creatio refuses the tokens that its identity service gives to the OAuth client "${clientId}".`,
      {
        cure:
          'Check in Creatio that the client is active and acts as an active user (System designer, OAuth 2.0 integrated applications), ' +
          'and that the system setting OAuth20IdentityServerUrl names the identity service that the token comes from.',
        details: { ...cause.details, reason: 'token refused' },
        cause,
      },
    );
}

const WHERE =
  'The identity service shows it in its /.well-known/openid-configuration as token_endpoint; in the cloud it is https://<site>-is.creatio.com/connect/token.';

const CURES: Readonly<Record<string, string>> = {
  invalid_client:
    'Correct clientId and clientSecret of the Creatio connection; if they were right before, the secret has expired or was revoked: ' +
    'make a new one in Creatio (System designer, OAuth 2.0 integrated applications) and put it into the configuration.',
  unauthorized_client:
    'Allow this client the grant "client credentials" in Creatio (System designer, OAuth 2.0 integrated applications).',
  unsupported_grant_type:
    'Check that auth.tokenUrl is the token address of Creatio\'s identity service, and that it knows the grant "client credentials".',
  invalid_scope:
    'Give this client access to the site in Creatio (System designer, OAuth 2.0 integrated applications).',
};

/** What stands at an address that is no token address. */
function describe({ status, headers, body }: HttpReply<string>): string {
  const isPage = /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(body);
  if (status >= 300 && status < 400) return `${status}, a redirect`;
  if (isPage) return `${status} with a web page`;
  return status === 200 ? '200 without a token' : String(status);
}

/** Nothing but a token was at stake, so an unknown outcome is just a service that does not answer. */
function explained(error: unknown): unknown {
  if (!isRollcallError(error, 'UNAVAILABLE', 'UNKNOWN_OUTCOME')) return error;
  return new RollcallError('UNAVAILABLE', `No token came from Creatio's identity service: ${error.message}`, {
    ...(error.cure === undefined ? {} : { cure: error.cure }),
    retryable: error.retryable,
    details: error.details,
    cause: error,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
