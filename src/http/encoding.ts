import { RollcallError } from '../app/ports/errors.ts';
import type { HttpRequest, QueryValue, RawReply } from './types.ts';

type Headers = Readonly<Record<string, string>>;

/** `?a=1&b=two%20words`, or nothing. `$` stays readable in names, where OData has it. */
export function encodeQuery(query: Readonly<Record<string, QueryValue>> | undefined): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    const values: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value];
    const key = encodeURIComponent(name).replaceAll('%24', '$');
    for (const one of values) pairs.push(`${key}=${encodeURIComponent(String(one))}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** The base address in its normal form; a `CONFIGURATION` error if it cannot be used. */
export function parseBase(system: string, baseUrl: string): { href: string; host: string } {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol);
  if (!usable || url.username !== '' || url.password !== '' || url.search !== '') {
    throw new RollcallError('CONFIGURATION', `The address of ${system} cannot be used.`, {
      cure: 'Give an http or https address without user, password and query, such as https://host.example.',
      details: { system },
    });
  }
  return { href: `${url.origin}${url.pathname}`.replace(/\/+$/, ''), host: url.host };
}

/** What a request says about its body and the answer it wants, unless it says otherwise itself. */
export function defaultHeaders(request: HttpRequest<unknown>): Headers {
  const accept = { accept: request.as === 'text' ? '*/*' : 'application/json' };
  if (request.body === undefined) return accept;
  return {
    ...accept,
    'content-type':
      typeof request.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
  };
}

/** One set of headers in lower case; later ones win, whatever the case of their names. */
export function mergeHeaders(...sets: (Headers | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const set of sets) {
    for (const [name, value] of Object.entries(set ?? {})) merged[name.toLowerCase()] = value;
  }
  return merged;
}

/** A string as it is, anything else as JSON. */
export function encodeBody(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

/** Where a redirect leads, without the query, which may carry tokens; `undefined` if the answer is none. */
export function redirectTarget(answer: RawReply | undefined, base: string): string | undefined {
  const location = answer?.headers['location'];
  if (answer === undefined || location === undefined || answer.status < 300 || answer.status > 399)
    return undefined;
  if (!URL.canParse(location, base)) return 'an unreadable address';
  const url = new URL(location, base);
  return `${url.origin}${url.pathname}`;
}
