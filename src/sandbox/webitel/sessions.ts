/** A sign-in by name and password. */
export interface Session {
  userId: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Sessions, half-made sessions that wait for a second factor, and passwords that were planted. All of it is secret and
 * therefore no part of the state that a sandbox shows, except for how many there are.
 */
export interface SessionBook {
  open(secret: string, session: Session): void;
  bySecret(secret: string): Session | undefined;
  end(secret: string): void;
  endOfUser(userId: string): void;
  /** How many sessions of a user are alive. */
  openOf(userId: string, now: number): number;
  /** Ends all sessions of a user and counts it, even where there are none. */
  logOut(userId: string): void;
  /** How often each user was logged out by somebody with the right to. */
  readonly logouts: ReadonlyMap<string, number>;
  /** Takes over what an earlier directory has counted. */
  restoreLogouts(userId: string, count: number): void;
  /** Remembers who signed in with a password and still owes the second factor. */
  await(id: string, userId: string): void;
  /** Who owes the second factor for this id; an id is good until the factor has come. */
  awaited(id: string): string | undefined;
  settle(id: string): void;
  setPassword(userId: string, password: string): void;
  /** A planted password; `undefined` where the user has none but that of the row. */
  passwordOf(userId: string): string | undefined;
  dropPassword(userId: string): void;
  /** Marks a password as changed, so that it is not past its age any more. */
  renew(userId: string): void;
  isRenewed(userId: string): boolean;
}

export function createSessionBook(): SessionBook {
  const sessions = new Map<string, Session>();
  const halfMade = new Map<string, string>();
  const passwords = new Map<string, string>();
  const renewed = new Set<string>();
  const logouts = new Map<string, number>();
  const endOfUser = (userId: string): void => {
    for (const [secret, session] of sessions) if (session.userId === userId) sessions.delete(secret);
  };
  return {
    open: (secret, session) => void sessions.set(secret, session),
    bySecret: (secret) => sessions.get(secret),
    end: (secret) => void sessions.delete(secret),
    endOfUser,
    openOf: (userId, now) =>
      [...sessions.values()].filter((session) => session.userId === userId && session.expiresAt > now).length,
    logOut: (userId) => {
      endOfUser(userId);
      logouts.set(userId, (logouts.get(userId) ?? 0) + 1);
    },
    logouts,
    restoreLogouts: (userId, count) => void logouts.set(userId, count),
    await: (id, userId) => void halfMade.set(id, userId),
    awaited: (id) => halfMade.get(id),
    settle: (id) => void halfMade.delete(id),
    setPassword: (userId, password) => void passwords.set(userId, password),
    passwordOf: (userId) => passwords.get(userId),
    dropPassword: (userId) => void passwords.delete(userId),
    renew: (userId) => void renewed.add(userId),
    isRenewed: (userId) => renewed.has(userId),
  };
}
