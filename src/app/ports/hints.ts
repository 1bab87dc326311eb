/** What happened to a row of the CRM, as whoever told of it says. Never believed: the row is read afresh. */
export const HINT_EVENTS = ['added', 'modified', 'deleted'] as const;
export type HintEvent = (typeof HINT_EVENTS)[number];

/** How a hint came: the CRM called, or it was asked. */
export type HintSource = 'webhook' | 'poll';

/** A row of the CRM of which something was heard (design §6). */
export interface NewHint {
  readonly entity: string;
  /** In lower case. */
  readonly rowId: string;
  readonly event: HintEvent;
  readonly source: HintSource;
}

/** A hint that waits. Of one row there is one, whatever was heard of it how often. */
export interface Hint extends NewHint {
  /** Tells what is heard later from this. */
  readonly heard: string;
  /** When it was last heard, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** How often it could not be made a push of. */
  readonly attempts: number;
}

/** What names a hint as it was taken; one on the same row that came later is another. */
export type TakenHint = Pick<Hint, 'entity' | 'rowId' | 'heard'>;

export interface WaitingHints {
  readonly count: number;
  /** When the newest of them was heard; `null` without any. */
  readonly newest: number | null;
  /** One of them has waited for long enough. */
  readonly isDue: boolean;
}

export interface HintStore {
  /**
   * Keeps hints for good before it answers; one on a row that waits already takes its place, and its turn.
   *
   * @param times milliseconds since 1970: now, and when they are due
   */
  add(hints: readonly NewHint[], times: { readonly now: number; readonly due: number }): Promise<void>;
  /**
   * How many wait, those left out that are to be tried again later; costs little, however many there are.
   *
   * @param now milliseconds since 1970
   */
  waiting(now: number): Promise<WaitingHints>;
  /** Those that wait, in the order in which they were heard; some that come meanwhile may be among them. */
  take(now: number, limit: number): Promise<readonly Hint[]>;
  /** Marks hints as given to a run; a hint that came after they were taken goes on waiting. */
  give(hints: readonly TakenHint[], runId: string): Promise<void>;
  /** Runs that were given hints. */
  givenTo(): Promise<readonly string[]>;
  /** Forgets the hints that a run was given. */
  forget(runId: string): Promise<void>;
  /**
   * Lets those that a run was given wait again.
   *
   * @param times now, and the pause before each further attempt, in milliseconds; `goOn`: the last pause is for all that
   *   follow
   * @returns how many have no attempt left and are forgotten
   */
  takeBack(
    runId: string,
    times: { readonly now: number; readonly pausesMs: readonly number[]; readonly goOn?: boolean },
  ): Promise<number>;
  /** Lets hints wait longer, one attempt more each. */
  postpone(hints: readonly (TakenHint & { readonly notBefore: number })[]): Promise<void>;
  /** Forgets hints, but none that came after they were taken. */
  remove(hints: readonly TakenHint[]): Promise<void>;
  /** How many wait. */
  count(): Promise<number>;
}
