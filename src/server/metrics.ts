import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { COUNTERS, type Counter as CounterName, type Metrics } from '../app/ports/metrics.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { RUN_STATUSES } from '../domain/run.ts';
import { defineRoute, type Route } from './route.ts';

const RUNS_LOOKED_AT = 200;
const DEAD_LETTERS_COUNTED = 1000;

/** The metrics of this process, in the text form of Prometheus. */
export interface MetricsBook extends Metrics {
  /** One answer of the server. */
  observe(method: string, route: string, status: number, seconds: number): void;
  render(rollcall: Pick<Rollcall, 'runs' | 'backlog' | 'deadLetters'>): Promise<string>;
  readonly type: string;
}

export function createMetrics(): MetricsBook {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: CounterName): Counter =>
    new Counter({ name: `rollcall_${name}_total`, help: COUNTERS[name], labelNames: ['outcome'], registers });
  const counters: Readonly<Record<CounterName, Counter>> = {
    webhooks: counter('webhooks'),
    hints: counter('hints'),
    schedules: counter('schedules'),
    polls: counter('polls'),
  };
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `rollcall_${name}`, help, labelNames, registers });
  const requests = new Histogram({
    name: 'rollcall_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const underWay = gauge('runs_under_way', 'Runs under way');
  const waiting = gauge('runs_awaiting_approval', 'Runs that wait for approval');
  const finished = gauge('last_run_finished_timestamp_seconds', 'When the last run of a kind ended', [
    'kind',
  ]);
  const status = gauge('last_run_status', 'How the last run of a kind ended: 1 for its status', [
    'kind',
    'status',
  ]);
  const duration = gauge('last_run_duration_seconds', 'How long the last run of a kind took', ['kind']);
  const hints = gauge('hints_waiting', 'Hints that wait to become a push');
  const cases = gauge('cases_open', 'Cases that wait for a person');
  const deadLetters = gauge('dead_letters', 'Jobs that failed for good');

  return {
    type: registry.contentType,
    count: (what, outcome, number = 1) => {
      if (number > 0) counters[what].inc({ outcome }, number);
    },
    observe: (method, route, code, seconds) =>
      requests.observe({ method, route, status: String(code) }, seconds),
    async render(rollcall) {
      const [runs, backlog, letters] = await Promise.all([
        rollcall.runs(RUNS_LOOKED_AT),
        rollcall.backlog(),
        rollcall.deadLetters(DEAD_LETTERS_COUNTED),
      ]);
      underWay.set(runs.filter(({ phase }) => phase !== 'done' && phase !== 'planned').length);
      waiting.set(runs.filter((run) => run.status === 'awaiting-approval').length);
      for (const one of [finished, status, duration]) one.reset();
      // Newest first: the first of each kind that has ended is its last.
      const seen = new Set<string>();
      for (const { kind, startedAt, finishedAt, ...run } of runs) {
        if (finishedAt === null || seen.has(kind)) continue;
        seen.add(kind);
        finished.set({ kind }, Date.parse(finishedAt) / 1000);
        duration.set({ kind }, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
        for (const one of RUN_STATUSES) status.set({ kind, status: one }, Number(one === run.status));
      }
      hints.set(backlog.hints);
      cases.set(backlog.openCases);
      deadLetters.set(letters.length);
      return registry.metrics();
    },
  };
}

export function metricsRoute(
  metrics: MetricsBook,
  rollcall: Parameters<MetricsBook['render']>[0],
  isOpen: boolean,
): Route {
  return defineRoute({
    method: 'GET',
    url: '/metrics',
    access: isOpen ? 'open' : 'read',
    summary: 'Figures for Prometheus',
    answers: { 200: { description: 'Figures', type: 'text/plain' } },
    handle: async (_input, { reply }) =>
      reply.header('content-type', metrics.type).send(await metrics.render(rollcall)),
  });
}
