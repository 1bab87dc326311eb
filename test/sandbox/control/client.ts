import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import type { z } from 'zod';

export interface Answer {
  status: number;
  json: unknown;
  headers: IncomingHttpHeaders;
}

/** Asks a server on loopback and reads its JSON answer. (Under nock on Node 20, `fetch` cannot send a body.) */
export async function ask(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(base + path, { method, headers: { ...headers, ...type }, agent: false }, resolve)
      .on('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
  const content = await readText(answer);
  const json: unknown = content === '' ? undefined : JSON.parse(content);
  return { status: answer.statusCode ?? 0, json, headers: answer.headers };
}

/** Asks by GET and checks the answer's shape. */
export async function read<S extends z.ZodType>(
  schema: S,
  base: string,
  path: string,
  headers?: Record<string, string>,
): Promise<z.output<S>> {
  const answer = await ask(base, 'GET', path, undefined, headers);
  return schema.parse(answer.json);
}
