import { fastify, type FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { DeliveryBook, Row, Sandbox, SandboxClock, SandboxSystem, Truth } from '../types.ts';
import { clockBody, deliveriesQuery, faultsBody, rowsBody, switchesBody } from './schema.ts';

export interface ControlOptions {
  sandboxes: Readonly<Record<SandboxSystem, Sandbox>>;
  /** Empty where the people were not generated. */
  truth: Truth;
  clock: SandboxClock;
  /** The calls that the CRM makes to the connector. */
  deliveries: DeliveryBook;
}

export interface ControlServer {
  /** Listens on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<{ url: string }>;
  close(): Promise<void>;
}

/** A request that cannot be done; the message says which field is wrong. */
class BadRequest extends Error {
  readonly statusCode = 400;
}

/** What was waited for has not come. */
class WaitedInVain extends Error {
  readonly statusCode = 408;
}

const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Creates the server through which tests see and steer the sandboxes (design §10). Errors are `{error}` with 400 for
 * what the caller got wrong.
 *
 * `GET /state`, `GET /truth`, `GET /requests`, `DELETE /requests`, `POST /faults` (replaces all rules),
 * `DELETE /faults`, `GET /clock`, `POST /clock`, `POST /switches`, `POST /rows`, `GET /deliveries` (with `?settled=1`
 * it waits until no call is under way, `withinMs` at most, else it is a 408), `DELETE /deliveries`.
 */
export function createControlServer({ sandboxes, truth, clock, deliveries }: ControlOptions): ControlServer {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  const all = [sandboxes.creatio, sandboxes.webitel];

  readJsonOnly(app);
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({ error: `The control server has no ${request.method} ${request.url}.` }),
  );
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.message }),
  );

  app.get('/state', async () => ({ webitel: sandboxes.webitel.state(), creatio: sandboxes.creatio.state() }));
  app.get('/truth', async () => truth);
  app.get('/requests', async () => all.flatMap((sandbox) => sandbox.requests()));
  app.delete('/requests', async () => {
    for (const sandbox of all) sandbox.clearRequests();
    return {};
  });
  app.post('/faults', async (request) => {
    const rules = parse(faultsBody, request.body);
    for (const sandbox of all) sandbox.setFaults(rules);
    return { rules: rules.length };
  });
  app.delete('/faults', async () => {
    for (const sandbox of all) sandbox.setFaults([]);
    return {};
  });
  app.get('/clock', async () => ({ now: clock.now() }));
  app.post('/clock', async (request) => {
    const { now, advanceMs } = parse(clockBody, request.body);
    if (now !== undefined) clock.set(now);
    if (advanceMs !== undefined) clock.advance(advanceMs);
    return { now: clock.now() };
  });
  app.post('/switches', async (request) => {
    const { system, values } = parse(switchesBody, request.body);
    blame(() => sandboxes[system].setSwitches(values));
    return {};
  });
  app.post('/rows', async (request) => {
    const edit = parse(rowsBody, request.body);
    const row = blame(() => change(sandboxes[edit.system], edit));
    return row === undefined ? {} : { row };
  });

  app.get('/deliveries', async (request) => {
    const { settled, withinMs } = parse(deliveriesQuery, request.query);
    if (settled === '1' && !(await deliveries.settled(withinMs))) {
      throw new WaitedInVain(`Calls to the connector are still under way after ${withinMs} ms.`);
    }
    return deliveries.list();
  });
  app.delete('/deliveries', async () => {
    deliveries.clear();
    return {};
  });

  return {
    listen: async (port = 0) => ({ url: await app.listen({ host: '127.0.0.1', port }) }),
    close: () => app.close(),
  };
}

function change(sandbox: Sandbox, edit: z.output<typeof rowsBody>): Row | undefined {
  switch (edit.op) {
    case 'insert':
      return sandbox.insertRow(edit.table, edit.row);
    case 'update':
      return sandbox.updateRow(edit.table, edit.id, edit.row);
    default:
      sandbox.deleteRow(edit.table, edit.id);
      return undefined;
  }
}

/** What a sandbox refuses here is the caller's fault. */
function blame<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new BadRequest(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new BadRequest(problems.join('; '));
}

/** Bodies are JSON whatever their content type says; an empty one is none. */
function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString();
    if (text === '') {
      done(null, undefined);
      return;
    }
    try {
      const value: unknown = JSON.parse(text);
      done(null, value);
    } catch {
      done(new BadRequest('The request body is not valid JSON.'));
    }
  });
}
