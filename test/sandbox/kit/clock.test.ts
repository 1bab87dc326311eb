import { describe, expect, test } from '@jest/globals';
import { createSandboxClock } from '../../../src/sandbox/kit/clock.ts';

describe('the sandbox clock', () => {
  test('follows real time, and ticks on from where it was set or advanced to', () => {
    let real = 1000;
    const clock = createSandboxClock(undefined, () => real);
    expect(clock.now()).toBe(1000);
    real += 5;
    expect(clock.now()).toBe(1005);
    clock.set(50_000);
    real += 5;
    expect(clock.now()).toBe(50_005);
    clock.advance(1000);
    expect(clock.now()).toBe(51_005);
  });

  test('starts where it is told', () => {
    expect(createSandboxClock(7, () => 1000).now()).toBe(7);
  });
});
