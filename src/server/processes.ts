import { z } from 'zod';
import { STARTABLE_KINDS, type StartableKind } from '../app/automation.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { Refusal, ShownError } from './errors.ts';
import { defineRoute, type Route } from './route.ts';

const Started = z.strictObject({
  runId: z.string(),
  statusUrl: z.string().describe('Where the run is to be found'),
  alreadyRunning: z.literal(true).optional().describe('It was under way before: one run at a time'),
});

const RowId = z
  .guid()
  .transform((text) => text.toLowerCase())
  .nullish();

/** The empty texts that a process sends for parameters without a value. */
const emptyAsNone = (value: unknown): unknown =>
  value === '' || value === '00000000-0000-0000-0000-000000000000' ? null : value;

const Asking = z
  .object({
    requestId: z
      .preprocess(emptyAsNone, RowId)
      .describe('The row of the request object that hears of the end'),
    requestedBy: z.preprocess(emptyAsNone, RowId).describe('The contact who is notified'),
  })
  .nullish();

const NewRun = z.strictObject({
  kind: z.enum(STARTABLE_KINDS),
  records: z.array(z.guid()).max(1000).optional().describe('For pushes: telephony records; all without them'),
  retryFailed: z.boolean().optional(),
  onlyFailedOf: z.string().optional(),
  acceptFewer: z.boolean().optional(),
  includeHeld: z.boolean().optional(),
});

const answers = {
  202: { description: 'The run, started or under way', schema: Started },
  400: { description: 'Not understood', schema: ShownError },
  401: { description: 'No token', schema: ShownError },
  403: { description: 'A token without this scope', schema: ShownError },
};

/** What starts runs. All of it answers at once: the CRM's process waits only seconds (design §9). */
export function startRoutes(
  rollcall: Pick<Rollcall, 'trigger'>,
  processes: Readonly<Record<string, StartableKind>>,
): Route[] {
  const started = ({ runId, alreadyRunning }: Awaited<ReturnType<Rollcall['trigger']>>) => ({
    runId,
    statusUrl: `/v1/runs/${runId}`,
    ...(alreadyRunning ? { alreadyRunning } : {}),
  });
  return [
    defineRoute({
      method: 'POST',
      url: '/v1/processes/:name/execute',
      access: 'trigger',
      summary: 'Starts what a process of the CRM stands for',
      params: z.object({ name: z.string() }),
      body: Asking,
      answers: { ...answers, 404: { description: 'No such process', schema: ShownError } },
      async handle({ params: { name }, body }, { reply }) {
        const kind = Object.hasOwn(processes, name) ? processes[name] : undefined;
        if (kind === undefined)
          throw new Refusal(
            404,
            'NOT_FOUND',
            'There is no such process.',
            `Known are ${Object.keys(processes).join(', ')}; server.processes of the configuration names them.`,
          );
        const { requestId: id, requestedBy } = body ?? {};
        const asking = id === undefined || id === null ? null : { id, requestedBy: requestedBy ?? null };
        return reply.code(202).send(started(await rollcall.trigger({ kind, trigger: 'process' }, asking)));
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/v1/runs',
      access: 'operate',
      summary: 'Starts a run',
      body: NewRun,
      answers,
      async handle(
        { body: { records, retryFailed, onlyFailedOf, acceptFewer, includeHeld, kind } },
        { reply },
      ) {
        const triggered = await rollcall.trigger({
          kind,
          trigger: 'command',
          ...(records === undefined ? {} : { records: records.map((id) => id.toLowerCase()) }),
          ...(retryFailed === undefined ? {} : { retryFailed }),
          ...(onlyFailedOf === undefined ? {} : { onlyFailedOf }),
          ...(acceptFewer === undefined ? {} : { acceptFewer }),
          ...(includeHeld === undefined ? {} : { includeHeld }),
        });
        return reply.code(202).send(started(triggered));
      },
    }),
  ];
}
