import type { Json } from '../types.ts';
import type { Caller } from './access.ts';

/** One request to the interface, with the caller known. */
export interface Call {
  caller: Caller;
  /** The token that the caller sent. */
  secret: string;
  /** The values of the `{id}` parts of the path, in order. */
  ids: readonly string[];
  query: URLSearchParams;
  /** The parsed JSON body; `undefined` without one. */
  body: unknown;
}

/** What a caller needs to do something. */
export type Action = 'add' | 'read' | 'write' | 'delete';

/** One operation of the interface. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `{id}` for every variable part. */
  path: string;
  /** The object class that the caller's licence must cover; `null` is open to every caller. */
  objectClass: string | null;
  action: Action;
  handle(call: Call): Json;
}

/** Finds routes by method and path. */
export interface RouteTable {
  find(method: string, path: string): { route: Route; ids: string[] } | undefined;
  /** The route that a path is counted under, whatever the method: ids replaced by `{id}`. */
  label(path: string): string;
}

/** Orders routes so that fixed parts win over `{id}`. */
export function createRouteTable(routes: readonly Route[]): RouteTable {
  const entries = routes
    .map((route) => ({ route, parts: route.path.split('/') }))
    .toSorted((a, b) => variableParts(a.parts) - variableParts(b.parts));
  return {
    find: (method, path) => {
      const wanted = path.split('/');
      for (const { route, parts } of entries) {
        if (route.method !== method) continue;
        const ids = match(parts, wanted);
        if (ids !== undefined) return { route, ids: ids.map(decode) };
      }
      return undefined;
    },
    label: (path) => {
      const wanted = path.split('/');
      const entry = entries.find(({ parts }) => match(parts, wanted) !== undefined);
      return entry?.route.path ?? path.replaceAll(/\/\d+(?=\/|$)/g, '/{id}');
    },
  };
}

/** The values of the `{id}` parts where the path is one of the route's. */
function match(parts: readonly string[], path: readonly string[]): string[] | undefined {
  if (parts.length !== path.length) return undefined;
  const ids: string[] = [];
  for (const [at, part] of parts.entries()) {
    const actual = path[at] ?? '';
    if (part === '{id}') ids.push(actual);
    else if (part !== actual) return undefined;
  }
  return ids;
}

function variableParts(parts: readonly string[]): number {
  return parts.filter((part) => part === '{id}').length;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
