// Works on a job that never ends, with another one behind it.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineJob } from '../../../src/app/ports/jobs.ts';
import { createJobQueue } from '../../../src/queue/index.ts';
import { openEngine } from '../../../src/store/index.ts';
import { createTestLogger, engineOptions, systemClock } from '../support.ts';

const [directory = ''] = process.argv.slice(2);
const engine = await openEngine(engineOptions(directory));
const queue = await createJobQueue({
  pool: engine.queuePool,
  logger: createTestLogger(),
  clock: systemClock,
  ids: randomUUID,
  name: 'crash',
  lockMs: 500,
});
const note = defineJob({
  name: 'note',
  payload: z.object({ id: z.string() }),
  attempts: 1,
  process({ payload }) {
    process.stdout.write(`${payload.id}\n`);
    return new Promise(() => undefined);
  },
});
await queue.add({ name: 'note', payload: { id: 'under way' }, id: 'under-way' });
await queue.add({ name: 'note', payload: { id: 'waiting' }, id: 'waiting' });
await queue.work([note], { concurrency: 1 });
