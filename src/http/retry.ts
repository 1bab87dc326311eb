import type { ErrorCode } from '../app/ports/errors.ts';

/** The limits of one call. All times in milliseconds. */
export interface DoorPolicy {
  /** Tries of one call at most, the first included; the repetition after a fresh sign-in is not counted. */
  attempts: number;
  /** One try, from the first byte sent to the last byte read. */
  attemptMs: number;
  /** A whole call with its tries, its waiting and its share of a sign-in. */
  deadlineMs: number;
  /** Wait before the second try; doubled for each further one, a random half of it taken off. */
  backoffMs: number;
  backoffCapMs: number;
  /** The longest that a `Retry-After` is obeyed. */
  retryAfterCapMs: number;
  /** How large an answer may be after decompression, in bytes. */
  maxAnswerBytes: number;
  /**
   * After a refused sign-in the door answers with the same refusal for so long instead of asking again: products lock
   * an account after a handful of wrong passwords.
   */
  signInPauseMs: number;
}

export const DEFAULT_POLICY: DoorPolicy = {
  attempts: 5,
  attemptMs: 60_000,
  deadlineMs: 180_000,
  backoffMs: 500,
  backoffCapMs: 20_000,
  retryAfterCapMs: 60_000,
  maxAnswerBytes: 64 * 1024 * 1024,
  signInPauseMs: 60_000,
};

/**
 * How a request failed without a whole answer.
 * - `not-sent`: no connection came about (refused, unknown host, no route), so nothing was carried out
 * - `broken`: the connection broke after sending had begun
 * - `timed-out`: no whole answer within the time of one try
 * - `cut-off`: an answer began and broke off
 * - `untrusted`: no secure connection (certificate, protocol); the same next time
 * - `proxy-refused`: the proxy would not connect (407, 403); nothing was carried out, and the same next time
 * - `too-large`: the answer exceeds the limit; the same next time
 */
export type NetworkFailure =
  'not-sent' | 'broken' | 'timed-out' | 'cut-off' | 'untrusted' | 'proxy-refused' | 'too-large';

/** What came of one try that is not an accepted, readable answer. */
export type Outcome =
  | { kind: 'expired' }
  | { kind: 'network'; failure: NetworkFailure }
  | {
      kind: 'answer';
      status: number;
      /** The header as it came: seconds or an HTTP date. */
      retryAfter?: string;
      /** The status was accepted, but the body is not what was due (a web page, half a document). */
      unreadable?: boolean;
      /** The vendor explained its refusal in its own shape, so the request reached the application. */
      vendor?: { code?: ErrorCode };
    };

export interface RetryQuestion {
  /** May the request be carried out twice without harm? */
  repeatable: boolean;
  outcome: Outcome;
  /** The number of the try that failed, from 1. */
  attempt: number;
  /** How often this call met a dead session before. */
  expiries: number;
  /** Milliseconds since 1970; needed for a `Retry-After` that is a date. */
  now: number;
  /** Milliseconds until the call's deadline. */
  remainingMs: number;
}

export type RetryReason =
  | 'session expired'
  | 'host asks for fewer requests'
  | 'host is busy'
  | 'server error'
  | 'unreadable answer'
  | 'not sent'
  | 'connection broke'
  | 'no answer in time'
  | 'answer broke off'
  | 'final answer'
  | 'secure connection failed'
  | 'proxy refused'
  | 'answer too large';

export interface RetryDecision {
  retry: boolean;
  reason: RetryReason;
  /** Zero when there is no retry, except for a push-back: then how long the host wants to be left alone. */
  waitMs: number;
  /** Why a reason that allows a retry did not lead to one. */
  stopped?: 'attempts' | 'deadline' | 'outcome unknown';
  /** The request may have been carried out, and nobody knows: only code that can settle it may repeat it. */
  unsettled: boolean;
  /** The host itself asked to be left alone: everybody has to wait, not just this call. */
  pushBack: boolean;
  /** The host said for how long; without that, `waitMs` is a guess of our own. */
  told: boolean;
}

type Repeat = 'always' | 'if-harmless' | 'never' | 'once';

interface Verdict {
  reason: RetryReason;
  repeat: Repeat;
  /** May the request have been carried out? */
  mayBeDone: boolean;
  pushBack?: boolean;
}

