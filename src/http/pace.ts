/** Bounds of what is assumed of a host that has not told us its rate yet. */
export interface PaceOptions {
  /** Pause between two starts after a push-back that came too early to learn anything from, in milliseconds. */
  readonly firstGapMs: number;
  /** The longest pause between two starts. */
  readonly maxGapMs: number;
}

/** One request on its way. */
export interface Start {
  readonly turn: number;
  readonly at: number;
  /** It would have started earlier without the pace; only such requests say that the host bears it. */
  readonly held: boolean;
}

/** Learns from answers and refusals how many requests a second a host takes. All times in milliseconds. */
export interface Pace {
  /** When the next request may start. */
  opensAt(): number;
  started(now: number, held: boolean): Start;
  answered(start: Start, now: number): void;
  /** The host pushed this request back; answers for how long nobody should ask it unless it said so itself. */
  refused(start: Start, now: number): number;
  /** Between two starts; 0 while nothing is known of a limit. */
  gapMs(): number;
}

/** The period that most hosts count in. */
const SECOND = 1000;
/** Below what was counted, so that the jitter of the network does not push one request too many into a second. */
const MARGIN = 0.97;
/** The first count may be of two periods, or of what a host had saved up: from half of it on, the rest is felt for. */
const FIRST_SHARE = 0.5;
/** Time constant of the way from there to the full count, in seconds. */
const APPROACH_S = 1.5;
/** Fewer answers in the second before a first refusal tell nothing about a rate. */
const FEWEST_TO_TELL = 4;
/** Held requests that have to be answered before a rate counts as proved and a higher one is tried. */
const PATIENCE = 100;
const PATIENCE_WITHOUT_COUNT = 20;
/** Every higher rate that was refused doubles the patience. */
const MOST_PATIENCE = 6400;
/** A rate is proved over several periods of the host, however many requests that is. */
const SHORTEST_PROOF_MS = 3000;
/** After so long a higher rate is tried in any case. */
const LONGEST_PROOF_MS = 300_000;
/** The first step above a proved rate, as a share of it; the steps double. */
const PROBE = 0.02;
/** How long a step takes: time enough for the host to count a period and for some requests to be refused. */
const STEP_S = 1;
const STEP_STARTS = 20;
/** A refused rate that is this near to the proved one leaves nothing to be gained between them. */
const NEAR = 0.92;
/** What is kept of a rate that was refused before it was proved. */
const LEAST_KEPT = 0.85;
const MOST_KEPT = 0.95;
/** A refusal so soon after another is an echo of it more likely than news. */
const ECHO_MS = 5000;
/** How late a start may be without losing its place; timers are late by a little, always. */
const SLACK_MS = 25;
const LONGEST_SILENCE_MS = 8_000;
/** Starts a second from which on there is no pacing any more. */
const UNBOUNDED = 500;
/** How far back answers are remembered, for requests that took long to be refused. */
const MEMORY_MS = 5000;

interface FirstCount {
  /** The request that was refused, and when it reached the host. */
  readonly turn: number;
  readonly at: number;
  /** Requests that were answered in the second before it. */
  count: number;
  /** What came of those that were sent after it and under way when it was refused. */
  othersRefused: boolean;
  othersAnswered: boolean;
}

/** A push-back and what has come of it since. */
interface PushBack {
  readonly startedAt: number;
  /** Requests up to this one were under way when it came: their refusals are no news. */
  turn: number;
  at: number;
  /** What can be counted of the first push-back; `null` for a later one. */
  readonly first: FirstCount | null;
  /** Refusals since the last answer. */
  inARow: number;
  answered: number;
  answeredHeld: number;
}

/**
 * The pace towards a host that says its limit by refusals alone.
 *
 * Until the first push-back there is none. The requests that were answered in the second before it are the first
 * estimate: exact for hosts that count the last second, up to double for those that count from second to second or
 * that let unused requests be saved up. A rate that held for a while is *proved*; the next one is tried step by step,
 * and when it is refused, the proved one comes back and stays for twice as long. What lies between a proved and a
 * refused rate is halved until nothing is to be gained. So a settled host refuses few requests, one that recovers is
 * used again, and processes that share a host share its rate.
 */
