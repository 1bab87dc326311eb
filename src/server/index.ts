import rateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { StartableKind } from '../app/automation.ts';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import type { Progress } from '../app/ports/progress.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { createGate, type Gate } from './auth.ts';
import { caseRoutes } from './cases.ts';
import { answerOf, Refusal, UNEXPECTED } from './errors.ts';
import { healthRoutes } from './health.ts';
import { type MetricsBook, metricsRoute } from './metrics.ts';
import { openApiRoute } from './openapi.ts';
import { startRoutes } from './processes.ts';
import type { Route } from './route.ts';
import { runRoutes } from './runs.ts';
import type { WebhookProof } from './signatures.ts';
import { tokenRoutes } from './tokens.ts';
import { webhookRoute } from './webhooks.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Serves everything; otherwise how the process is, and its figures. */
  readonly web: boolean;
  readonly rollcall: Rollcall;
  readonly progress: Progress;
  readonly metrics: MetricsBook;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** What commands on this machine show instead of a token. */
  readonly localToken: string | null;
  readonly settings: {
    readonly metrics: 'read' | 'open';
    readonly requestsPerMinute: number;
    readonly webhooksPerMinute: number;
    readonly webhooks: WebhookProof;
    readonly processes: Readonly<Record<string, StartableKind>>;
  };
}

export interface RunningServer {
  readonly url: string;
  /** From now on it is not ready: it is about to stop. Streams end. */
  stopping(): void;
  close(): Promise<void>;
}

const LONGEST_BODY = 64 * 1024;
const LONGEST_REQUEST_MS = 30_000;

/** @throws RollcallError `CONFIGURATION` when the address cannot be listened on */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port } = options;
  const stop = new AbortController();
  const server = await buildServer(options, stop.signal);
  try {
    const url = await server.listen({ host, port });
    return {
      url,
      stopping: () => stop.abort(),
      close: async () => {
        stop.abort();
        await server.close();
      },
    };
  } catch (cause) {
    throw new RollcallError('CONFIGURATION', `${host}:${port} cannot be listened on.`, {
      cure: 'Another process may listen there; name another with --port, or --host.',
      cause,
    });
  }
}

async function buildServer(options: ServerOptions, stopping: AbortSignal): Promise<FastifyInstance> {
  const { rollcall, metrics, logger, clock, settings } = options;
  const server = Fastify({
    logger: false,
    // Connections that are kept for later do not hold up the end; requests under way are answered.
    forceCloseConnections: 'idle',
    bodyLimit: LONGEST_BODY,
    requestTimeout: LONGEST_REQUEST_MS,
  });
  const gate = createGate(rollcall.tokens, options.localToken);
  const pass = createPass(logger);

  server.setErrorHandler<FastifyError>((error, request, reply) => pass(error, request, reply));
  server.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .send({ code: 'NOT_FOUND', message: 'There is nothing here.', cure: 'See /openapi.json.' }),
  );
  server.addHook('onResponse', async (request, reply) => {
    const { url = 'none' } = request.routeOptions;
    metrics.observe(request.method, url, reply.statusCode, reply.elapsedTime / 1000);
  });
  await server.register(rateLimit, { global: false });

  const own = [
    ...healthRoutes(() => rollcall.ready(), stopping),
    metricsRoute(metrics, rollcall, settings.metrics === 'open'),
  ];
  const api = options.web
    ? [
        ...startRoutes(rollcall, settings.processes),
        ...runRoutes({ rollcall, progress: options.progress, clock, stopping }),
        ...caseRoutes(rollcall),
        ...tokenRoutes(rollcall),
      ]
    : [];
  const webhooks = options.web ? [webhookRoute(rollcall, settings.webhooks, clock)] : [];
  const document = openApiRoute([...own, ...api, ...webhooks], options.version);

  await server.register(async (scope) => {
    // The CRM may send an empty body as JSON.
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, body === '' ? undefined : JSON.parse(String(body)));
      } catch {
        done(new Refusal(400, 'VALIDATION', 'The body is not JSON.', 'Send a JSON document.'));
      }
    });
    for (const route of [...own, ...api, document]) add(scope, route, gate, settings.requestsPerMinute);
  });
  await server.register(async (scope) => {
    // Signatures are of the body as it came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      const answer = answerOf(error);
      metrics.count('webhooks', WEBHOOK_OUTCOMES[answer?.status ?? 500] ?? 'failed');
      // One line without anything that was sent: who knows whose it is.
      if (answer !== null)
        logger.warn('A webhook was refused.', { status: answer.status, problem: answer.shown.message });
      return pass(error, request, reply);
    });
    scope.addHook('onResponse', async (_request, reply) => {
      if (reply.statusCode === 202) metrics.count('webhooks', 'kept');
    });
    for (const route of webhooks) add(scope, route, gate, settings.webhooksPerMinute);
  });
  return server;
}

const WEBHOOK_OUTCOMES: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthorised',
  413: 'too-large',
  429: 'too-many',
};

function add(server: FastifyInstance, route: Route, gate: Gate, perMinute: number): void {
  const { method, url, access } = route;
  const isLimited = access !== 'open';
  server.route({
    method,
    url,
    // A HEAD of a stream would not end.
    exposeHeadRoute: false,
    config: {
      rateLimit: isLimited && {
        max: perMinute,
        timeWindow: 60_000,
        // A token that is not known is no name to count by: anybody can make up many.
        keyGenerator: async (request: FastifyRequest) =>
          (access === 'webhook' ? null : await gate.callerOf(request))?.id ?? request.ip,
        errorResponseBuilder: () =>
          new Refusal(429, 'RATE_LIMITED', 'Too many requests.', 'Wait as long as Retry-After says.'),
      },
    },
    preParsing: async (request: FastifyRequest) => {
      if (access !== 'open' && access !== 'webhook') await gate.require(request, access);
    },
    handler: (request, reply) => route.handle(request, reply),
  });
}

/** Answers an error; one that should not happen is logged, and nothing of it is shown. */
function createPass(logger: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const answer = answerOf(error);
    if (answer === null || answer.status === 500)
      logger.error('A request could not be answered.', { route: request.routeOptions.url, error });
    const { status, shown } = answer ?? { status: 500, shown: UNEXPECTED };
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send(shown);
  };
}