/** The decision whether a call is repeated: pure, all that varies comes in. `random` answers from 0 up to 1. */
export function decideRetry(
  question: RetryQuestion,
  policy: DoorPolicy,
  random: () => number,
): RetryDecision {
  const verdict = judge(question.outcome);
  const pushBack = verdict.pushBack === true;
  const unsettled = verdict.mayBeDone && !question.repeatable;
  const said = saidWait(question, policy);
  const decision = { reason: verdict.reason, unsettled, pushBack, told: said !== undefined };
  const waitMs = verdict.repeat === 'once' ? 0 : (said ?? backoff(question.attempt, policy, random));
  const stop = (stopped?: 'attempts' | 'deadline' | 'outcome unknown'): RetryDecision => ({
    ...decision,
    retry: false,
    waitMs: pushBack ? waitMs : 0,
    ...(stopped === undefined ? {} : { stopped }),
  });

  if (verdict.repeat === 'never') return stop();
  if (verdict.repeat === 'if-harmless' && !question.repeatable) {
    return stop(unsettled ? 'outcome unknown' : undefined);
  }
  if (verdict.repeat === 'once' ? question.expiries > 0 : question.attempt >= policy.attempts) {
    return stop('attempts');
  }
  if (waitMs >= question.remainingMs) return stop('deadline');
  return { ...decision, retry: true, waitMs };
}

function judge(outcome: Outcome): Verdict {
  if (outcome.kind === 'expired') return { reason: 'session expired', repeat: 'once', mayBeDone: false };
  if (outcome.kind === 'network') return NETWORK_VERDICTS[outcome.failure];

  const { status, vendor } = outcome;
  if (outcome.unreadable === true) {
    return { reason: 'unreadable answer', repeat: 'if-harmless', mayBeDone: true };
  }
  // 420 is what some gateways say instead of 429.
  if (status === 429 || status === 420 || vendor?.code === 'RATE_LIMITED') {
    return { reason: 'host asks for fewer requests', repeat: 'always', mayBeDone: false, pushBack: true };
  }
  if (status === 503) return { reason: 'host is busy', repeat: 'always', mayBeDone: false, pushBack: true };
  if (status === 408 || status === 502 || status === 504) {
    return { reason: 'server error', repeat: 'if-harmless', mayBeDone: true };
  }
  if (status >= 500 && status !== 501) {
    if (vendor === undefined) return { reason: 'server error', repeat: 'if-harmless', mayBeDone: true };
    // The application itself says that it failed: known outcome, and another code than "unavailable" is its last word.
    const passing = vendor.code === undefined || vendor.code === 'UNAVAILABLE';
    return passing
      ? { reason: 'server error', repeat: 'if-harmless', mayBeDone: false }
      : { reason: 'final answer', repeat: 'never', mayBeDone: false };
  }
  return { reason: 'final answer', repeat: 'never', mayBeDone: false };
}

const NETWORK_VERDICTS: Readonly<Record<NetworkFailure, Verdict>> = {
  'not-sent': { reason: 'not sent', repeat: 'always', mayBeDone: false },
  broken: { reason: 'connection broke', repeat: 'if-harmless', mayBeDone: true },
  'timed-out': { reason: 'no answer in time', repeat: 'if-harmless', mayBeDone: true },
  'cut-off': { reason: 'answer broke off', repeat: 'if-harmless', mayBeDone: true },
  untrusted: { reason: 'secure connection failed', repeat: 'never', mayBeDone: false },
  'proxy-refused': { reason: 'proxy refused', repeat: 'never', mayBeDone: false },
  'too-large': { reason: 'answer too large', repeat: 'never', mayBeDone: true },
};

function saidWait(question: RetryQuestion, policy: DoorPolicy): number | undefined {
  if (question.outcome.kind !== 'answer') return undefined;
  const said = parseRetryAfter(question.outcome.retryAfter, question.now);
  return said === undefined ? undefined : Math.min(said, policy.retryAfterCapMs);
}

/** Milliseconds that a `Retry-After` header asks for; `undefined` if there is none or it cannot be understood. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // An HTTP date begins with the name of a day; anything else that Date.parse would accept is noise.
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function backoff(attempt: number, policy: DoorPolicy, random: () => number): number {
  const full = Math.min(policy.backoffCapMs, policy.backoffMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (random() * full) / 2);
}
