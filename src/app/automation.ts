import type { Metrics } from './ports/metrics.ts';

/** What can be started without naming another run. */
export const STARTABLE_KINDS = ['import', 'push', 'sync'] as const;
export type StartableKind = (typeof STARTABLE_KINDS)[number];

/** When a run of a kind is due. */
export interface Schedule {
  /** Says which it is, also after a restart: what is remembered goes by it. */
  readonly name: string;
  readonly kind: StartableKind;
  /** The first time after this one, both in milliseconds since 1970. */
  next(after: number): number;
}

/** How runs start by themselves. */
export interface Automation {
  readonly schedules: readonly Schedule[];
  /** How often the CRM is asked what has changed; `null`: never. */
  readonly pollMs: number | null;
  /** What the CRM's processes and request rows may ask for, by name. */
  readonly processes: Readonly<Record<string, StartableKind>>;
  readonly metrics: Metrics;
}

/** Nothing starts by itself. */
export const NO_AUTOMATION: Automation = {
  schedules: [],
  pollMs: null,
  processes: {},
  metrics: { count: () => undefined },
};
