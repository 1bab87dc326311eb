import type { ExpiryMode } from '../kit/server.ts';
import type { SandboxClock } from '../types.ts';
import type { Switches } from './switches.ts';

/** Somebody who may sign in. */
export interface Account {
  login: string;
  password: string;
  userId: string;
  contactId: string | null;
}

/** One sign-in. */
export interface Session {
  account: Account;
  /** Value of BPMLOADER. */
  loader: string;
  /** Value of .ASPXAUTH. */
  ticket: string;
  /** Values of BPMCSRF that were issued; the last one is in force. */
  csrf: string[];
  requests: number;
  /** Whether BPMSESSIONID was issued. */
  hasInnerSession: boolean;
}

/** What the cookies of a request stand for; `mode` says how the death of a session was ordered to show. */
export type SessionState = { session: Session } | { session: undefined; mode: ExpiryMode | undefined };

export interface Sessions {
  open(account: Account): Session;
  /** Finds the session of the cookies and counts the request as activity. */
  find(cookies: ReadonlyMap<string, string>): SessionState;
  /** Kills the session of the cookies, if there is one. */
  kill(cookies: ReadonlyMap<string, string>, mode: ExpiryMode): void;
  newToken(length: number, alphabet: string): string;
}

/** The characters of BPMCSRF values. */
export const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789ABCDEF';

/** Creates the book of sessions. `timeoutMinutes` is the account's own limit, 0 if it has none. */
export function createSessions(deps: {
  clock: SandboxClock;
  random: () => number;
  switches: () => Switches;
  timeoutMinutes: (account: Account) => number;
}): Sessions {
  const { clock, switches } = deps;
  const live = new Map<string, { session: Session; lastSeen: number }>();
  const dead = new Map<string, ExpiryMode>();

  const newToken = (length: number, alphabet: string): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(deps.random() * alphabet.length))).join('');

  const entryOf = (cookies: ReadonlyMap<string, string>) => {
    const entry = live.get(cookies.get('.ASPXAUTH') ?? '');
    return entry?.session.loader === cookies.get('BPMLOADER') ? entry : undefined;
  };

  return {
    newToken,
    open: (account) => {
      if (switches().singleSession) {
        for (const [ticket, { session }] of live) {
          if (session.account.login === account.login) live.delete(ticket);
        }
      }
      const session: Session = {
        account,
        loader: newToken(24, TOKEN_ALPHABET).toLowerCase(),
        ticket: newToken(192, HEX),
        csrf: [newToken(22, TOKEN_ALPHABET)],
        requests: 0,
        hasInnerSession: false,
      };
      live.set(session.ticket, { session, lastSeen: clock.now() });
      return session;
    },
    find: (cookies) => {
      const ticket = cookies.get('.ASPXAUTH') ?? '';
      const entry = entryOf(cookies);
      if (entry === undefined) return { session: undefined, mode: dead.get(ticket) };
      const minutes = deps.timeoutMinutes(entry.session.account) || switches().sessionMinutes;
      if (clock.now() - entry.lastSeen > minutes * 60_000) {
        live.delete(ticket);
        return { session: undefined, mode: undefined };
      }
      entry.lastSeen = clock.now();
      entry.session.requests += 1;
      return { session: entry.session };
    },
    kill: (cookies, mode) => {
      const entry = entryOf(cookies);
      if (entry === undefined) return;
      live.delete(entry.session.ticket);
      dead.set(entry.session.ticket, mode);
    },
  };
}

/** Reads a Cookie header. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  return new Map(
    (header ?? '').split(';').flatMap((pair) => {
      const [name = '', ...value] = pair.split('=');
      return name.trim() === '' ? [] : [[name.trim(), value.join('=').trim()] as const];
    }),
  );
}
