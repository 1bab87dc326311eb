import type { z } from 'zod';
import { badRequest } from './errors.ts';
import type { Switches } from './switches.ts';

/** A parsed body: the values, and the names that it really had. */
export interface ParsedBody<T> {
  values: T;
  keys: ReadonlySet<string>;
}

/**
 * Parses the body of a write. Names outside the schema are dropped or refused as the switch says; a value of a wrong
 * type is a 400 that names the field.
 *
 * @param readonly names that are legal and without effect.
 */
export function parseBody<S extends z.ZodObject>(
  schema: S,
  body: unknown,
  what: string,
  switches: Switches,
  readonly: readonly string[] = [],
): ParsedBody<z.output<S>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('api.body.invalid', 'the body must be a JSON object');
  }
  const names = Object.keys(body);
  const known = new Set(Object.keys(schema.shape));
  const unknown = names.filter((name) => !known.has(name) && !readonly.includes(name));
  if (unknown.length > 0 && switches.unknownKeys === 'reject') {
    throw badRequest('api.body.invalid', `unknown field "${unknown.join('", "')}"`);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = String(issue?.path[0] ?? 'body');
    throw badRequest(`${what}.${field}.invalid`, `invalid value for ${issue?.path.join('.') ?? 'body'}`);
  }
  return { values: parsed.data, keys: new Set(names.filter((name) => known.has(name))) };
}

/** Takes the bare object out of `{<member>: {…}}`, where a client wrapped it. */
export function unwrap(body: unknown, member: string): unknown {
  if (typeof body === 'object' && body !== null && member in body) {
    const inner: unknown = Reflect.get(body, member);
    if (typeof inner === 'object' && inner !== null) return inner;
  }
  return body;
}
