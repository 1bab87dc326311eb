import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import type { Progress } from '../app/ports/progress.ts';
import type { RunRecord } from '../app/ports/runs.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { Plan } from '../domain/planning/plan.ts';
import { Report, RUN_KINDS, RUN_PHASES, RUN_STATUSES, TRIGGERS } from '../domain/run.ts';
import { ShownError } from './errors.ts';
import { streamRun } from './events.ts';
import { defineRoute, type Route } from './route.ts';

/** How a run stands. */
export const RunState = z.strictObject({
  runId: z.string(),
  kind: z.enum(RUN_KINDS),
  trigger: z.enum(TRIGGERS),
  status: z.enum(RUN_STATUSES),
  phase: z.enum(RUN_PHASES),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  problem: z.string().nullable(),
});
export type RunState = z.infer<typeof RunState>;

const Id = z.object({ id: z.string() });
const Limit = z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) });

const refusals = {
  401: { description: 'No token', schema: ShownError },
  403: { description: 'A token without this scope', schema: ShownError },
};
const notFound = { 404: { description: 'No such run', schema: ShownError } };

export interface RunRoutesDeps {
  readonly rollcall: Pick<Rollcall, 'run' | 'runs' | 'runPlan' | 'letGoOn'>;
  readonly progress: Progress;
  readonly clock: Clock;
  /** Aborted when the server stops: streams end then. */
  readonly stopping: AbortSignal;
}

export function runRoutes({ rollcall, progress, clock, stopping }: RunRoutesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/v1/runs',
      access: 'read',
      summary: 'Lists runs, newest first',
      query: Limit,
      answers: { 200: { description: 'Runs', schema: z.array(RunState) }, ...refusals },
      handle: async ({ query: { limit } }) => (await rollcall.runs(limit)).map(stateOf),
    }),
    defineRoute({
      method: 'GET',
      url: '/v1/runs/:id',
      access: 'read',
      summary: 'The report of a run, or how it stands while it has none',
      params: Id,
      answers: {
        200: { description: 'The report or the state', schema: z.union([Report, RunState]) },
        ...refusals,
        ...notFound,
      },
      async handle({ params: { id } }) {
        const run = await rollcall.run(id);
        // What was approved has the report of the time when it was stopped until it ends.
        const isCurrent = run.phase === 'done' || run.phase === 'planned';
        return (isCurrent ? run.report : null) ?? stateOf(run);
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/v1/runs/:id/plan',
      access: 'read',
      summary: 'The plan of a run, with the reason for each line; null while it has none',
      params: Id,
      answers: {
        200: { description: 'The plan', schema: Plan.nullable() },
        ...refusals,
        ...notFound,
      },
      async handle({ params: { id } }, { reply }) {
        await rollcall.run(id);
        return reply.type('application/json').send(JSON.stringify(await rollcall.runPlan(id)));
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/v1/runs/:id/events',
      access: 'read',
      summary: 'Tells how a run goes on, as server-sent events: state, progress, end',
      params: Id,
      answers: {
        200: { description: 'Events until the run has ended', type: 'text/event-stream' },
        ...refusals,
        ...notFound,
      },
      async handle({ params: { id } }, { request, reply }) {
        // What is not there is answered as any other error.
        await rollcall.run(id);
        reply.hijack();
        await streamRun({
          look: async () => stateOf(await rollcall.run(id)),
          runId: id,
          progress,
          clock,
          stopping,
          request: request.raw,
          response: reply.raw,
        });
        return reply;
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/v1/runs/:id/approve',
      access: 'operate',
      summary: 'Lets a run go on that a guard has stopped; each row is checked again',
      params: Id,
      answers: {
        202: { description: 'It goes on', schema: RunState },
        ...refusals,
        ...notFound,
        409: { description: 'It does not wait for approval', schema: ShownError },
      },
      handle: async ({ params: { id } }, { reply }) =>
        reply.code(202).send(stateOf(await rollcall.letGoOn(id))),
    }),
  ];
}

function stateOf(run: RunRecord): RunState {
  const { id, kind, trigger, status, phase, startedAt, finishedAt, problem } = run;
  return { runId: id, kind, trigger, status, phase, startedAt, finishedAt, problem };
}
