import { afterEach, beforeAll } from '@jest/globals';
import nock from 'nock';

// The product speaks to sandboxes on loopback in tests; anything else that leaves the process is a mistake.
beforeAll(() => {
  nock.disableNetConnect();
  nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
});

const unmatched: string[] = [];
nock.emitter.on('no match', (request: unknown) => {
  const options = typeof request === 'object' && request !== null ? (request as Record<string, unknown>) : {};
  const host = String(options['host'] ?? options['hostname'] ?? 'unknown host');
  if (/^(127\.0\.0\.1|localhost|\[?::1\]?)(:\d+)?$/.test(host)) return;
  unmatched.push(`${String(options['method'] ?? 'GET')} ${host}${String(options['path'] ?? '')}`);
});

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
    throw new Error(`nock interceptors that were never used:\n  ${pending.join('\n  ')}\nRemove them or make the request.`);
  }
});
