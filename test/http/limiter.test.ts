import { describe, expect, test } from '@jest/globals';
import { createHostLimiter, type HostLimiter, type Permit } from '../../src/http/limiter.ts';
import { createFakeClock, rejection } from './support.ts';

const never = new AbortController().signal;

async function fewTurns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

/** Enters and tells whether it has been let in. */
function knock(limiter: HostLimiter, options: { urgent?: boolean; signal?: AbortSignal } = {}) {
  const visitor: { permit: Permit | undefined; entered: Promise<Permit> } = {
    permit: undefined,
    entered: limiter.enter({ signal: never, ...options }).then((permit) => (visitor.permit = permit)),
  };
  return visitor;
}

describe('the limiter of a host', () => {
  test('lets in as many as its cap at the same time and the next when one leaves', async () => {
    const limiter = createHostLimiter({ clock: createFakeClock(), concurrency: 2 });
    const [first, second, third] = [knock(limiter), knock(limiter), knock(limiter)];
    await fewTurns();
    expect([first, second, third].map((visitor) => visitor.permit !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
    second.permit?.leave('done');
    await fewTurns();
    expect(third.permit).toBeDefined();
    expect(limiter.state()).toMatchObject({ active: 2, waiting: 0 });
  });

  test('lets an urgent one past the cap', async () => {
    const limiter = createHostLimiter({ clock: createFakeClock(), concurrency: 1 });
    knock(limiter);
    const [patient, urgent] = [knock(limiter), knock(limiter, { urgent: true })];
    await fewTurns();
    expect(patient.permit).toBeUndefined();
    expect(urgent.permit).toBeDefined();
  });

  test('gives a permit back once, however often it is told to', async () => {
    const limiter = createHostLimiter({ clock: createFakeClock(), concurrency: 1 });
    const permit = await limiter.enter({ signal: never });
    permit.leave('done');
    permit.leave('done');
    expect(limiter.state().active).toBe(0);
  });

  test('keeps everybody out, urgent ones too, until the host wants to be asked again', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock });
    const before = clock.now();
    (await limiter.enter({ signal: never })).leave({ pushedBackMs: 7000 });
    await limiter.enter({ signal: never, urgent: true });
    expect(clock.now() - before).toBe(7000);
  });

  test('spaces out starts after a push-back', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock, concurrency: 10, firstGapMs: 100 });
    (await limiter.enter({ signal: never })).leave({ pushedBackMs: 0 });
    const starts: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      (await limiter.enter({ signal: never })).leave('done');
      starts.push(clock.now());
    }
    expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 100, 200]);
  });

  test('sends requests singly, a second apart, until one is answered again', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock, concurrency: 10, firstGapMs: 100 });
    (await limiter.enter({ signal: never })).leave({ pushedBackMs: 0 });
    const starts: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const permit = await limiter.enter({ signal: never });
      starts.push(clock.now());
      if (i === 1) permit.leave('done');
    }
    expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 1000, 1100]);
  });

  test('paces starts by what was answered in the second before the push-back, and lowers a pace that was too high', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock, concurrency: 40 });
    for (let i = 0; i < 30; i += 1) (await limiter.enter({ signal: never })).leave('done');
    (await limiter.enter({ signal: never })).leave({ pushedBackMs: null });
    const { gapMs } = limiter.state();
    // Half of it at first.
    expect(gapMs).toBeCloseTo(1000 / 15);
    for (let i = 0; i < 20; i += 1) (await limiter.enter({ signal: never })).leave('done');
    const quicker = limiter.state().gapMs;
    expect(quicker).toBeLessThan(gapMs);
    (await limiter.enter({ signal: never })).leave({ pushedBackMs: null });
    expect(limiter.state().gapMs).toBeGreaterThan(quicker);
  });

  test('leaves a host alone for longer and longer while it answers nothing', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock });
    const starts: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const permit = await limiter.enter({ signal: never });
      starts.push(clock.now());
      permit.leave({ pushedBackMs: null });
    }
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(pauses).toEqual([1000, 1000, 2000, 4000, 8000]);
  });

  test('takes refusals of requests that were under way together as one push-back', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock, concurrency: 4, firstGapMs: 100 });
    const before = clock.now();
    const permits = [];
    for (let i = 0; i < 4; i += 1) permits.push(await limiter.enter({ signal: never }));
    for (const permit of permits) permit.leave({ pushedBackMs: null });
    expect(limiter.state()).toMatchObject({ gapMs: 100, pausedUntil: before + 1000 });
  });

  test('never spaces them further apart than its limit', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock, firstGapMs: 1000, maxGapMs: 3000 });
    for (let i = 0; i < 30; i += 1) {
      (await limiter.enter({ signal: never })).leave('done');
      (await limiter.enter({ signal: never })).leave({ pushedBackMs: 0 });
    }
    expect(limiter.state().gapMs).toBe(3000);
  });

  test('wins back its pace by answers to requests that it held up, but not by failures', async () => {
    const clock = createFakeClock();
    const limiter = createHostLimiter({ clock, firstGapMs: 100 });
    (await limiter.enter({ signal: never })).leave({ pushedBackMs: 0 });
    for (let i = 0; i < 100; i += 1) (await limiter.enter({ signal: never })).leave('failed');
    for (let i = 0; i < 100; i += 1) {
      await clock.sleep(200);
      (await limiter.enter({ signal: never })).leave('done');
    }
    expect(limiter.state().gapMs).toBe(100);
    for (let i = 0; i < 3000; i += 1) (await limiter.enter({ signal: never })).leave('done');
    expect(limiter.state().gapMs).toBe(0);
  });

  test('forgets who gives up waiting', async () => {
    const limiter = createHostLimiter({ clock: createFakeClock(), concurrency: 1 });
    const permit = await limiter.enter({ signal: never });
    const stop = new AbortController();
    const gone = limiter.enter({ signal: stop.signal });
    stop.abort(new Error('no more patience'));
    expect(await rejection(gone)).toMatchObject({ message: 'no more patience' });
    permit.leave('done');
    expect(limiter.state()).toMatchObject({ active: 0, waiting: 0 });
  });
});
