import type { Clock } from '../../app/ports/clock.ts';
import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import type { HttpReply, HttpRequest, HttpSession, RawReply } from '../../http/types.ts';
import { ErrorBody, LoginAnswer } from './schema.ts';

/** A session is renewed so long before it ends, or halfway through if it lives for less than twice that. */
const EARLY_MS = 30_000;

const LOGIN_PATH = '/login';

const USE_A_TOKEN =
  'Create a personal access token for the user (Users, the user, Tokens) and put it into the configuration as auth: { kind: token, token: … }.';

/** A personal access token neither expires nor can be renewed by us: a 401 is for a person to settle. */
export function createTokenSession(token: string): HttpSession {
  const headers = { 'X-Webitel-Access': token };
  return { headers: async () => headers, expired: () => false, invalidate: () => undefined };
}

export interface PasswordSessionOptions {
  readonly username: string;
  readonly password: string;
  /** Name of the domain, where the host serves several. */
  readonly domain?: string | undefined;
  readonly clock: Clock;
  /** Sends the sign-in; the door's own `send`. */
  send(request: HttpRequest<LoginAnswer>): Promise<HttpReply<LoginAnswer>>;
}

interface Session {
  readonly token: string;
  /** Milliseconds on the clock; from then on we sign in anew. */
  readonly renewAt: number;
}

/**
 * The session of a sign-in by name and password. No official client exchanges refresh tokens,
 * so a session that ends is followed by a new sign-in.
 */
export function createPasswordSession(options: PasswordSessionOptions): HttpSession {
  const { username, clock } = options;
  let current: Session | undefined;

  async function signIn(signal: AbortSignal): Promise<Session> {
    const askedAt = clock.now();
    const answer = await ask(signal);
    if (answer.token === null) {
      throw new RollcallError(
        'AUTHENTICATION',
        `Webitel wants a second factor for "${username}", which a service cannot give.`,
        { cure: USE_A_TOKEN, quoted: [username], details: { reason: 'second factor' } },
      );
    }
    const lifeMs = answer.lifeMs ?? Number.POSITIVE_INFINITY;
    return { token: answer.token, renewAt: askedAt + lifeMs - Math.min(EARLY_MS, lifeMs / 2) };
  }

  /** A sign-in without an answer may count as a wrong password, so it is repeated only once. */
  async function ask(signal: AbortSignal): Promise<LoginAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sendOnce(signal);
      } catch (error) {
        const again = isRollcallError(error, 'UNKNOWN_OUTCOME') && !signal.aborted && attempt === 1;
        if (!again) throw explained(error, username);
      }
    }
  }

  async function sendOnce(signal: AbortSignal): Promise<LoginAnswer> {
    const { password, domain } = options;
    const reply = await options.send({
      method: 'POST',
      path: LOGIN_PATH,
      route: `POST ${LOGIN_PATH}`,
      body: { username, password, ...(domain === undefined ? {} : { domain }) },
      schema: LoginAnswer,
      anonymous: true,
      signal,
    });
    return reply.body;
  }

  return {
    async headers(signal) {
      if (current === undefined || clock.now() >= current.renewAt) current = await signIn(signal);
      return { 'X-Webitel-Access': current.token };
    },
    expired: isExpired,
    invalidate(usedHeaders) {
      if (usedHeaders['X-Webitel-Access'] === current?.token) current = undefined;
    },
  };
}

/** A 401 about the licence is no dead session: signing in again would not help. */
function isExpired(reply: RawReply): boolean {
  if (reply.status !== 401) return false;
  try {
    const body = ErrorBody.safeParse(JSON.parse(reply.text));
    return !body.success || !/licen[sc]e/i.test(`${body.data.id} ${body.data.text}`);
  } catch {
    return true;
  }
}

/** Statuses with which a service may refuse a name and a password; which one it is, is not published. */
const REFUSED = new Set<unknown>([400, 401, 403, 422]);

/** What the door says of a failed sign-in, in terms of the sign-in: nothing but a session was at stake. */
function explained(error: unknown, username: string): unknown {
  if (!isRollcallError(error)) return error;
  const { details, message } = error;
  const { status, vendorId } = details;
  if (status === 412) {
    const expired = vendorId === 'app.password.expired';
    return new RollcallError(
      'AUTHENTICATION',
      `Webitel wants the password of "${username}" changed first, since it ${expired ? 'has expired' : 'is a temporary one'}.`,
      {
        cure: `Sign in to Webitel as this user and set a new password; better still, use a token, which does not age. ${USE_A_TOKEN}`,
        quoted: [username],
        details,
        cause: error,
      },
    );
  }
  const notWebitel = status === 404 || status === 405 || status === 501;
  if (notWebitel || (status === 200 && error.code !== 'AUTHENTICATION')) {
    return new RollcallError(
      'CONFIGURATION',
      `There is no Webitel sign-in at the configured address: ${message}`,
      {
        cure: 'Give the address of the Webitel host, such as https://webitel.example.com; the interface is looked for below it at /api.',
        details,
        cause: error,
      },
    );
  }
  if (REFUSED.has(status)) {
    return new RollcallError('AUTHENTICATION', `Webitel refused the sign-in of "${username}": ${message}`, {
      cure: 'Correct username, password and domain of the Webitel connection, and check in Webitel that the user may sign in by password.',
      quoted: [username],
      details,
      cause: error,
    });
  }
  if (error.code !== 'UNKNOWN_OUTCOME') return error;
  return new RollcallError('UNAVAILABLE', `The sign-in to Webitel was not answered: ${message}`, {
    cure: 'Try again later; if it stays so, ask the administrator of Webitel.',
    details,
    cause: error,
  });
}
