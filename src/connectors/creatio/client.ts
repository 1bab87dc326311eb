import type { z } from 'zod';
import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import type { HttpDoor, HttpReply, HttpRequest, QueryValue } from '../../http/types.ts';
import type { PathPrefix } from './prefix.ts';
import { BatchAnswer, ServiceDocument } from './schema.ts';

/** One reading below the OData root. */
export interface ODataRead<T> {
  /** Below the root: `Contact`, `$metadata`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly schema: z.ZodType<T>;
  readonly as?: 'json' | 'text';
  readonly signal?: AbortSignal | undefined;
}

/** One call of a configuration service: `POST` of wrapped JSON below `/rest`. */
export interface ServiceCall<T> {
  /** Service and method: `AdministrationService/GetUsersCount`. */
  readonly path: string;
  readonly body: unknown;
  readonly schema: z.ZodType<T>;
  /** May be repeated although it may have been carried out. */
  readonly isHarmless: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Creatio's OData 4 and services over the HTTP door: addresses, the path prefix, and nothing of rows and columns. */
export interface ODataClient {
  read<T>(read: ODataRead<T>): Promise<T>;
  /** Sends a JSON batch that goes on after a refused part. Never repeated on its own. */
  batch(body: unknown, signal?: AbortSignal): Promise<BatchAnswer>;
  /** The errors are the door's: what a refusal means depends on the service. */
  call<T>(call: ServiceCall<T>): Promise<T>;
}

export function createODataClient(deps: {
  door: HttpDoor;
  prefix: PathPrefix;
  /** What a good session means that the site refuses whatever is asked; without it, no sign-in ends like that. */
  distrust?: (cause: RollcallError) => RollcallError;
}): ODataClient {
  const { door, prefix, distrust } = deps;

  async function send<T>(
    method: HttpRequest<T>['method'],
    path: string,
    rest: Omit<HttpRequest<T>, 'method' | 'path' | 'route'>,
  ): Promise<HttpReply<T>> {
    for (;;) {
      const address = `${await prefix.get(rest.signal)}/odata/${path}`;
      try {
        const reply = await door.send({ ...rest, method, path: address, route: `${method} ${address}` });
        prefix.confirm();
        return reply;
      } catch (error) {
        // A 404 was certainly not carried out, so even a batch may be sent again to the right address.
        const lost = isRollcallError(error) && error.details['status'] === 404;
        if (!lost || !(await prefix.doubt(rest.signal))) throw error;
      }
    }
  }

  /** A refused session may be about the entity or about the session: the root of OData, which is open to all, tells. */
  async function judged(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (distrust === undefined || refusedSession(error) === undefined) return error;
    try {
      await send('GET', '', { schema: ServiceDocument, ...(signal === undefined ? {} : { signal }) });
      return error;
    } catch (again) {
      const refused = refusedSession(again);
      return refused === undefined ? error : distrust(refused);
    }
  }

  return {
    async read({ path, query, schema, as = 'json', signal }) {
      try {
        const reply = await send('GET', path, {
          schema,
          as,
          ...(query === undefined ? {} : { query }),
          ...(signal === undefined ? {} : { signal }),
        });
        return reply.body;
      } catch (error) {
        throw explained(await judged(error, signal), path);
      }
    },
    async batch(body, signal) {
      try {
        const reply = await send('POST', '$batch', {
          schema: BatchAnswer,
          headers: { Prefer: 'continue-on-error' },
          body,
          idempotent: false,
          ...(signal === undefined ? {} : { signal }),
        });
        return reply.body;
      } catch (error) {
        throw await judged(error, signal);
      }
    },
    async call({ path, body, schema, isHarmless, signal }) {
      const address = `${await prefix.get(signal)}/rest/${path}`;
      const reply = await door.send({
        method: 'POST',
        path: address,
        route: `POST ${address}`,
        body,
        schema,
        idempotent: isHarmless,
        ...(signal === undefined ? {} : { signal }),
      });
      return reply.body;
    },
  };
}

/** The error of a session that was refused again right after a good sign-in. */
function refusedSession(error: unknown): RollcallError | undefined {
  return isRollcallError(error, 'AUTHENTICATION') && error.details['reason'] === 'session expired'
    ? error
    : undefined;
}

/** A session that is refused right after a good sign-in, and an address that is not there, are about the entity. */
function explained(error: unknown, entity: string): unknown {
  if (!isRollcallError(error)) return error;
  if (refusedSession(error) !== undefined) {
    return new RollcallError(
      'FORBIDDEN',
      `Creatio does not let this account read "${entity}", or has no such entity.`,
      {
        cure:
          'Check the name in the mapping, that the object is published for OData (one to two minutes after publishing), ' +
          'and that the account has the operation CanUseODataService and the right to read the object.',
        details: error.details,
        cause: error,
      },
    );
  }
  if (error.details['status'] === 404) {
    return new RollcallError('NOT_FOUND', `Creatio has no entity "${entity}" in its OData.`, {
      cure: 'Check the name in the mapping, and publish the object in Creatio; OData sees it after one to two minutes.',
      details: error.details,
      cause: error,
    });
  }
  return error;
}
