import type { IncomingHttpHeaders } from 'node:http';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach } from '@jest/globals';
import { z } from 'zod';
import type { Json } from '../../../src/sandbox/types.ts';

/** One call as it reached the connector. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** The body, byte by byte, and what it says. */
  text: string;
  json: Record<string, Json>;
}

/** Answers a call: with a status, or never. */
export type Answering = (call: Received, nth: number) => number | 'never' | Promise<number>;

export interface Receiver {
  url: string;
  /** In the order of arrival. */
  calls: Received[];
}

const jsonObject = z.record(z.string(), z.json());

async function startReceiver(app: FastifyInstance, answering: Answering): Promise<Receiver> {
  const calls: Received[] = [];
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/*', async (request, reply) => {
    const text = z.string().parse(request.body);
    const call = {
      path: request.url,
      headers: request.headers,
      text,
      json: jsonObject.parse(JSON.parse(text)),
    };
    calls.push(call);
    const status = await answering(call, calls.length);
    if (status === 'never') return reply.hijack();
    return reply.code(status).send();
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), calls };
}

/** Starts stand-ins of the connector's server for the tests of one file, and closes them after each test. */
export function useReceivers(): (answering?: Answering) => Promise<Receiver> {
  const apps: FastifyInstance[] = [];
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });
  return async (answering = () => 202) => {
    const app = fastify({ forceCloseConnections: true });
    apps.push(app);
    return startReceiver(app, answering);
  };
}
