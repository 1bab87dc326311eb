import { createHmac } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { text as readText } from 'node:stream/consumers';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON document in it. */
  json(): unknown;
}

export interface Asking {
  readonly method?: 'GET' | 'POST';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text or bytes as they are; anything else as JSON. */
  readonly body?: unknown;
}

/** Asks over real HTTP, each time on a connection of its own. */
export async function ask(
  url: string,
  { method = 'GET', token, headers = {}, body }: Asking = {},
): Promise<Answer> {
  const bytes =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const isJson = bytes !== undefined && bytes !== body;
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      url,
      {
        method,
        agent: false,
        headers: {
          ...(isJson ? { 'content-type': 'application/json' } : {}),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      (answer) => {
        readText(answer).then(
          (text) =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text,
              json: () => JSON.parse(text),
            }),
          reject,
        );
      },
    );
    // A server that refuses a body may close before it has all of it.
    asked.on('error', reject);
    asked.end(bytes);
  });
}

/** Headers of a webhook as Standard Webhooks signs it; written from its document, not from our code. */
export function signed(secret: string, body: string, at: number, id = 'msg_1'): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
