import { Cookie } from 'tough-cookie';
import { z } from 'zod';
import type { Clock } from '../../app/ports/clock.ts';
import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import { scrub } from '../../http/secrets.ts';
import type { HttpRequest, HttpReply, HttpSession, RawReply } from '../../http/types.ts';

/** At the root of the site, whatever the flavour. */
export const LOGIN_PATH = '/ServiceModel/AuthService.svc/Login';

/**
 * Accounts are locked after a handful of wrong passwords, five in fifteen minutes as recommended: one try in that
 * time never locks one.
 */
const REFUSAL_HOLDS_MS = 15 * 60_000;

/** Cookie strings of one session that late answers may still refer to. */
const REMEMBERED_COOKIE_STRINGS = 32;

const LoginAnswer = z.object({
  Code: z.number(),
  Message: z.string().nullish(),
  Exception: z.object({ Message: z.string().nullish() }).nullish().catch(null),
  PasswordChangeUrl: z.string().nullish(),
});
type LoginAnswer = z.infer<typeof LoginAnswer>;

export interface FormsSessionOptions {
  readonly username: string;
  readonly password: string;
  readonly clock: Clock;
  /** Sends the sign-in; the door's own `send`. */
  send(request: HttpRequest<LoginAnswer>): Promise<HttpReply<LoginAnswer>>;
}

export interface CreatioSession extends HttpSession {
  /** Drops the session, so that the next request signs in anew. */
  forget(): void;
}

interface CookieJar {
  readonly cookies: Map<string, Cookie>;
  /** The latest `Cookie` headers made from this jar: they tell which session an answer belongs to. */
  readonly handedOut: string[];
}

/**
 * The session of a forms login: cookies kept by name and merged from every later answer, and the CSRF token sent with
 * every request. Paths of cookies are not looked at: all requests go to one site.
 */
export function createFormsSession(options: FormsSessionOptions): CreatioSession {
  const { clock } = options;
  let current: CookieJar | undefined;
  let signingIn: CookieJar | undefined;
  let refused: { error: RollcallError; until: number } | undefined;

  async function signIn(signal: AbortSignal): Promise<CookieJar> {
    if (refused !== undefined && clock.now() < refused.until) throw refused.error;
    refused = undefined;
    const jar: CookieJar = { cookies: new Map(), handedOut: [] };
    signingIn = jar;
    try {
      const error = refusalOf(await ask(signal), options);
      if (error !== undefined) {
        refused = { error, until: clock.now() + REFUSAL_HOLDS_MS };
        throw error;
      }
    } finally {
      if (signingIn === jar) signingIn = undefined;
    }
    if (jar.cookies.size === 0) {
      throw new RollcallError('CONTRACT', 'Creatio accepted the sign-in, but gave no session cookie.', {
        cure: 'Check that nothing between Rollcall and Creatio (a proxy, a firewall) takes cookies out.',
      });
    }
    return jar;
  }

  /** A sign-in without an answer may count as a wrong password too, so it is repeated only once. */
  async function ask(signal: AbortSignal): Promise<LoginAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sendOnce(signal);
      } catch (error) {
        const again = isRollcallError(error, 'UNKNOWN_OUTCOME') && !signal.aborted && attempt === 1;
        if (!again) throw explained(error);
      }
    }
  }

  async function sendOnce(signal: AbortSignal): Promise<LoginAnswer> {
    const reply = await options.send({
      method: 'POST',
      path: LOGIN_PATH,
      route: `POST ${LOGIN_PATH}`,
      headers: { ForceUseSession: 'true' },
      body: { UserName: options.username, UserPassword: options.password },
      schema: LoginAnswer,
      anonymous: true,
      signal,
    });
    return reply.body;
  }

  const owns = (jar: CookieJar | undefined, headers: Readonly<Record<string, string>>): jar is CookieJar =>
    jar !== undefined && jar.handedOut.includes(headers['Cookie'] ?? '');

  return {
    async headers(signal) {
      current ??= await signIn(signal);
      return headersOf(current, clock.now());
    },
    observe(reply, usedHeaders) {
      if (reply.path.endsWith(LOGIN_PATH)) keep(signingIn, reply.setCookie);
      else if (owns(current, usedHeaders)) keep(current, reply.setCookie);
    },
    expired: isExpired,
    invalidate(usedHeaders) {
      if (owns(current, usedHeaders)) current = undefined;
    },
    forget() {
      current = undefined;
    },
  };
}

