import { z } from 'zod';
import type { MatchSize } from './document.ts';
import { megabytes, repeated, rounded } from './figures.ts';
import { residentBytes, scriptPath, startNode, watchMemory } from './processes.ts';
import { populationOf } from './sandboxes.ts';

const Ready = z.strictObject({ left: z.int(), right: z.int() });
const Matched = z.strictObject({
  matchMs: z.number(),
  heapAboveIdle: z.number(),
  decisions: z.strictObject({ auto: z.int(), review: z.int(), none: z.int() }),
});

/** Measures `matchLists` on two lists of made-up people, each time in a new process. */
export async function benchMatch(
  users: number,
  options: { readonly seed: number; readonly repeat: number; readonly say: (text: string) => void },
): Promise<MatchSize> {
  const { seed, repeat, say } = options;
  const population = populationOf(users, seed);
  const runs = [];
  for (let round = 1; round <= repeat; round += 1) {
    say(`${users} users: match ${round} of ${repeat}`);
    runs.push(await matchOnce(users, seed));
  }
  const matchMs = repeated(runs.map((one) => one.matchMs));
  const [first] = runs;
  const frugal = runs.reduce((a, b) => (b.peakBytes - b.idleBytes < a.peakBytes - a.idleBytes ? b : a));
  return {
    users,
    contacts: population.contacts,
    matchMs,
    msPerUser: rounded(matchMs.min / users),
    decisions: first?.decisions ?? { auto: 0, review: 0, none: 0 },
    memory: {
      idleMb: megabytes(frugal.idleBytes),
      peakMb: megabytes(frugal.peakBytes),
      aboveIdleMb: megabytes(frugal.peakBytes - frugal.idleBytes),
      heapAboveIdleMb: megabytes(frugal.heapAboveIdle),
    },
  };
}

async function matchOnce(users: number, seed: number) {
  const child = startNode(['--expose-gc', scriptPath('./children/match.mjs'), String(users), String(seed)]);
  const memory = watchMemory(child.pid);
  try {
    Ready.parse(await child.next());
    const idleBytes = await residentBytes(child.pid);
    memory.restart();
    child.say('match');
    const matched = Matched.parse(await child.next());
    return { ...matched, idleBytes, peakBytes: memory.peak() };
  } finally {
    memory.stop();
    child.signal('SIGKILL');
    await child.ended;
  }
}
