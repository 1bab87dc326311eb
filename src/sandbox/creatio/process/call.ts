import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A call of a web service, ready to be sent as often as wanted. */
export interface ServiceCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
}

/** How one attempt ended. */
export type CallResult = { status: number } | { error: string };

/**
 * Makes one attempt of a call: a POST on a connection of its own.
 *
 * @param signal ends it early, as a failure.
 */
export function attemptCall(call: ServiceCall, signal: AbortSignal): Promise<CallResult> {
  const send = call.url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      resolve({ error: error.message });
    };
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(call.body)),
      ...call.headers,
    };
    const request = send(call.url, { method: 'POST', headers, agent: false, signal }, (response) => {
      response.resume();
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0 });
      });
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${call.timeoutMs} ms`)),
      call.timeoutMs,
    );
    request.on('error', fail);
    request.end(call.body);
  });
}
