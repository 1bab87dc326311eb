/** How often a system was asked: every request that was sent, repeated ones included. */
export interface RequestTally {
  /** Requests sent, repetitions included. */
  used: number;
  /** How many of them repeated an earlier one (a retry, or after a fresh sign-in). */
  retries: number;
  /** Per route (`GET /users`): requests sent. */
  byRoute: Readonly<Record<string, number>>;
}

/** Requests by product. */
export type Spent = Readonly<Record<string, { readonly used: number; readonly retries: number }>>;
