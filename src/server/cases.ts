import { z } from 'zod';
import { CASE_KINDS, type CaseRecord } from '../app/ports/cases.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { PlannedCandidate } from '../domain/planning/plan.ts';
import { ShownError } from './errors.ts';
import { defineRoute, type Route } from './route.ts';

const Status = z.enum(['open', 'decided', 'closed']);

export const ShownCase = z.object({
  id: z.string(),
  kind: z.enum(CASE_KINDS),
  directory: z.string(),
  directoryUserId: z.string(),
  login: z.string(),
  displayName: z.string(),
  reason: z.string(),
  status: Status,
  candidates: z.array(PlannedCandidate).describe('Contacts, best first, each with its evidence'),
  runId: z.string(),
  openedAt: z.string(),
  decidedAt: z.string().nullable(),
  verdictIds: z.array(z.string()).describe('The verdicts that decided it'),
});

const Decision = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('same'), contactId: z.guid() }),
  z.strictObject({
    kind: z.literal('different'),
    contactId: z.guid().nullable().default(null).describe('Without it, none of the candidates'),
  }),
  z.strictObject({ kind: z.literal('create') }),
  z
    .strictObject({ kind: z.literal('purge') })
    .describe('Removes the deleted user who keeps the login, for good'),
]);

const Id = z.object({ id: z.string() });
const refusals = {
  400: { description: 'Not understood', schema: ShownError },
  401: { description: 'No token', schema: ShownError },
  403: { description: 'A token without this scope', schema: ShownError },
};
const about = {
  200: { description: 'The case as it is now', schema: ShownCase },
  ...refusals,
  404: { description: 'No such case', schema: ShownError },
  409: { description: 'It cannot be done to the case as it is', schema: ShownError },
};

/** The review queue. */
export function caseRoutes(rollcall: Pick<Rollcall, 'cases' | 'case' | 'decide' | 'revoke'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/v1/cases',
      access: 'read',
      summary: 'Lists the cases that wait for a decision, or others',
      query: z.object({ status: z.enum([...Status.options, 'all']).default('open') }),
      answers: { 200: { description: 'Cases', schema: z.array(ShownCase) }, ...refusals },
      handle: async ({ query: { status } }) =>
        (await rollcall.cases(status === 'all' ? {} : { status })).map(shown),
    }),
    defineRoute({
      method: 'GET',
      url: '/v1/cases/:id',
      access: 'read',
      summary: 'One case, with its candidates and what speaks for and against each',
      params: Id,
      answers: {
        200: { description: 'The case', schema: ShownCase },
        ...refusals,
        404: { description: 'No such case', schema: ShownError },
      },
      handle: async ({ params: { id } }) => shown(await rollcall.case(id)),
    }),
    defineRoute({
      method: 'POST',
      url: '/v1/cases/:id/decide',
      access: 'operate',
      summary: 'Decides a case',
      params: Id,
      body: Decision,
      answers: about,
      handle: async ({ params: { id }, body }) => shown(await rollcall.decide(id, body)),
    }),
    defineRoute({
      method: 'POST',
      url: '/v1/cases/:id/revoke',
      access: 'operate',
      summary: 'Takes a decision back',
      params: Id,
      answers: about,
      handle: async ({ params: { id } }) => shown(await rollcall.revoke(id)),
    }),
  ];
}

function shown({ candidates, verdictIds, ...one }: CaseRecord): z.infer<typeof ShownCase> {
  return {
    ...one,
    candidates: candidates.map((candidate) => ({ ...candidate })),
    verdictIds: [...verdictIds],
  };
}
