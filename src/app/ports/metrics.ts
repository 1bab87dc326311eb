/** What is counted beside what the store knows. */
export const COUNTERS = {
  webhooks: 'Calls of the webhook endpoint by outcome',
  hints: 'Rows of the CRM that something was heard of, by what became of the hint',
  schedules: 'Times that a schedule was due, by what became of it',
  polls: 'Times that the CRM was asked what has changed, by outcome',
} as const;
export type Counter = keyof typeof COUNTERS;

/** Counts what happens in this process. */
export interface Metrics {
  count(what: Counter, outcome: string, number?: number): void;
}
