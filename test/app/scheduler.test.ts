import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Automation } from '../../src/app/automation.ts';
import { RollcallError } from '../../src/app/ports/errors.ts';
import type { RunRecord } from '../../src/app/ports/runs.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { createScheduler } from '../../src/app/scheduler.ts';
import { readSchedules } from '../../src/config/service.ts';
import { createStore, type Engine } from '../../src/store/index.ts';
import { run } from '../contract/store.contract.ts';
import { createHandClock, createTestLogger, openTestEngine, type LogLine } from '../store/support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let engine: Engine;
let remove: () => Promise<void>;
beforeAll(async () => ({ engine, remove } = await openTestEngine()));
afterAll(() => remove());
beforeEach(async () => {
  await engine.pool.query('DROP SCHEMA IF EXISTS rollcall CASCADE');
});

interface Stage {
  readonly store: Store;
  readonly started: string[];
  readonly lines: LogLine[];
  readonly outcomes: string[];
  /** Another run is under way. */
  busy: boolean;
  /** Lets the scheduler of a process look, every so often, until then. */
  until(time: string, everyMs?: number, process?: number): Promise<void>;
  /** A further process on the same store. */
  another(): number;
  /** Lets all processes look at the same time. */
  together(): Promise<void>;
  jump(time: string): void;
}

async function stage(cron: string, timeZone: string, start: string): Promise<Stage> {
  const clock = createHandClock(start);
  const store = await createStore(engine, { clock });
  const { value: schedules } = readSchedules([{ cron, timeZone, run: 'sync' }], () => '');
  const lines: LogLine[] = [];
  const outcomes: string[] = [];
  const automation: Automation = {
    schedules,
    pollMs: null,
    processes: {},
    metrics: { count: (_what, outcome) => void outcomes.push(outcome) },
  };
  const started: string[] = [];
  const make = () =>
    createScheduler(
      {
        store,
        clock,
        logger: createTestLogger(lines),
        identity: {
          newId: randomUUID,
          rowId: () => '',
          digest: () => '',
          newSecret: () => '',
          sameText: () => false,
        },
      },
      {
        submit: async ({ kind, trigger }): Promise<RunRecord> => {
          if (scene.busy) throw new RollcallError('BUSY', 'Another run is under way.');
          const startedAt = new Date(clock.now()).toISOString();
          const record = run(randomUUID(), { kind, trigger, startedAt, phase: 'done', status: 'succeeded' });
          await store.runs.create(record);
          started.push(startedAt);
          return record;
        },
      },
      automation,
    );
  const schedulers = [make()];
  const scene: Stage = {
    store,
    started,
    lines,
    outcomes,
    busy: false,
    until: async (time, everyMs = MINUTE, process = 0) => {
      for (const end = Date.parse(time); clock.now() < end; clock.move(everyMs))
        await schedulers[process]?.step();
    },
    another: () => schedulers.push(make()) - 1,
    together: async () => void (await Promise.all(schedulers.map((one) => one.step()))),
    jump: (time) => clock.move(Date.parse(time) - clock.now()),
  };
  return scene;
}

