import { afterEach, describe, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { defineJob } from '../../src/app/ports/jobs.ts';
import { createJobQueue } from '../../src/queue/index.ts';
import { createStore, openEngine } from '../../src/store/index.ts';
import { describeJobQueue, queueTestOptions } from '../contract/job-queue.contract.ts';
import { engineOptions, makeDirectory, openTestEngine, startChild, systemClock } from '../store/support.ts';

describeJobQueue('the embedded engine', async () => {
  const { engine, remove } = await openTestEngine();
  return {
    open: (name, lines, changes = {}) =>
      createJobQueue({ pool: engine.queuePool, ...queueTestOptions(name, lines), ...changes }),
    close: remove,
  };
});

describe('the job queue of the embedded engine', () => {
  const clearUp: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of clearUp.splice(0).toReversed()) await step();
  });

  const seen: string[] = [];
  const note = defineJob({
    name: 'note',
    payload: z.object({ id: z.string() }),
    attempts: 1,
    async process({ payload }) {
      seen.push(payload.id);
      return { kind: 'done' };
    },
  });

  /** A data directory whose only process was killed in the middle of a job. */
  async function crashed(): Promise<string> {
    const directory = await makeDirectory();
    clearUp.push(() => rm(directory, { recursive: true, force: true }));
    const child = startChild('work.ts', [directory]);
    clearUp.push(() => child.kill());
    await child.line('under way');
    await child.kill();
    return directory;
  }

  test('takes up a job whose worker was killed, once its lock has run out', async () => {
    const engine = await openEngine(engineOptions(await crashed()));
    clearUp.push(() => engine.close());
    const queue = await createJobQueue({ pool: engine.queuePool, ...queueTestOptions('crash'), lockMs: 200 });
    clearUp.push(() => queue.close(0));
    seen.length = 0;
    await queue.work([note], { concurrency: 1 });
    await queue.waitFor('under-way');
    await queue.waitFor('waiting');
    expect(seen.toSorted()).toEqual(['under way', 'waiting']);
  });

  test('forgets such jobs at a reset, and takes new ones of the same ids', async () => {
    const engine = await openEngine(engineOptions(await crashed()));
    clearUp.push(() => engine.close());
    const queue = await createJobQueue({ pool: engine.queuePool, ...queueTestOptions('crash') });
    clearUp.push(() => queue.close(0));
    await queue.reset();
    seen.length = 0;
    await queue.work([note], { concurrency: 1 });
    await queue.waitFor(await queue.add({ name: 'note', payload: { id: 'again' }, id: 'under-way' }));
    expect(seen).toEqual(['again']);
    await expect(queue.waitFor('waiting')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('shares its one session with the store while jobs are under way', async () => {
    const { engine, remove } = await openTestEngine();
    clearUp.push(remove);
    const store = await createStore(engine, { clock: systemClock });
    const queue = await createJobQueue({ pool: engine.queuePool, ...queueTestOptions('shared') });
    clearUp.push(() => queue.close(0));
    const save = defineJob({
      name: 'save',
      payload: z.object({ id: z.string() }),
      attempts: 1,
      async process({ payload }) {
        await store.memory.set(payload.id, 'done');
        await store.links.save([]);
        return { kind: 'done' };
      },
    });
    await queue.work([save], { concurrency: 4 });
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, index) => queue.add({ name: 'save', payload: { id: `k${index}` } })),
    );
    await Promise.all(ids.map((id) => queue.waitFor(id)));
    const values = await Promise.all(ids.map((_, index) => store.memory.get(`k${index}`)));
    expect(values.every((value) => value === 'done')).toBe(true);
  });
});
