import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RollcallError } from '../../src/app/ports/errors.ts';
import { defineJob, type DefinedJob, type JobContext, type JobQueue } from '../../src/app/ports/jobs.ts';
import { createTestLogger, systemClock, type LogLine } from '../store/support.ts';

export interface QueueTools {
  /** Another door to the same jobs, as another process would have it. */
  open(name: string, lines?: LogLine[], changes?: { lockMs?: number }): Promise<JobQueue>;
  close(): Promise<void>;
}

const Payload = z.strictObject({ id: z.string() });

type Work = (context: JobContext<z.infer<typeof Payload>>) => ReturnType<DefinedJob['run']>;

function job(name: string, work: Work, attempts = 3): DefinedJob {
  return defineJob({ name, payload: Payload, attempts, process: work });
}

const done = { kind: 'done' } as const;

/** Resolves when `open` is called. */
function createGate(): { passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** What a job queue promises on every engine. */
export function describeJobQueue(title: string, openTools: () => Promise<QueueTools>): void {
  describe(`the job queue on ${title}`, () => {
    let tools: QueueTools;
    const opened: JobQueue[] = [];

    beforeAll(async () => {
      tools = await openTools();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close(0)));
    });
    afterAll(() => tools.close());

    /** A queue that nobody else uses. */
    async function open(lines: LogLine[] = [], name = randomUUID(), changes = {}): Promise<JobQueue> {
      const queue = await tools.open(name, lines, changes);
      opened.push(queue);
      return queue;
    }

    test('runs a job with its payload and says when it has ended', async () => {
      const queue = await open();
      const seen: unknown[] = [];
      await queue.work(
        [
          job('greet', async ({ id, payload, step, attempt }) => {
            seen.push({ id, payload, step, attempt });
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      const id = await queue.add({ name: 'greet', payload: { id: 'x' }, id: 'run:1/α' });
      await queue.waitFor(id);
      expect(id).toBe('run:1/α');
      expect(seen).toEqual([{ id, payload: { id: 'x' }, step: null, attempt: 1 }]);
    });

    test('an end that lies before the question is not missed, and another door sees it too', async () => {
      const name = randomUUID();
      const queue = await open([], name);
      await queue.work([job('quick', async () => done)], { concurrency: 1 });
      const id = await queue.add({ name: 'quick', payload: { id: 'x' } });
      await queue.waitFor(id);
      await queue.waitFor(id);
      await (await open([], name)).waitFor(id);
      await expect(queue.waitFor('no-such')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    test('jobs that were added before anybody works are done later', async () => {
      const name = randomUUID();
      const adder = await open([], name);
      const ids = await Promise.all(
        ['a', 'b', 'c'].map((id) => adder.add({ name: 'late', payload: { id } })),
      );
      const seen: string[] = [];
      const queue = await open([], name);
      await queue.work(
        [
          job('late', async ({ payload }) => {
            seen.push(payload.id);
            return done;
          }),
        ],
        { concurrency: 2 },
      );
      await Promise.all(ids.map((id) => adder.waitFor(id)));
      expect(seen.toSorted()).toEqual(['a', 'b', 'c']);
    });

    test('an id that waits or is under way is not added twice; one that has ended runs again', async () => {
      const queue = await open();
      const gate = createGate();
      let runs = 0;
      await queue.work(
        [
          job('once', async () => {
            runs += 1;
            await gate.passed;
            return done;
          }),
        ],
        { concurrency: 4 },
      );
      const add = (): Promise<string> => queue.add({ name: 'once', payload: { id: 'x' }, id: 'same' });
      await add();
      await add();
      await add();
      gate.open();
      await queue.waitFor('same');
      expect(runs).toBe(1);
      await add();
      await queue.waitFor('same');
      expect(runs).toBe(2);
    });

    test('a worker that has nothing to do is woken by a new job', async () => {
      const queue = await open();
      await queue.work([job('wake', async () => done)], { concurrency: 1 });
      const from = Date.now();
      for (let round = 0; round < 5; round += 1) {
        await queue.waitFor(await queue.add({ name: 'wake', payload: { id: String(round) } }));
      }
      // A worker that is not woken looks again after five seconds, each time.
      expect(Date.now() - from).toBeLessThan(10_000);
    });

    test('no more jobs run at once than asked for', async () => {
      const queue = await open();
      let running = 0;
      let most = 0;
      const gate = createGate();
      await queue.work(
        [
          job('busy', async () => {
            running += 1;
            most = Math.max(most, running);
            if (running === 3) gate.open();
            await gate.passed;
            running -= 1;
            return done;
          }),
        ],
        { concurrency: 3 },
      );
      const ids = await Promise.all(
        Array.from({ length: 9 }, (_, index) => queue.add({ name: 'busy', payload: { id: String(index) } })),
      );
      await Promise.all(ids.map((id) => queue.waitFor(id)));
      expect(most).toBe(3);
    });

    test('what may pass is tried again, as often as the definition says', async () => {
      const lines: LogLine[] = [];
      const queue = await open(lines);
      const attempts: number[] = [];
      await queue.work(
        [
          job('flaky', async ({ attempt }) => {
            attempts.push(attempt);
            if (attempt < 3) throw new RollcallError('UNAVAILABLE', 'not now');
            return done;
          }),
          job('hopeless', async () => {
            throw new RollcallError('UNAVAILABLE', 'never', {
              cure: 'Start the other system.',
              details: { host: 'h' },
            });
          }),
        ],
        { concurrency: 2 },
      );
      await queue.waitFor(await queue.add({ name: 'flaky', payload: { id: 'x' } }));
      expect(attempts).toEqual([1, 2, 3]);

      const hopeless = await queue.add({ name: 'hopeless', payload: { id: 'x' } });
      const error: unknown = await queue.waitFor(hopeless).catch((problem: unknown) => problem);
      expect(error).toBeInstanceOf(RollcallError);
      expect(error).toMatchObject({
        code: 'UNAVAILABLE',
        message: 'never',
        cure: 'Start the other system.',
        details: { host: 'h' },
      });
      const ofHopeless = lines.filter((line) => line.fields['job'] === 'hopeless').map((line) => line.level);
      expect(ofHopeless).toEqual(['warn', 'warn', 'error']);
    });

    test('what repeating does not cure fails at once, and so does a payload that is not understood', async () => {
      const queue = await open();
      let runs = 0;
      await queue.work(
        [
          job('refused', async () => {
            runs += 1;
            throw new RollcallError('FORBIDDEN', 'no right', { cure: 'Ask for it.' });
          }),
          job('strict', async () => {
            runs += 100;
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      const refused = await queue.add({ name: 'refused', payload: { id: 'x' } });
      await expect(queue.waitFor(refused)).rejects.toMatchObject({ code: 'FORBIDDEN', cure: 'Ask for it.' });
      const strict = await queue.add({ name: 'strict', payload: { other: 1 } });
      await expect(queue.waitFor(strict)).rejects.toMatchObject({ code: 'CONTRACT' });
      expect(runs).toBe(1);
    });

    test('a step job enters its next step when all children have ended, whether well or badly', async () => {
      const queue = await open();
      const seen: string[] = [];
      const attempts: number[] = [];
      await queue.work(
        [
          job('parent', async ({ step, attempt }) => {
            seen.push(`parent ${String(step)}`);
            attempts.push(attempt);
            const children = (...ids: string[]) => ids.map((id) => ({ name: 'child', payload: { id }, id }));
            if (step === null) return { kind: 'wait', children: children('a', 'bad', 'b'), step: 'second' };
            if (step === 'second') return { kind: 'wait', children: children('c'), step: 'third' };
            if (step === 'third') return { kind: 'wait', children: [], step: 'last' };
            return done;
          }),
          job('child', async ({ payload }) => {
            seen.push(payload.id);
            if (payload.id === 'bad') throw new RollcallError('VALIDATION', 'bad child');
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      await queue.waitFor(await queue.add({ name: 'parent', payload: { id: 'p' }, id: 'p' }));
      expect(seen).toEqual([
        'parent null',
        'a',
        'bad',
        'b',
        'parent second',
        'c',
        'parent third',
        'parent last',
      ]);
      expect(attempts).toEqual([1, 1, 1, 1]);
      await expect(queue.waitFor('bad')).rejects.toMatchObject({ code: 'VALIDATION' });
    });

    test('a step that fails is tried again in that step, and children that had ended run again', async () => {
      const queue = await open();
      const seen: string[] = [];
      let thrown = false;
      await queue.work(
        [
          job('parent', async ({ step }) => {
            seen.push(`parent ${String(step)}`);
            if (step === null || step === 'second') {
              if (step === 'second' && !thrown) {
                thrown = true;
                throw new RollcallError('UNAVAILABLE', 'once');
              }
              const next = step === null ? 'second' : 'last';
              return {
                kind: 'wait',
                children: [{ name: 'child', payload: { id: 'c' }, id: 'c' }],
                step: next,
              };
            }
            return done;
          }),
          job('child', async ({ payload }) => {
            seen.push(payload.id);
            return done;
          }),
        ],
        { concurrency: 2 },
      );
      await queue.waitFor(await queue.add({ name: 'parent', payload: { id: 'p' }, id: 'p' }));
      expect(seen).toEqual(['parent null', 'c', 'parent second', 'parent second', 'c', 'parent last']);
    });

    test('refuses to work with definitions that are twice there or missing', async () => {
      const queue = await open();
      const one = job('one', async () => done);
      await expect(queue.work([], { concurrency: 1 })).rejects.toMatchObject({ code: 'CONFIGURATION' });
      await expect(queue.work([one, job('one', async () => done)], { concurrency: 1 })).rejects.toThrow(
        'defined twice',
      );
      await queue.add({ name: 'other', payload: { id: 'x' } });
      await expect(queue.work([one], { concurrency: 1 })).rejects.toThrow('A job named other waits');
    });

    test('a wait is given up when its signal is aborted or the queue closes', async () => {
      const queue = await open();
      const id = await queue.add({ name: 'nobody', payload: { id: 'x' } });
      const control = new AbortController();
      const aborted = queue.waitFor(id, control.signal);
      const unended = queue.waitFor(id);
      control.abort(new Error('enough'));
      await expect(aborted).rejects.toThrow('enough');
      await Promise.all([queue.close(), expect(unended).rejects.toThrow('closed')]);
    });

    test('closing lets a job finish, and stops one that takes too long without losing it', async () => {
      const name = randomUUID();
      const gate = createGate();
      const started = createGate();
      let finished = false;
      const patient = await open([], name);
      await patient.work(
        [
          job('slow', async () => {
            started.open();
            await gate.passed;
            finished = true;
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      const first = await patient.add({ name: 'slow', payload: { id: 'x' } });
      await started.passed;
      const closing = patient.close(60_000);
      gate.open();
      await closing;
      expect(finished).toBe(true);

      const hasty = await open([], name);
      await hasty.waitFor(first);
      const begun = createGate();
      await hasty.work(
        [
          job('slow', ({ signal }) => {
            begun.open();
            return new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
            });
          }),
        ],
        { concurrency: 1 },
      );
      const second = await hasty.add({ name: 'slow', payload: { id: 'y' } });
      await begun.passed;
      await hasty.close(0);

      const attempts: number[] = [];
      const next = await open([], name);
      await next.work(
        [
          job('slow', async ({ attempt }) => {
            attempts.push(attempt);
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      await next.waitFor(second);
      expect(attempts).toEqual([1]);
    });

    test('drops everything on reset and can be used afterwards', async () => {
      const name = randomUUID();
      const queue = await open([], name);
      const old = await queue.add({ name: 'old', payload: { id: 'x' }, id: 'old' });
      await queue.reset();
      await expect(queue.waitFor(old)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const seen: string[] = [];
      await queue.work(
        [
          job('new', async ({ payload }) => {
            seen.push(payload.id);
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      await queue.waitFor(await queue.add({ name: 'new', payload: { id: 'fresh' }, id: 'old' }));
      expect(seen).toEqual(['fresh']);
    });

    test('what failed for good is listed, newest first, and can be tried again as often as a new job', async () => {
      const name = randomUUID();
      const queue = await open([], name);
      const attempts: number[] = [];
      let isCured = false;
      await queue.work(
        [
          job('flaky', async ({ attempt }) => {
            attempts.push(attempt);
            if (isCured && attempt === 3) return done;
            throw new RollcallError('UNAVAILABLE', 'not now', { cure: 'Wait.' });
          }),
          job('refused', async () => Promise.reject(new RollcallError('FORBIDDEN', 'no right'))),
          job('good', async () => done),
        ],
        { concurrency: 1 },
      );
      const from = Date.now();
      await queue.waitFor(await queue.add({ name: 'good', payload: { id: 'x' } }));
      const flaky = await queue.add({ name: 'flaky', payload: { id: 'y' }, id: 'run:1/α' });
      await expect(queue.waitFor(flaky)).rejects.toThrow('not now');
      const refused = await queue.add({ name: 'refused', payload: { id: 'z' } });
      await expect(queue.waitFor(refused)).rejects.toThrow('no right');

      const other = await open([], name);
      const letters = await other.deadLetters(10);
      expect(letters).toEqual([
        {
          id: refused,
          name: 'refused',
          payload: { id: 'z' },
          failedAt: expect.any(String),
          code: 'FORBIDDEN',
          message: 'no right',
          attempts: 1,
        },
        {
          id: 'run:1/α',
          name: 'flaky',
          payload: { id: 'y' },
          failedAt: expect.any(String),
          code: 'UNAVAILABLE',
          message: 'not now',
          attempts: 3,
        },
      ]);
      const [last, first] = letters.map(({ failedAt }) => Date.parse(failedAt));
      expect(first).toBeGreaterThanOrEqual(from);
      expect(last).toBeGreaterThanOrEqual(first ?? Infinity);
      expect(letters[0]?.failedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
      expect((await other.deadLetters(1)).map(({ id }) => id)).toEqual([refused]);
      expect(await other.deadLetters(0)).toEqual([]);

      isCured = true;
      attempts.length = 0;
      await other.retry('run:1/α');
      await queue.waitFor('run:1/α');
      expect(attempts).toEqual([1, 2, 3]);
      expect((await other.deadLetters(10)).map(({ id }) => id)).toEqual([refused]);
    });

    test('a retried job enters the step in which it failed, and a child does not need its parent any more', async () => {
      const queue = await open();
      const seen: string[] = [];
      let isCured = false;
      await queue.work(
        [
          job('parent', async ({ step, payload }) => {
            seen.push(`${payload.id} ${String(step)}`);
            if (step === null)
              return {
                kind: 'wait',
                children: [{ name: 'child', payload: { id: 'c' }, id: `child of ${payload.id}` }],
                step: 'second',
              };
            if (payload.id === 'failing' && !isCured) throw new RollcallError('VALIDATION', 'not yet');
            return done;
          }),
          job('child', async ({ id }) => {
            seen.push(id);
            if (!isCured) throw new RollcallError('VALIDATION', 'not yet');
            return done;
          }),
        ],
        { concurrency: 1 },
      );
      await queue.waitFor(await queue.add({ name: 'parent', payload: { id: 'fine' }, id: 'fine' }));
      const failing = await queue.add({ name: 'parent', payload: { id: 'failing' }, id: 'failing' });
      await expect(queue.waitFor(failing)).rejects.toThrow('not yet');
      isCured = true;
      seen.length = 0;
      for (const id of ['failing', 'child of fine', 'child of failing']) {
        await queue.retry(id);
        await queue.waitFor(id);
      }
      expect(seen).toEqual(['failing second', 'child of fine', 'child of failing']);
      expect(await queue.deadLetters(10)).toEqual([]);
    });

    test('only what failed for good is retried', async () => {
      const queue = await open();
      await expect(queue.retry('no-such')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const waiting = await queue.add({ name: 'quick', payload: { id: 'x' } });
      await expect(queue.retry(waiting)).rejects.toMatchObject({ code: 'CONFLICT' });
      await queue.work([job('quick', async () => done)], { concurrency: 1 });
      await queue.waitFor(waiting);
      await expect(queue.retry(waiting)).rejects.toMatchObject({ code: 'CONFLICT' });
    });

    test('payloads are not logged', async () => {
      const lines: LogLine[] = [];
      const queue = await open(lines);
      await queue.work([job('quiet', async () => Promise.reject(new RollcallError('QUOTA', 'full')))], {
        concurrency: 1,
      });
      await expect(
        queue.waitFor(await queue.add({ name: 'quiet', payload: { id: 'hush-hush' } })),
      ).rejects.toThrow('full');
      expect(lines.map((line) => line.level)).toEqual(['error']);
      expect(JSON.stringify(lines)).not.toContain('hush-hush');
    });
  });
}

/** Options that suit tests: short pauses, ids of their own. */
export const queueTestOptions = (name: string, lines: LogLine[] = []) => ({
  name,
  logger: createTestLogger(lines),
  clock: systemClock,
  ids: randomUUID,
  backoffMs: 5,
});