describe('A schedule', () => {
  test('starts its run once each night through both changes of the clock in Kyiv', async () => {
    const spring = await stage('30 3 * * *', 'Europe/Kyiv', '2026-03-27T12:00:00Z');
    await spring.until('2026-03-30T12:00:00Z', 10 * MINUTE);
    expect(spring.started).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    await engine.pool.query('DROP SCHEMA rollcall CASCADE');
    const autumn = await stage('30 3 * * *', 'Europe/Kyiv', '2026-10-23T12:00:00Z');
    await autumn.until('2026-10-26T12:00:00Z', 10 * MINUTE);
    expect(autumn.started).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  test('starts nothing for times before it was known', async () => {
    const scene = await stage('30 3 * * *', 'Asia/Dubai', '2026-05-01T00:00:00Z');
    await scene.until('2026-05-01T10:00:00Z', 10 * MINUTE);
    expect(scene.started).toEqual([]);
  });

  test('is made up for once after the service was down, however many times were missed', async () => {
    const scene = await stage('0 * * * *', 'UTC', '2026-05-01T00:30:00Z');
    await scene.until('2026-05-01T00:32:00Z');
    scene.jump('2026-05-01T05:20:00Z');
    await scene.until('2026-05-01T05:50:00Z');
    expect(scene.started).toEqual(['2026-05-01T05:20:00.000Z']);
  });

  test('is left, and the log says so, when it was missed more than six hours ago', async () => {
    const scene = await stage('30 2 * * *', 'UTC', '2026-05-01T00:30:00Z');
    await scene.until('2026-05-01T00:32:00Z');
    scene.jump('2026-05-01T08:31:00Z');
    await scene.until('2026-05-02T02:40:00Z', 5 * MINUTE);
    expect(scene.started).toEqual(['2026-05-02T02:31:00.000Z']);
    expect(scene.lines.map(({ message }) => message)).toContain(
      'A scheduled run was missed too long ago; the next one is waited for.',
    );
    expect(scene.outcomes).toEqual(['missed', 'started']);
  });

  test('fires once, however many processes look', async () => {
    const scene = await stage('0 2 * * *', 'UTC', '2026-05-01T01:00:00Z');
    const other = scene.another();
    await scene.until('2026-05-01T01:55:00Z');
    // The first process dies: its lease runs out, and the other one goes on.
    await scene.until('2026-05-01T01:58:00Z', MINUTE, other);
    await scene.until('2026-05-01T02:30:00Z', MINUTE, other);
    await scene.until('2026-05-01T02:40:00Z', MINUTE, 0);
    expect(scene.started).toEqual(['2026-05-01T02:00:00.000Z']);
  });

  test('fires once when processes look at the same time', async () => {
    const scene = await stage('0 2 * * *', 'UTC', '2026-05-01T01:59:00Z');
    scene.another();
    scene.another();
    await scene.together();
    scene.jump('2026-05-01T02:00:00Z');
    await scene.together();
    scene.jump('2026-05-01T02:05:00Z');
    await scene.together();
    expect(scene.started).toEqual(['2026-05-01T02:00:00.000Z']);
  });

  test('does not fire again when the process died before it could say that it had', async () => {
    const scene = await stage('0 2 * * *', 'UTC', '2026-05-01T01:00:00Z');
    await scene.until('2026-05-01T01:59:00Z');
    const key = 'schedule:sync 0 2 * * * UTC';
    const before = await scene.store.memory.get(key);
    await scene.until('2026-05-01T02:05:00Z');
    await scene.store.memory.set(key, before ?? '');
    await scene.until('2026-05-01T02:30:00Z', MINUTE, scene.another());
    expect(scene.started).toHaveLength(1);
  });

  test('waits for another run to end, for an hour', async () => {
    const scene = await stage('0 2 * * *', 'UTC', '2026-05-01T01:59:00Z');
    scene.busy = true;
    await scene.until('2026-05-01T02:30:00Z');
    scene.busy = false;
    await scene.until('2026-05-01T02:40:00Z');
    expect(scene.started).toEqual(['2026-05-01T02:30:00.000Z']);

    scene.busy = true;
    await scene.until('2026-05-02T03:05:00Z', 5 * MINUTE);
    scene.busy = false;
    await scene.until('2026-05-02T04:00:00Z', 5 * MINUTE);
    expect(scene.started).toHaveLength(1);
    expect(scene.outcomes).toEqual(['started', 'busy']);
  });

  test('that is made up for late still has its hour to wait for another run', async () => {
    const scene = await stage('0 2 * * *', 'UTC', '2026-05-01T01:59:00Z');
    await scene.until('2026-05-01T02:00:00Z', 30_000);
    scene.jump(new Date(Date.parse('2026-05-01T02:00:00Z') + 5.9 * HOUR).toISOString());
    scene.busy = true;
    await scene.until('2026-05-01T08:20:00Z');
    scene.busy = false;
    await scene.until('2026-05-01T08:30:00Z');
    expect(scene.started).toEqual(['2026-05-01T08:20:00.000Z']);
  });
});
