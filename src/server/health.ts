import Fastify from 'fastify';
import { RollcallError } from '../app/ports/errors.ts';

export interface HealthOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Rejects with the reason when jobs cannot be worked on. */
  ready(): Promise<void>;
}

/** Tells whoever runs the process how it is: `/healthz` that it lives, `/readyz` that it can work. */
export interface HealthServer {
  readonly url: string;
  /** From now on it is not ready: it is about to stop. */
  stopping(): void;
  close(): Promise<void>;
}

/** @throws RollcallError `CONFIGURATION` when the address cannot be listened on */
export async function startHealth({ host, port, ready }: HealthOptions): Promise<HealthServer> {
  let stops = false;
  const server = Fastify({ logger: false, forceCloseConnections: true });
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    if (stops) return reply.code(503).send({ status: 'stopping' });
    try {
      await ready();
      return { status: 'ready' };
    } catch (error) {
      // Whoever asks need not be anybody's administrator: the code says enough, the log says more.
      const code = error instanceof RollcallError ? error.code : 'UNEXPECTED';
      return reply.code(503).send({ status: 'not ready', code });
    }
  });
  try {
    const url = await server.listen({ host, port });
    return {
      url,
      stopping: () => {
        stops = true;
      },
      close: () => server.close(),
    };
  } catch (cause) {
    throw new RollcallError('CONFIGURATION', `${host}:${port} cannot be listened on.`, {
      cure: 'Another process may listen there; name another with --port, or --host.',
      cause,
    });
  }
}
