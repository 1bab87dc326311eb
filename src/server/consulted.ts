import { z } from 'zod';
import type { Consulted, RunSummary } from '../app/rollcall.ts';
import { Plan } from '../domain/planning/plan.ts';
import { Report } from '../domain/run.ts';
import { ShownCase } from './cases.ts';
import { RunState } from './runs.ts';
import { MadeToken, ShownToken } from './tokens.ts';

/** What a service answers to commands beside it, of the same type as if they had opened the product themselves. */
export function consultedBy(
  ask: (path: string) => Promise<unknown>,
  post: (path: string, body?: unknown) => Promise<unknown>,
): Consulted {
  const at = (kind: 'runs' | 'cases' | 'tokens', id: string): string =>
    `/v1/${kind}/${encodeURIComponent(id)}`;
  return {
    runs: async (limit) =>
      z
        .array(RunState)
        .parse(await ask(`/v1/runs?limit=${Math.min(limit, MOST_RUNS)}`))
        .map((state) => summaryOf(state)),
    async run(id) {
      const answer = await ask(at('runs', id));
      const report = Report.safeParse(answer);
      return report.success ? ofReport(report.data) : summaryOf(RunState.parse(answer));
    },
    runPlan: async (id) => Plan.nullable().parse(await ask(`${at('runs', id)}/plan`)),
    cases: async ({ status } = {}) =>
      z.array(ShownCase).parse(await ask(`/v1/cases${status === undefined ? '' : `?status=${status}`}`)),
    case: async (id) => ShownCase.parse(await ask(at('cases', id))),
    decide: async (id, decision) => ShownCase.parse(await post(`${at('cases', id)}/decide`, decision)),
    revoke: async (id) => ShownCase.parse(await post(`${at('cases', id)}/revoke`)),
    tokens: {
      list: async () => z.array(ShownToken).parse(await ask('/v1/tokens')),
      create: async (token) => MadeToken.parse(await post('/v1/tokens', token)),
      revoke: async (id) => void (await post(`${at('tokens', id)}/revoke`)),
    },
  };
}

/** As many as the interface lists at once. */
const MOST_RUNS = 200;

function summaryOf({ runId, ...state }: RunState): RunSummary {
  return { id: runId, ...state, report: null };
}

/** Why a run was stopped stands in its report, too. */
function ofReport(report: Report): RunSummary {
  const { runId: id, kind, trigger, status, startedAt, finishedAt } = report;
  const phase = status === 'awaiting-approval' ? 'planned' : 'done';
  return { id, kind, trigger, status, phase, startedAt, finishedAt, report, problem: null };
}
