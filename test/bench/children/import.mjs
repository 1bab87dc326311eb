// Opens the built product, says so, waits for a line, imports, and says what came of it.
// node --expose-gc import.mjs CONFIG
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { openRollcall } from '../../../dist/src/bin/compose.js';
import { keepHeapSmall } from '../../../dist/src/bin/memory.js';

keepHeapSmall();
const [configPath = ''] = process.argv.slice(2);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

const opening = performance.now();
const { rollcall, progress, close } = await openRollcall({
  configPath,
  env: process.env,
  logger: silent,
  onSecrets: () => undefined,
});
const openMs = performance.now() - opening;

// The idle engine: everything is open, and what opening left behind is gone.
for (let round = 0; round < 3; round += 1) {
  globalThis.gc();
  await wait(200);
}
const idleHeap = process.memoryUsage().heapUsed;
say({ openMs });
await once(process.stdin, 'data');

let peakHeap = idleHeap;
const look = () => {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
};
const timer = setInterval(look, 50);
const phases = [];
const start = performance.now();
progress.subscribe(({ phase }) => {
  if (phases.at(-1)?.phase === phase) return;
  look();
  phases.push({ phase, atMs: performance.now() - start });
});
const { report } = await rollcall.import({
  trigger: 'command',
  confirm: async () => {
    look();
    phases.push({ phase: 'planned', atMs: performance.now() - start });
    return true;
  },
});
const importMs = performance.now() - start;
clearInterval(timer);
look();
const { used, floor, retries } = report.requests;
say({
  importMs,
  heapAboveIdle: peakHeap - idleHeap,
  phases,
  status: report.status,
  requests: { used, floor, retries },
});
await close();
process.exit(0);
