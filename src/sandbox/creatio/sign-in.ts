import { z } from 'zod';
import type { Json, SandboxClock } from '../types.ts';
import { TOKEN_ALPHABET, type Account, type Session, type Sessions } from './sessions.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import { formatInstant } from './values.ts';

/** The answer to a sign-in: always status 200. */
export interface SignInAnswer {
  body: Json;
  /** Values for Set-Cookie. */
  cookies: string[];
}

export interface SignInDeps {
  accounts: readonly Account[];
  sessions: Sessions;
  store: Store;
  clock: SandboxClock;
  random: () => number;
  switches: () => Switches;
}

const bodySchema = z.object({ UserName: z.string(), UserPassword: z.string() });

/** Checks a login and a password as AuthService does, lockout included. */
export function signIn(body: unknown, deps: SignInDeps): SignInAnswer {
  const parsed = bodySchema.safeParse(body);
  const account = deps.accounts.find(({ login }) => parsed.success && login === parsed.data.UserName);
  if (!parsed.success || account === undefined) return failure('The user name or the password is wrong.');

  const now = deps.clock.now();
  const user = deps.store.get('SysAdminUnit', account.userId);
  const unblockTime = user?.['UnblockTime'];
  if (typeof unblockTime === 'string' && Date.parse(unblockTime) > now) {
    return failure('The account is locked after too many attempts.');
  }
  if (user === undefined || user['Active'] !== true || parsed.data.UserPassword !== account.password) {
    countFailure(account, deps);
    return failure('The user name or the password is wrong.');
  }
  const switches = deps.switches();
  if (switches.passwordChangeRequired) {
    const url = '/Login/ChangePassword.aspx';
    return { body: { ...result(0, '', switches), PasswordChangeUrl: url }, cookies: [] };
  }
  if (user['LoginAttemptCount'] !== 0 || typeof unblockTime === 'string') {
    deps.store.put('SysAdminUnit', { ...user, LoginAttemptCount: 0, UnblockTime: null });
  }
  const session = deps.sessions.open(account);
  return { body: result(0, '', switches), cookies: cookiesOf(session, deps) };
}

function countFailure(account: Account, { store, clock, switches }: SignInDeps): void {
  const user = store.get('SysAdminUnit', account.userId);
  if (user === undefined) return;
  const { maxAttempts, lockMinutes } = switches();
  const attempts = Number(user['LoginAttemptCount'] ?? 0) + 1;
  const isLocked = maxAttempts > 0 && attempts >= maxAttempts;
  store.put('SysAdminUnit', {
    ...user,
    LoginAttemptCount: isLocked ? 0 : attempts,
    UnblockTime: isLocked ? formatInstant(clock.now() + lockMinutes * 60_000) : null,
  });
}

function result(code: number, message: string, { flavor }: Pick<Switches, 'flavor'>): Record<string, Json> {
  return {
    Code: code,
    Message: message,
    Exception: null,
    PasswordChangeUrl: null,
    RedirectUrl: flavor === 'netfw' ? '/0/Shell' : '/Shell',
    UserType: 'General',
  };
}

function failure(message: string): SignInAnswer {
  const exception = {
    HelpLink: null,
    InnerException: null,
    Message: message,
    StackTrace: null,
    Type: 'System.Security.SecurityException',
  };
  return {
    body: { Code: 1, Message: message, Exception: exception, PasswordChangeUrl: null, RedirectUrl: null },
    cookies: [],
  };
}

function cookiesOf(session: Session, { clock, random, switches }: SignInDeps): string[] {
  const name = session.account.login
    .split('')
    .map((character) => character.charCodeAt(0))
    .join('|');
  const expires = new Date(clock.now() + 7 * 86_400_000).toUTCString();
  const cookies = [
    `BPMLOADER=${session.loader}; path=/; HttpOnly; SameSite=Lax`,
    `.ASPXAUTH=${session.ticket}; path=/; HttpOnly; SameSite=Lax`,
    csrfCookie(session),
    `UserName=${name}; expires=${expires}; path=/; HttpOnly; SameSite=Lax`,
    'UserType=General; path=/; SameSite=Lax',
  ];
  if (!switches().shuffleCookies) return cookies;
  return cookies
    .map((cookie) => ({ cookie, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ cookie }) => cookie);
}

const csrfCookie = (session: Session): string => `BPMCSRF=${session.csrf.at(-1) ?? ''}; path=/; SameSite=Lax`;

/** The cookies that an OData request of a live session makes the server issue anew (checklist item 7). */
export function renewedCookies(session: Session, sessions: Sessions, switches: Switches): string[] {
  const cookies: string[] = [];
  if (switches.rotateBpmsession && !session.hasInnerSession) {
    session.hasInnerSession = true;
    const path = switches.flavor === 'netfw' ? '/0' : '/';
    const value = sessions.newToken(24, TOKEN_ALPHABET).toLowerCase();
    cookies.push(`BPMSESSIONID=${value}; path=${path}; HttpOnly; SameSite=Lax`);
  }
  const { rotateCsrfEvery } = switches;
  if (rotateCsrfEvery > 0 && session.requests % rotateCsrfEvery === 0) {
    session.csrf.push(sessions.newToken(22, TOKEN_ALPHABET));
    cookies.push(csrfCookie(session));
  }
  return cookies;
}
