import { describe, expect, test } from '@jest/globals';
import {
  decideRetry,
  DEFAULT_POLICY,
  parseRetryAfter,
  type Outcome,
  type RetryQuestion,
} from '../../src/http/retry.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const upper = (): number => 1;

function decide(outcome: Outcome, question: Partial<RetryQuestion> = {}, random = upper) {
  return decideRetry(
    { repeatable: true, outcome, attempt: 1, expiries: 0, now: NOW, remainingMs: 100_000, ...question },
    DEFAULT_POLICY,
    random,
  );
}

const answer = (status: number, rest: object = {}): Outcome => ({ kind: 'answer', status, ...rest });

// outcome, retried if repeatable, retried if not, outcome unknown if not repeatable
const TABLE: [string, Outcome, boolean, boolean, boolean][] = [
  ['a dead session', { kind: 'expired' }, true, true, false],
  ['429', answer(429), true, true, false],
  ['420, the old 429', answer(420), true, true, false],
  ['503', answer(503), true, true, false],
  ['500 of unknown origin', answer(500), true, false, true],
  ['500 that the application explains', answer(500, { vendor: {} }), true, false, false],
  ['500 that means a duplicate', answer(500, { vendor: { code: 'CONFLICT' } }), false, false, false],
  ['500 that means too many requests', answer(500, { vendor: { code: 'RATE_LIMITED' } }), true, true, false],
  ['501', answer(501), false, false, false],
  ['502', answer(502), true, false, true],
  ['504 even when explained', answer(504, { vendor: {} }), true, false, true],
  ['408', answer(408), true, false, true],
  ['520, a proxy of its own kind', answer(520), true, false, true],
  ['200 with a web page', answer(200, { unreadable: true }), true, false, true],
  ['302', answer(302), false, false, false],
  ['400', answer(400), false, false, false],
  ['401 that is no dead session', answer(401), false, false, false],
  ['403', answer(403), false, false, false],
  ['404', answer(404), false, false, false],
  ['409', answer(409), false, false, false],
  ['412', answer(412), false, false, false],
  ['413', answer(413), false, false, false],
  ['a refused connection', { kind: 'network', failure: 'not-sent' }, true, true, false],
  ['a broken connection', { kind: 'network', failure: 'broken' }, true, false, true],
  ['a time-out', { kind: 'network', failure: 'timed-out' }, true, false, true],
  ['half an answer', { kind: 'network', failure: 'cut-off' }, true, false, true],
  ['an untrusted certificate', { kind: 'network', failure: 'untrusted' }, false, false, false],
  ['an answer too large', { kind: 'network', failure: 'too-large' }, false, false, true],
];

describe('the retry decision', () => {
  test.each(TABLE)('%s is repeated only where that is safe', (_, outcome, harmless, harmful, unsettled) => {
    expect(decide(outcome).retry).toBe(harmless);
    expect(decide(outcome).unsettled).toBe(false);
    expect(decide(outcome, { repeatable: false })).toMatchObject({ retry: harmful, unsettled });
  });

  test.each(TABLE)('%s is never repeated beyond the last try', (_, outcome) => {
    expect(decide(outcome, { attempt: 5, expiries: 1 }).retry).toBe(false);
  });

  test.each(TABLE)('%s is never repeated past the deadline', (_, outcome) => {
    expect(decide(outcome, { remainingMs: 0 }).retry).toBe(false);
  });

  test('a fresh sign-in is tried once, at once, even on the last try', () => {
    expect(decide({ kind: 'expired' }, { attempt: 5 })).toMatchObject({ retry: true, waitMs: 0 });
    expect(decide({ kind: 'expired' }, { expiries: 1 })).toMatchObject({ retry: false, stopped: 'attempts' });
  });

  test('waits double with each try, up to the cap', () => {
    const waits = [1, 2, 3, 4].map((attempt) => decide(answer(502), { attempt }).waitMs);
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    const patient = { ...DEFAULT_POLICY, attempts: 20 };
    const question = { repeatable: true, outcome: answer(502), expiries: 0, now: NOW, remainingMs: 1e9 };
    expect(decideRetry({ ...question, attempt: 12 }, patient, upper).waitMs).toBe(20_000);
  });

  test('jitter takes off up to half of a wait', () => {
    expect(decide(answer(502), { attempt: 3 }, () => 0).waitMs).toBe(1000);
    expect(decide(answer(502), { attempt: 3 }, () => 0.5).waitMs).toBe(1500);
  });

  test('Retry-After outranks the doubling, up to its cap, and makes the whole host wait', () => {
    expect(decide(answer(429, { retryAfter: '7' }))).toMatchObject({ waitMs: 7000, pushBack: true });
    expect(decide(answer(503, { retryAfter: 'Mon, 05 Jan 2026 12:00:09 GMT' })).waitMs).toBe(9000);
    expect(decide(answer(429, { retryAfter: '7200' })).waitMs).toBe(60_000);
    expect(decide(answer(429)).pushBack).toBe(true);
    expect(decide(answer(502)).pushBack).toBe(false);
  });

  test('a push-back says how long the host wants to be left alone even when the call gives up', () => {
    const decision = decide(answer(429, { retryAfter: '30' }), { attempt: 5 });
    expect(decision).toMatchObject({ retry: false, stopped: 'attempts', waitMs: 30_000, pushBack: true });
  });

  test('a wait that would reach the deadline is not begun', () => {
    const decision = decide(answer(429, { retryAfter: '30' }), { remainingMs: 30_000 });
    expect(decision).toMatchObject({ retry: false, stopped: 'deadline' });
  });
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['Mon, 05 Jan 2026 12:01:00 GMT', 60_000],
    ['Monday, 05-Jan-26 12:01:00 GMT', 60_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j means %j milliseconds', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });
});
