// Appends rows one after the other and says of each when it was acknowledged.
import { openEngine } from '../../../src/store/index.ts';
import { engineOptions } from '../support.ts';

const [directory = '', from = '0'] = process.argv.slice(2);
const engine = await openEngine(engineOptions(directory));
await engine.pool.query(
  'CREATE TABLE IF NOT EXISTS public.written (n integer PRIMARY KEY, filler text NOT NULL)',
);
for (let n = Number(from); ; n += 1) {
  await engine.pool.query('INSERT INTO public.written VALUES ($1, $2)', [n, 'x'.repeat(500)]);
  process.stdout.write(`row ${n}\n`);
}