export function createPace({ firstGapMs, maxGapMs }: PaceOptions): Pace {
  const slowest = SECOND / maxGapMs;
  /** Starts a second, now and after the present approach. */
  let rate = Number.POSITIVE_INFINITY;
  let target = Number.POSITIVE_INFINITY;
  let proved = 0;
  let refusedRate = Number.POSITIVE_INFINITY;
  let patience = PATIENCE;
  /** Steps above the proved rate, in parts; 0 when none is tried. */
  let steps = 0;
  let last: PushBack | undefined;
  let turns = 0;
  let lastStart = Number.NEGATIVE_INFINITY;
  let opens = Number.NEGATIVE_INFINITY;
  /** When requests that were answered reached the host, as far as can be told, and roughly in order. */
  const recent: number[] = [];

  const gapMs = (): number => SECOND / rate;
  const isScouting = (): boolean => last !== undefined && last.inARow > 0;

  function remember(start: Start, now: number): void {
    recent.push(arrival(start, now));
    if ((recent[0] ?? now) >= now - 2 * MEMORY_MS) return;
    recent.splice(
      0,
      recent.findIndex((at) => at >= now - MEMORY_MS),
    );
  }

  const countSince = (from: number): number => recent.reduce((sum, at) => (at > from ? sum + 1 : sum), 0);

  /** A count that is too small, or of a refusal without a cause, is only what the host takes at least. */
  function takeFirstCount({ count, othersAnswered, othersRefused }: FirstCount): void {
    // One refused request among answered ones was hardly refused for a rate.
    const isBound = count >= FEWEST_TO_TELL && !(othersAnswered && !othersRefused);
    const least = isBound ? 0 : SECOND / firstGapMs;
    target = Math.max(least, count * MARGIN);
    rate = Math.max(least, count * FIRST_SHARE);
    patience = isBound ? PATIENCE : PATIENCE_WITHOUT_COUNT;
    proved = 0;
    refusedRate = Number.POSITIVE_INFINITY;
  }

  /** A rate between what is proved and what is refused, or the proved one where they are near each other. */
  function backToProved(tried: number): number {
    const isProbe = steps > 0;
    if (!isProbe) refusedRate = rate;
    const top = Math.min(tried, refusedRate);
    if (isProbe && proved < NEAR * top) return (proved + top) / 2;
    if (isProbe) patience = Math.min(patience * 2, MOST_PATIENCE);
    return proved;
  }

  /** The rate of a host of which nothing is proved, or that bears less than it used to. */
  function lower(tried: number, start: Start, before: PushBack, count: number): number {
    const sinceMs = start.at - before.startedAt;
    if (proved > 0 && sinceMs < ECHO_MS) return tried * MARGIN;
    proved = 0;
    refusedRate = Number.POSITIVE_INFINITY;
    const average = sinceMs > 0 ? (MARGIN * before.answered * SECOND) / sinceMs : 0;
    // Whoever counts periods lets at least half of the first count through again; less means that it was saved up.
    const wasSavedUp = count >= FEWEST_TO_TELL && before.first !== null && count < before.first.count / 2;
    if (wasSavedUp) return Math.max(average, tried / 4);
    return Math.min(Math.max(average, tried * LEAST_KEPT), tried * MOST_KEPT);
  }

  function furtherPushBack(start: Start, before: PushBack, count: number): number {
    // What was allowed says little where less was asked, and nothing is to be learnt from next to no requests.
    const tried = count < FEWEST_TO_TELL ? rate : Math.min(rate, count + 1);
    const next =
      proved > 0 && rate > proved * 1.001 ? backToProved(tried) : lower(tried, start, before, count);
    target = rate = Math.max(next, slowest);
    // The rest of a period that was used up too early, and one start.
    return Math.max(0, SECOND * (1 - rate / tried)) + SECOND / tried;
  }

  /** Slower hosts are felt for from below, a proved rate is exceeded step by step. */
  function speedUp(now: number, since: PushBack): void {
    since.answeredHeld += 1;
    const provedFor = now - since.at;
    const isProved =
      steps > 0 ||
      (provedFor >= SHORTEST_PROOF_MS && (since.answeredHeld >= patience || provedFor >= LONGEST_PROOF_MS));
    if (!isProved) {
      rate = Math.min(target, rate + (target - rate) / (rate * APPROACH_S));
      return;
    }
    if (steps === 0) prove();
    steps += 1 / rate / Math.max(STEP_S, STEP_STARTS / target);
    rate = target * (1 + PROBE * (2 ** steps - 1));
    if (rate > refusedRate * 1.5) refusedRate = Number.POSITIVE_INFINITY;
    if (rate > UNBOUNDED) {
      rate = target = Number.POSITIVE_INFINITY;
      last = undefined;
      steps = 0;
    }
  }

  function prove(): void {
    if (target > proved * 1.25) patience = PATIENCE;
    if (target >= refusedRate) refusedRate = Number.POSITIVE_INFINITY;
    proved = rate = target;
  }

  return {
    opensAt: () => opens,
    started(now, held) {
      const due = Math.max(opens, now - SLACK_MS);
      lastStart = now;
      // Until one is answered again, requests go out singly.
      opens = isScouting() ? now + Math.max(SECOND, gapMs()) : due + gapMs();
      turns += 1;
      return { turn: turns, at: now, held };
    },
    answered(start, now) {
      remember(start, now);
      if (last === undefined) return;
      if (start.turn <= last.turn) {
        const { first } = last;
        if (first === null) return;
        if (arrival(start, now) > first.at - SECOND) first.count += 1;
        if (start.turn > first.turn) first.othersAnswered = true;
        if (isScouting()) takeFirstCount(first);
        return;
      }
      if (last.inARow > 0) opens = Math.min(opens, lastStart + gapMs());
      last.inARow = 0;
      last.answered += 1;
      if (start.held) speedUp(now, last);
    },
    refused(start, now) {
      const before = last;
      if (before !== undefined && start.turn <= before.turn) {
        if (before.first !== null) {
          before.first.othersRefused = true;
          if (isScouting()) takeFirstCount(before.first);
        }
        return 0;
      }
      if (before !== undefined && before.inARow > 0) {
        before.inARow += 1;
        before.turn = turns;
        before.at = now;
        return Math.min(LONGEST_SILENCE_MS, SECOND * 2 ** (before.inARow - 2));
      }
      const count = countSince(arrival(start, now) - SECOND);
      const first =
        before === undefined
          ? { turn: start.turn, at: arrival(start, now), count, othersRefused: false, othersAnswered: false }
          : null;
      let silence = SECOND;
      if (before !== undefined) silence = furtherPushBack(start, before, count);
      else if (first !== null) takeFirstCount(first);
      steps = 0;
      last = { startedAt: start.at, turn: turns, at: now, first, inARow: 1, answered: 0, answeredHeld: 0 };
      return silence;
    },
    gapMs: () => (rate === Number.POSITIVE_INFINITY ? 0 : gapMs()),
  };
}

/** Half-way: the first requests of a process, which open connections, are slow to get there. */
function arrival(start: Start, answeredAt: number): number {
  return (start.at + answeredAt) / 2;
}
