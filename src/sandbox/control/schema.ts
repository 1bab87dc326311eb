import { z } from 'zod';

const system = z.enum(['creatio', 'webitel']);
const json = z.json();
const row = z.record(z.string(), json);
const name = z.string().min(1);
const milliseconds = z.number().min(0);

const pattern = z.string().refine(isPattern, { error: 'is no regular expression' });

const faultWhen = z.strictObject({
  nth: z.int().min(1).exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
  firstOfBody: z.boolean().exactOptional(),
  times: z.int().min(1).exactOptional(),
});

const faultRule = z
  .strictObject({
    system,
    method: name.exactOptional(),
    path: pattern.exactOptional(),
    when: faultWhen.exactOptional(),
    fault: z.enum([
      'latency',
      'status',
      'reset-before-write',
      'reset-after-write',
      'timeout-after-write',
      'truncated',
      'html',
      'expire-session',
    ]),
    delayMs: milliseconds.exactOptional(),
    status: z.int().min(200).max(599).exactOptional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
    body: json.exactOptional(),
    mode: z.enum(['401', 'redirect', 'fault']).exactOptional(),
  })
  .refine((rule) => rule.fault !== 'expire-session' || rule.system === 'creatio', {
    path: ['fault'],
    error: 'expire-session is for creatio: the other system has no sessions',
  });

/** `POST /faults`: all rules that are to stand from now on. */
export const faultsBody = z.array(faultRule);

/** `POST /clock`: sets the time, then moves it; both in milliseconds. */
export const clockBody = z
  .strictObject({ now: milliseconds.exactOptional(), advanceMs: z.number().exactOptional() })
  .refine((body) => body.now !== undefined || body.advanceMs !== undefined, {
    error: 'now or advanceMs is wanted',
  });

/** `POST /switches`. */
export const switchesBody = z.strictObject({ system, values: row });

/** `GET /deliveries`. */
export const deliveriesQuery = z.strictObject({
  settled: z.enum(['0', '1']).default('0'),
  withinMs: z.coerce.number().int().min(0).max(600_000).default(30_000),
});

const change = { system, table: name };

/** `POST /rows`: an edit by somebody else, past the product's own interface. */
export const rowsBody = z.discriminatedUnion('op', [
  z.strictObject({ ...change, op: z.literal('insert'), row }),
  z.strictObject({ ...change, op: z.literal('update'), id: name, row }),
  z.strictObject({ ...change, op: z.literal('delete'), id: name }),
]);

function isPattern(text: string): boolean {
  try {
    return RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
