import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import type { DocumentPath } from './document.ts';
import type { Problem } from './problems.ts';

/** What can be started without naming another run. */
const KINDS = ['import', 'push', 'sync'] as const;

const Webhooks = z.strictObject({
  header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header')
    .default('X-Rollcall-Token')
    .describe('The header that carries a token'),
  tokens: z
    .array(z.string().min(16))
    .default([])
    .describe('Tokens that are accepted; several while you change them'),
  secrets: z
    .array(z.string().regex(/^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/, 'must be base64 of at least 24 bytes'))
    .default([])
    .describe('Secrets of signatures as Standard Webhooks has them; several while you change them'),
});

export const Server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address to listen on; --host overrides it'),
  port: z.number().int().min(0).max(65_535).default(8080).describe('--port overrides it'),
  metrics: z.enum(['read', 'open']).default('read').describe('open: /metrics needs no token'),
  requestsPerMinute: z
    .number()
    .int()
    .positive()
    .default(600)
    .describe('For each token, or address without one'),
  webhooksPerMinute: z.number().int().positive().default(12_000).describe('For each address'),
  webhooks: Webhooks.prefault({}).describe('How the CRM shows that a webhook is its own'),
  processes: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name of letters, digits and underscores'),
      z.enum(KINDS),
    )
    .default({ GetWebitelUsers: 'import', PushWebitelUsers: 'push', SyncWebitelUsers: 'sync' })
    .describe('What the processes of the CRM start, by name'),
});
export type ServerSettings = z.infer<typeof Server>;

export const Schedules = z
  .array(
    z.strictObject({
      cron: z.string().min(1).describe('Minute, hour, day of month, month, day of week'),
      timeZone: z.string().min(1).describe('Such as Europe/Kyiv'),
      run: z.enum(KINDS).default('sync'),
    }),
  )
  .default([])
  .describe('Runs that start by themselves');

export const Poll = z
  .strictObject({ seconds: z.number().int().min(10).describe('How often the CRM is asked what has changed') })
  .optional()
  .describe('For sites whose CRM cannot call out');

/** When a run of a kind is due. */
export interface ConfiguredSchedule {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  /** The first time after this one, both in milliseconds since 1970. */
  next(after: number): number;
}

/**
 * Understands the schedules. A time that a change to summer time leaves out comes as soon as the clock has passed it; one
 * that a change to winter time repeats counts once.
 */
export function readSchedules(
  written: z.infer<typeof Schedules>,
  place: (path: DocumentPath) => string,
): { readonly value: readonly ConfiguredSchedule[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const value: ConfiguredSchedule[] = [];
  for (const [index, { cron, timeZone, run }] of written.entries()) {
    const zone = knownZone(timeZone);
    if (zone === null)
      problems.push({
        place: place(['schedule', index, 'timeZone']),
        what: `"schedule[${index}].timeZone" is no time zone that is known here`,
        cure: 'Write one of the IANA names, such as Europe/Kyiv or UTC.',
      });
    const next = nextOf(cron, zone ?? 'UTC');
    if (next === null)
      problems.push({
        place: place(['schedule', index, 'cron']),
        what: `"schedule[${index}].cron" cannot be understood, or never comes`,
        cure: 'Write minute, hour, day of month, month and day of week, such as "30 2 * * *" for half past two every night.',
      });
    if (zone === null || next === null) continue;
    const schedule = { name: `${run} ${cron.trim().split(/\s+/u).join(' ')} ${zone}`, kind: run, next };
    const other = value.find((earlier) => meet(earlier, schedule));
    if (other !== undefined)
      problems.push({
        place: place(['schedule', index]),
        what: `"schedule[${index}]" comes at the same minute as "${other.name}" at times, and one run at a time works on a CRM`,
        cure: 'Move one of the two, or remove it: a sync does what an import and a push do.',
      });
    value.push(schedule);
  }
  return { value, problems };
}

function knownZone(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === '' ? null : name;
  } catch {
    return null;
  }
}

const FIELDS = 5;

function nextOf(cron: string, timeZone: string): ((after: number) => number) | null {
  // The parser would take fewer fields, and seconds.
  if (cron.trim().split(/\s+/u).length !== FIELDS) return null;
  const next = (after: number): number =>
    CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(after) })
      .next()
      .getTime();
  try {
    next(REFERENCE);
    return next;
  } catch {
    return null;
  }
}

/** Where looking for schedules that meet starts: always here, so that a file is right or wrong whatever the day. */
const REFERENCE = Date.UTC(2028, 0, 1);
const LOOKED_AT_MS = 366 * 86_400_000;
const MOST_STEPS = 3000;

/** Are two schedules due at the same minute, within a leap year (of those that are due all the time: its first weeks)? */
function meet(a: Pick<ConfiguredSchedule, 'next'>, b: Pick<ConfiguredSchedule, 'next'>): boolean {
  let [timeA, timeB] = [a.next(REFERENCE), b.next(REFERENCE)];
  for (let steps = 0; steps < MOST_STEPS && Math.min(timeA, timeB) < REFERENCE + LOOKED_AT_MS; steps += 1) {
    if (timeA === timeB) return true;
    // Straight to the first time that is not before the other's.
    if (timeA < timeB) timeA = a.next(timeB - 1);
    else timeB = b.next(timeA - 1);
  }
  return false;
}
