import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { expectedOf } from '../app/ports/expected.ts';
import type { Scope } from '../app/ports/tokens.ts';
import { Refusal } from './errors.ts';

/**
 * Who may ask: anybody, whoever holds a token with this scope, the CRM with its own proof, or a command on this machine
 * that can read the data directory.
 */
export type Access = 'open' | Scope | 'webhook' | 'local';

/** One answer of a route. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** JSON unless it says otherwise. */
  readonly type?: string;
}

interface Parts<P, Q, B> {
  readonly method: 'GET' | 'POST';
  /** With parameters as `:id`. */
  readonly url: string;
  readonly access: Access;
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  readonly answers: Readonly<Record<number, Answer>>;
  handle(
    input: { readonly params: P; readonly query: Q; readonly body: B },
    exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  ): unknown;
}

/** A route with the types of its input closed in; what is served and what the document shows come from it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly access: Access;
  readonly summary: string;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly answers: Readonly<Record<number, Answer>>;
  handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

/** Closes a route over the types of its input. */
export function defineRoute<P = undefined, Q = undefined, B = undefined>(parts: Parts<P, Q, B>): Route {
  const { method, url, access, summary, params, query, body, answers } = parts;
  return {
    method,
    url,
    access,
    summary,
    params,
    query,
    body,
    answers,
    handle: async (request, reply) =>
      parts.handle(
        {
          params: parse(params, request.params, 'path'),
          query: parse(query, request.query, 'query'),
          body: parse(body, request.body, 'body'),
        },
        { request, reply },
      ),
  };
}

/** Without a schema, there is no value, and T is undefined. */
function parse<T>(schema: z.ZodType<T> | undefined, value: unknown, what: string): T {
  const parsed = schema === undefined ? z.custom<T>().safeParse(undefined) : schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const where = issue.path.length === 0 ? `the ${what}` : issue.path.map(String).join('.');
    return `${where} ${isMissing(value, issue.path) ? 'is missing: it ' : ''}${expectedOf(issue)}`;
  });
  throw new Refusal(
    400,
    'VALIDATION',
    `The ${what} is not as it should be: ${problems.join('; ')}.`,
    `Write it as /openapi.json shows it.`,
  );
}

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return false;
    current = Object.entries(current).find(([key]) => key === String(part))?.[1];
  }
  return current === undefined || (path.length === 0 && current === null);
}
