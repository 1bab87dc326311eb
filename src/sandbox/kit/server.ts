import { setTimeout as delay } from 'node:timers/promises';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { FaultRule, RequestCount, SandboxClock, SandboxSystem } from '../types.ts';
import { createFaultBook } from './faults.ts';
import { createLimiter, type RateLimit } from './limit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request body as it was sent; empty if there was none. */
    rawBody: string;
  }
}

/** How a caller's session dies; see `FaultRule`. */
export type ExpiryMode = NonNullable<FaultRule['mode']>;

export interface KitOptions {
  system: SandboxSystem;
  clock: SandboxClock;
  /** Numbers from 0 to 1, from the sandbox's seed. */
  random: () => number;
  /** Turns a request into the route that it is counted under: ids replaced by `{id}`, no query. */
  routeOf: (method: string, url: string) => string;
  /** Every request waits so long in real milliseconds before it is handled; 0 unless told. */
  latencyMs?: number;
  /** How many requests a second are handled; the rest is refused. Without it, any number. */
  rateLimit?: () => RateLimit;
  /** Kills the session of this caller; without it, `expire-session` rules are refused. */
  onExpireSession?: (request: FastifyRequest, mode: ExpiryMode) => void;
}

/**
 * The HTTP half of a sandbox: it counts, makes faults and reads bodies; the product adds its routes to `app`.
 *
 * - Every request is counted, those that a fault kills or the limit refuses included.
 * - Faults strike in `preValidation`: a product checks sessions and tokens in `preHandler` or in its handlers, so
 *   that faults come first, and does not end requests in `onRequest`.
 * - `request.body` is the parsed value where the content type is JSON (with or without parameters), otherwise the
 *   text; `null` where the text is empty; `undefined` where no body was sent. Text that is no JSON is a 400 error for
 *   the product's error handler.
 */
export interface Kit {
  app: FastifyInstance;
  requests(): RequestCount[];
  clearRequests(): void;
  /** Replaces the rules; those of other systems are ignored. */
  setFaults(rules: FaultRule[]): void;
  /** Listens on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<{ url: string }>;
  /** Ends at once, whatever hangs. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** Creates the HTTP half of a sandbox; it does not listen yet. */
export function createKit(options: KitOptions): Kit {
  const { system, clock, random, routeOf, rateLimit, onExpireSession, latencyMs = 0 } = options;
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 4000 },
  });
  const counts = new Map<string, RequestCount>();
  const book = createFaultBook(system, random);
  const limiter = createLimiter();
  const afterWrite = new WeakMap<FastifyRequest, FaultRule>();
  const closing = new AbortController();

  const wait = async (ms: number): Promise<void> => {
    if (ms > 0) await delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  };

  readBodies(app);

  app.addHook('onRequest', async (request) => {
    const route = routeOf(request.method, request.url);
    const key = `${request.method} ${route}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { system, method: request.method, route, count: 1 });
    else known.count += 1;
  });

  app.addHook('preValidation', async (request, reply) => {
    await wait(latencyMs);
    const limit = rateLimit?.() ?? null;
    if (limit !== null && !limiter.takes(limit, clock.now())) return sendTooMany(reply, limit);
    const subject = { method: request.method, url: request.url, rawBody: request.rawBody };
    for (const rule of book.strike(subject)) {
      switch (rule.fault) {
        case 'latency':
          await wait(rule.delayMs ?? 0);
          break;
        case 'expire-session':
          onExpireSession?.(request, rule.mode ?? '401');
          break;
        case 'status':
          return sendStatus(reply, rule);
        case 'html':
          return sendProxyPage(reply, rule);
        case 'reset-before-write':
          reply.hijack();
          request.raw.socket.resetAndDestroy();
          return reply;
        default:
          afterWrite.set(request, rule);
      }
    }
    return undefined;
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    const rule = afterWrite.get(request);
    if (rule === undefined) {
      done(null, payload);
      return;
    }
    // From here on `done` is never called: to fastify the answer stays unfinished, which is the fault.
    const socket = request.raw.socket;
    if (rule.fault === 'reset-after-write') socket.resetAndDestroy();
    if (rule.fault === 'truncated') sendHalf(reply, payload);
  });

  return {
    app,
    requests: () => [...counts.values()].map((entry) => ({ ...entry })),
    clearRequests: () => counts.clear(),
    setFaults: (rules) => {
      if (
        onExpireSession === undefined &&
        rules.some((rule) => rule.system === system && rule.fault === 'expire-session')
      ) {
        throw new Error(
          `The ${system} sandbox has no sessions: the fault expire-session cannot strike there.`,
        );
      }
      book.set(rules);
    },
    listen: async (port = 0) => {
      const url = await app.listen({ host: '127.0.0.1', port });
      return { url };
    },
    close: async () => {
      closing.abort();
      await app.close();
    },
  };
}

function readBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    request.rawBody = text;
    if (text === '') {
      done(null, null);
      return;
    }
    if (!/^[^;]*[/+]json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
      done(null, text);
      return;
    }
    try {
      const value: unknown = JSON.parse(text);
      done(null, value);
    } catch (error) {
      done(
        Object.assign(new Error('The request body is not valid JSON.', { cause: error }), {
          statusCode: 400,
        }),
      );
    }
  });
}

function sendStatus(reply: FastifyReply, rule: FaultRule): FastifyReply {
  reply.code(rule.status ?? 500).headers(rule.headers ?? {});
  if (rule.body === undefined) return reply.send();
  if (typeof rule.body === 'string') return reply.send(rule.body);
  if (!reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8');
  return reply.send(JSON.stringify(rule.body));
}

function sendTooMany(reply: FastifyReply, { retryAfter }: NonNullable<RateLimit>): FastifyReply {
  if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
  return reply.code(429).type('text/plain').send('Too Many Requests');
}

function sendProxyPage(reply: FastifyReply, rule: FaultRule): FastifyReply {
  const status = rule.status ?? 502;
  const title = status === 502 ? '502 Bad Gateway' : `${status} Error`;
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return reply
    .code(status)
    .headers(rule.headers ?? {})
    .type('text/html')
    .send(page);
}

/** Announces the whole body, sends half of it and drops the connection; an answer without a body is just dropped. */
function sendHalf(reply: FastifyReply, payload: unknown): void {
  const socket = reply.request.raw.socket;
  const whole =
    typeof payload === 'string' || payload instanceof Uint8Array ? Buffer.from(payload) : Buffer.alloc(0);
  if (whole.length === 0) {
    socket.resetAndDestroy();
    return;
  }
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.setHeader('content-length', whole.length);
  reply.raw.writeHead(reply.statusCode);
  reply.raw.write(whole.subarray(0, Math.floor(whole.length / 2)), () => socket.destroy());
}