function headersOf(jar: CookieJar, now: number): Readonly<Record<string, string>> {
  // A site takes a cookie back by an end that lies in the past.
  for (const [name, cookie] of jar.cookies) if (cookie.TTL(now) <= 0) jar.cookies.delete(name);
  const cookie = [...jar.cookies.values()].map((one) => one.cookieString()).join('; ');
  if (!jar.handedOut.includes(cookie)) jar.handedOut.push(cookie);
  if (jar.handedOut.length > REMEMBERED_COOKIE_STRINGS) jar.handedOut.shift();
  const csrf = jar.cookies.get('BPMCSRF')?.value;
  return { Cookie: cookie, ForceUseSession: 'true', ...(csrf === undefined ? {} : { BPMCSRF: csrf }) };
}

function keep(jar: CookieJar | undefined, lines: readonly string[]): void {
  for (const line of lines) {
    const cookie = Cookie.parse(line);
    if (cookie !== undefined) jar?.cookies.set(cookie.key, cookie);
  }
}

/** What the door says of a failed sign-in, in terms of the sign-in: nothing but a session was at stake. */
function explained(error: unknown): unknown {
  if (!isRollcallError(error)) return error;
  const { details, message } = error;
  const notCreatio = details['status'] === 404 || details['status'] === 405 || details['status'] === 401;
  if (notCreatio || (details['status'] === 200 && details['reason'] === 'unreadable answer')) {
    return new RollcallError(
      'CONFIGURATION',
      `There is no Creatio sign-in at the configured address: ${message}`,
      {
        cure: 'Give the root address of the Creatio site, such as https://example.creatio.com, without /0 and without a page.',
        details,
        cause: error,
      },
    );
  }
  if (error.code !== 'UNKNOWN_OUTCOME') return error;
  return new RollcallError('UNAVAILABLE', `The sign-in to Creatio was not answered: ${message}`, {
    cure: 'Try again later; if it stays so, ask the administrator of Creatio.',
    details,
    cause: error,
  });
}

function refusalOf(
  answer: LoginAnswer,
  { username, password }: { username: string; password: string },
): RollcallError | undefined {
  if (answer.Code !== 0) {
    const reason = answer.Message || answer.Exception?.Message || 'no reason given';
    const said = scrub(reason, new Set(password === '' ? [] : [password])).slice(0, 300);
    return new RollcallError('AUTHENTICATION', `Creatio refused the sign-in of "${username}": ${said}`, {
      cure:
        'Correct the user name and password of the Creatio connection, and check in Creatio that the user is active ' +
        'and not locked; Rollcall asks again after 15 minutes or when it is started anew.',
      details: { code: answer.Code },
      quoted: [username, said],
    });
  }
  if (answer.PasswordChangeUrl) {
    return new RollcallError('AUTHENTICATION', `Creatio wants "${username}" to change the password first.`, {
      quoted: [username],
      cure: 'Sign in to Creatio as this user once, set a password that does not expire, and put it into the configuration.',
    });
  }
  return undefined;
}

const Fault = z.object({ Message: z.literal('Authentication failed.'), ExceptionType: z.unknown() });
const LONGEST_FAULT = 20_000;

/** A dead session in each of its disguises: 401, a redirect to the login page, that page itself, a JSON fault. */
export function isExpired(reply: RawReply): boolean {
  if (reply.status === 401) return true;
  if (reply.status >= 300 && reply.status < 400) return /\/login\//i.test(reply.headers['location'] ?? '');
  if (isHtml(reply)) return reply.status < 300 && /\/Login\/|"bootstrap\.login"/.test(reply.text);
  if (reply.text.length > LONGEST_FAULT || !reply.text.includes('Authentication failed.')) return false;
  try {
    return Fault.safeParse(JSON.parse(reply.text)).success;
  } catch {
    return false;
  }
}

function isHtml(reply: RawReply): boolean {
  const type = reply.headers['content-type'];
  return type === undefined || type === ''
    ? /^\s*<(!doctype )?html/i.test(reply.text)
    : /text\/html/i.test(type);
}
