import { describe, expect, test } from '@jest/globals';
import {
  ask,
  createVirtualClock,
  fixedWindow,
  seeded,
  slidingWindow,
  tokenBucket,
  total,
  type Client,
  type Host,
  type Record,
} from './hosts.ts';

/** What clients of one host were answered within some seconds of virtual time. */
async function run(host: Host, clients: readonly Client[], seconds: number, seed = 1): Promise<Record[]> {
  const clock = createVirtualClock();
  const random = seeded(seed);
  const records = clients.map((client) => ask(clock, host, client, random));
  await clock.runUntil(seconds * 1000);
  return records;
}

/** Share of the host's rate that was used, and of the requests that were refused. */
function shares(records: readonly Record[], rate: number, from: number, to: number) {
  const answered = records.reduce((sum, record) => sum + total(record.answered, from, to), 0);
  const refused = records.reduce((sum, record) => sum + total(record.refused, from, to), 0);
  return { used: answered / (rate * (to - from)), refused: refused / (answered + refused) };
}

const KINDS: [string, (rate: number, seed: number) => Host][] = [
  ['counts from second to second', (rate, seed) => fixedWindow(rate, seed * 137)],
  ['counts the last second', (rate) => slidingWindow(rate)],
  ['lets 20 requests be saved up', (rate) => tokenBucket(rate)],
];
const SEEDS = [1, 2, 3, 4, 5];

describe.each(KINDS)('a host that says its limit by refusals alone and %s', (_, makeHost) => {
  test.each(SEEDS)(
    '20 a second: used to 90 %% from the start, fewer than 2 %% refused (seed %i)',
    async (seed) => {
      const records = await run(makeHost(20, seed), [{}], 180, seed);
      const warmedUp = shares(records, 20, 15, 180);
      const firstMinute = shares(records, 20, 0, 60);
      expect(Math.min(warmedUp.used, firstMinute.used)).toBeGreaterThanOrEqual(0.9);
      expect(firstMinute.refused).toBeLessThan(0.02);
      expect(warmedUp.refused).toBeLessThan(0.01);
    },
  );

  test('20 a second: the same on a machine whose timers are late', async () => {
    for (const seed of SEEDS.slice(0, 2)) {
      const records = await run(makeHost(20, seed), [{ lateMs: 40 }], 120, seed);
      const { used, refused } = shares(records, 20, 0, 120);
      expect(used).toBeGreaterThanOrEqual(0.9);
      expect(refused).toBeLessThan(0.02);
    }
  });

  // At 5 a second the burst before the first refusal weighs more; at 100 one that is saved up hides more of the rate.
  test.each([
    [5, 100],
    [100, 20],
  ])('%i a second, %i ms away: the same over three minutes', async (rate, latencyMs) => {
    for (const seed of SEEDS.slice(0, 2)) {
      const { used, refused } = shares(
        await run(makeHost(rate, seed), [{ latencyMs }], 180, seed),
        rate,
        0,
        180,
      );
      expect(used).toBeGreaterThanOrEqual(0.9);
      expect(refused).toBeLessThan(0.02);
    }
  });

  test('at the start no more are refused than were under way', async () => {
    const [record] = await run(makeHost(20, 1), [{}], 3);
    expect(total(record?.refused ?? [], 0, 3)).toBeLessThanOrEqual(4);
  });

  test('two processes together use its rate and are seldom refused, and neither starves', async () => {
    for (const seed of SEEDS) {
      const records = await run(makeHost(20, seed), [{}, { startsAtMs: 20_000 }], 180, seed);
      const { used, refused } = shares(records, 20, 60, 180);
      expect(used).toBeGreaterThanOrEqual(0.85);
      expect(refused).toBeLessThan(0.02);
      for (const record of records) expect(shares([record], 20, 60, 180).used).toBeGreaterThan(0.05);
    }
  });
});

test('a host that allows more after a while is used again', async () => {
  const few = slidingWindow(10);
  const many = slidingWindow(30);
  const records = await run((now) => (now < 60_000 ? few(now) : many(now)), [{}], 240);
  expect(shares(records, 10, 30, 60).used).toBeGreaterThanOrEqual(0.9);
  expect(shares(records, 30, 180, 240).used).toBeGreaterThanOrEqual(0.9);
  expect(shares(records, 30, 60, 240).refused).toBeLessThan(0.02);
});

test('a host that allows less after a while is followed down', async () => {
  const many = slidingWindow(30);
  const few = slidingWindow(8);
  const records = await run((now) => (now < 60_000 ? many(now) : few(now)), [{}], 180);
  const { used, refused } = shares(records, 8, 90, 180);
  expect(used).toBeGreaterThanOrEqual(0.9);
  expect(refused).toBeLessThan(0.02);
});

test('a host that counts by the minute is left alone when the minute is used up', async () => {
  let minute = -1;
  let taken = 0;
  const host: Host = (now) => {
    const current = Math.floor(now / 60_000);
    if (current !== minute) taken = 0;
    minute = current;
    taken += 1;
    return taken <= 600;
  };
  const records = await run(host, [{}], 600);
  const { used, refused } = shares(records, 10, 0, 600);
  expect(used).toBeGreaterThanOrEqual(0.85);
  expect(refused).toBeLessThan(0.02);
});

test('a single refusal without a cause does not slow a quick host down for long', async () => {
  let asked = 0;
  const records = await run(() => (asked += 1) !== 3, [{ latencyMs: 50 }], 30);
  expect(total(records[0]?.answered ?? [], 20, 30)).toBeGreaterThan(10 * 70);
});

test('refusals without a cause among few requests do not slow a host down to a crawl', async () => {
  let asked = 0;
  // One caller that takes its time, as a run between two batches does; every fifth request is refused.
  const host: Host = () => (asked += 1) > 25 || asked % 5 !== 0;
  const [record] = await run(host, [{ callers: 1, latencyMs: 600 }], 60);
  expect(record?.limiter.state().gapMs).toBeLessThan(500);
});
