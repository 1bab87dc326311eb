import { z } from 'zod';
import { isRollcallError } from '../app/ports/errors.ts';
import { defineRoute, type Route } from './route.ts';

const Living = z.strictObject({ status: z.literal('ok') });
const Ready = z.strictObject({ status: z.literal('ready') });
const NotReady = z.strictObject({ status: z.enum(['stopping', 'not ready']), code: z.string().optional() });

/** Tells whoever runs the process how it is: `/healthz` that it lives, `/readyz` that it can work. */
export function healthRoutes(ready: () => Promise<void>, stopping: AbortSignal): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/healthz',
      access: 'open',
      summary: 'Does the process live?',
      answers: { 200: { description: 'It does', schema: Living } },
      handle: () => ({ status: 'ok' }),
    }),
    defineRoute({
      method: 'GET',
      url: '/readyz',
      access: 'open',
      summary: 'Can it work?',
      answers: {
        200: { description: 'It can', schema: Ready },
        503: { description: 'It cannot, or is about to stop', schema: NotReady },
      },
      async handle(_input, { reply }) {
        if (stopping.aborted) return reply.code(503).send({ status: 'stopping' });
        try {
          await ready();
          return { status: 'ready' };
        } catch (error) {
          // Whoever asks need not be anybody's administrator: the code says enough, the log says more.
          const code = isRollcallError(error) ? error.code : 'UNEXPECTED';
          return reply.code(503).send({ status: 'not ready', code });
        }
      },
    }),
  ];
}
