import { create, isAxiosError } from 'axios';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import type { NetworkFailure } from './retry.ts';
import type { HttpMethod, RawReply } from './types.ts';

/** One request as it goes over the wire, once. */
export interface WireRequest {
  method: HttpMethod;
  url: string;
  /** For `RawReply.path`. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  timeoutMs: number;
  signal: AbortSignal;
}

/** What came of it. `aborted` means that `signal` ended it; whether it was carried out is not known then. */
export type WireResult =
  | { kind: 'answer'; reply: RawReply; contentType: string }
  | { kind: 'network'; failure: NetworkFailure; code: string }
  | { kind: 'aborted' };

export interface Wire {
  exchange(request: WireRequest): Promise<WireResult>;
}

/** The only place that touches axios. Its errors hold the whole request, secrets included, so none of them gets out. */
export function createWire(options: { maxAnswerBytes: number; connection: Connection }): Wire {
  const { connection } = options;
  const client = create({
    adapter: 'http',
    httpAgent: connection.httpAgent,
    httpsAgent: connection.httpsAgent,
    // A redirect to a login page has to be seen as one, and credentials must not follow a redirect.
    maxRedirects: 0,
    maxContentLength: options.maxAnswerBytes,
    maxBodyLength: Infinity,
    // Proxies are the business of the connection.
    proxy: false,
    responseType: 'text',
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
  });

  return {
    async exchange(request) {
      const stop = new AbortController();
      let timedOut = false;
      const abort = (): void => stop.abort();
      const timer = setTimeout(() => {
        timedOut = true;
        abort();
      }, request.timeoutMs);
      request.signal.addEventListener('abort', abort, { once: true });
      if (request.signal.aborted) abort();
      try {
        const response = await client.request<unknown>({
          method: request.method,
          url: request.url,
          headers: { ...request.headers },
          data: request.body,
          signal: stop.signal,
        });
        const refusal = connection.refusal(response.request);
        if (refusal !== undefined) return refusedByProxy(refusal);
        const headers = plainHeaders(response.headers);
        const reply: RawReply = {
          status: response.status,
          headers,
          setCookie: z.array(z.string()).catch([]).parse(response.headers['set-cookie']),
          text: typeof response.data === 'string' ? response.data : '',
          path: request.path,
        };
        return { kind: 'answer', reply, contentType: headers['content-type'] ?? '' };
      } catch (error) {
        if (timedOut) return { kind: 'network', failure: 'timed-out', code: 'ETIMEDOUT' };
        if (request.signal.aborted) return { kind: 'aborted' };
        return classify(error);
      } finally {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', abort);
      }
    },
  };
}

/** A proxy that would not connect: for a reason that passes (5xx, 429), or for good. */
function refusedByProxy(status: number): WireResult {
  const passing = status >= 500 || status === 429 || status === 408;
  return { kind: 'network', failure: passing ? 'not-sent' : 'proxy-refused', code: `PROXY_${status}` };
}

function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (key === 'set-cookie' || value === null || value === undefined) continue;
    plain[key] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return plain;
}

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);
const UNTRUSTED =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|HOSTNAME_MISMATCH|EPROTO)/;

function classify(error: unknown): WireResult {
  const code = errorCode(error);
  const network = (failure: NetworkFailure): WireResult => ({ kind: 'network', failure, code });
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('maxContentLength')) return network('too-large');
  // With a response there was an answer, whatever went wrong with the rest of it.
  if (isAxiosError(error) && error.response !== undefined) return network('cut-off');
  if (NOT_SENT.has(code) || failedToConnect(error)) return network('not-sent');
  if (UNTRUSTED.test(code)) return network('untrusted');
  if (message.includes('before secure TLS connection was established')) return network('not-sent');
  return network('broken');
}

const CodeSchema = z.object({ code: z.string() });
const SyscallSchema = z.object({ cause: z.object({ syscall: z.literal('connect') }) });

function errorCode(error: unknown): string {
  const parsed = CodeSchema.safeParse(error);
  return parsed.success ? parsed.data.code : 'UNKNOWN';
}

function failedToConnect(error: unknown): boolean {
  return SyscallSchema.safeParse(error).success;
}
