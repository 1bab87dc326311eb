import { parseArgs } from 'node:util';
import { z } from 'zod';

const Whole = z.string().regex(/^\d+$/, 'a whole number').transform(Number);
const AtLeastOne = Whole.refine((number) => number > 0, 'at least 1');
const Sizes = z
  .string()
  .regex(/^[1-9]\d*(,[1-9]\d*)*$/, 'numbers of users, with commas between them')
  .transform((text) => text.split(',').map(Number));

const Options = z.strictObject({
  bench: z.enum(['import', 'match', 'webhook'], 'Say what to measure: import, match or webhook.'),
  sizes: Sizes,
  latency: Whole,
  batch: Whole,
  repeat: AtLeastOne,
  seed: Whole,
  seconds: AtLeastOne,
  target: z.array(z.string().min(1)),
});
export type BenchOptions = z.infer<typeof Options>;

export const USAGE = `npm run bench -- import|match|webhook [options]

  --sizes N,N,…   users in the directory; contacts are four times, CRM users four fifths of that (1000,10000,100000)
  --repeat N      how often each is measured (3)
  --latency MS    what every request to a sandbox waits (0)
  --batch MS      what a $batch waits beside that (0)
  --seed N        the people (1)
  --seconds N     of webhooks: how long each target is sent them in each round (10)
  --target TEXT   of webhooks: only what has this in its name, such as "endpoint"; may be given several times

Prints one JSON document; what it is at goes to standard error.
`;

/** @throws Error that says which option is wrong */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      sizes: { type: 'string', default: '1000,10000,100000' },
      latency: { type: 'string', default: '0' },
      batch: { type: 'string', default: '0' },
      repeat: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '10' },
      target: { type: 'string', multiple: true, default: [] },
    },
  });
  if (positionals.length > 1) throw new Error(`One bench at a time, not ${positionals.join(' and ')}.`);
  const parsed = Options.safeParse({ bench: positionals[0], ...values });
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
