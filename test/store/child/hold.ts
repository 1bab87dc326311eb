// Opens a data directory and stays.
import { openEngine } from '../../../src/store/index.ts';
import { engineOptions } from '../support.ts';

const [directory = '', command = 'the holder'] = process.argv.slice(2);
try {
  await openEngine(engineOptions(directory, { command }));
  process.stdout.write('open\n');
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`refused ${String(error)}\n`);
}
