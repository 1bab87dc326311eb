import { afterAll, afterEach, beforeAll } from '@jest/globals';
import nock from 'nock';

// The product speaks to sandboxes on loopback in tests; anything else that leaves the process is a mistake.
beforeAll(() => {
  nock.disableNetConnect();
  nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
});

// nock patches node:http, which test files in one worker share: left in place, it would answer for the next file too.
afterAll(() => nock.restore());

const unmatched: string[] = [];
nock.emitter.on('no match', (request: unknown) => {
  // The versions of nock disagree about what they hand over: a fetch Request or the options of node:http.
  const { method, url } = describeRequest(request);
  if (/^(127\.0\.0\.1|localhost|\[?::1\]?)(:\d+)?(\/|$)/.test(url)) return;
  unmatched.push(`${method} ${url}`);
});

function describeRequest(request: unknown): { method: string; url: string } {
  if (request instanceof Request)
    return { method: request.method, url: request.url.replace(/^https?:\/\//, '') };
  const options = new Map(typeof request === 'object' && request !== null ? Object.entries(request) : []);
  const host = String(options.get('host') ?? options.get('hostname') ?? 'unknown host');
  return {
    method: String(options.get('method') ?? 'GET'),
    url: `${host}${String(options.get('path') ?? '')}`,
  };
}

afterEach(() => {
  const pending = nock.pendingMocks();
  const missed = unmatched.splice(0);
  nock.cleanAll();
  if (missed.length > 0) {
    throw new Error(
      `Requests that no nock interceptor answers:\n  ${missed.join('\n  ')}\nAdd an interceptor or point the code at a sandbox on 127.0.0.1.`,
    );
  }
  if (pending.length > 0) {
    throw new Error(
      `nock interceptors that were never used:\n  ${pending.join('\n  ')}\nRemove them or make the request.`,
    );
  }
});
