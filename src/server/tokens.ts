import { z } from 'zod';
import { SCOPES } from '../app/ports/tokens.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { ShownError } from './errors.ts';
import { defineRoute, type Route } from './route.ts';

export const ShownToken = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});

export const MadeToken = z.strictObject({ token: ShownToken, secret: z.string() });

const NewToken = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expiresAt: z.iso.datetime().nullable().default(null),
});

const refusals = {
  401: { description: 'No token', schema: ShownError },
  403: { description: 'Not a command on the machine of the service', schema: ShownError },
};

/** Tokens, for commands beside the service alone: whoever could make tokens over the network could make any. */
export function tokenRoutes({ tokens }: Pick<Rollcall, 'tokens'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/v1/tokens',
      access: 'local',
      summary: 'Lists tokens, newest first; for commands on the machine of the service',
      answers: { 200: { description: 'Tokens', schema: z.array(ShownToken) }, ...refusals },
      handle: () => tokens.list(),
    }),
    defineRoute({
      method: 'POST',
      url: '/v1/tokens',
      access: 'local',
      summary: 'Makes a token and shows it once; for commands on the machine of the service',
      body: NewToken,
      answers: {
        201: { description: 'The token', schema: MadeToken },
        400: { description: 'Not understood', schema: ShownError },
        ...refusals,
      },
      handle: async ({ body }, { reply }) => reply.code(201).send(await tokens.create(body)),
    }),
    defineRoute({
      method: 'POST',
      url: '/v1/tokens/:id/revoke',
      access: 'local',
      summary: 'Makes a token useless at once; for commands on the machine of the service',
      params: z.object({ id: z.string() }),
      answers: {
        200: { description: 'Done', schema: z.strictObject({ id: z.string() }) },
        ...refusals,
        404: { description: 'No such token', schema: ShownError },
      },
      async handle({ params: { id } }) {
        await tokens.revoke(id);
        return { id };
      },
    }),
  ];
}
