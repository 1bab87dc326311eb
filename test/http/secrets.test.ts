import { afterEach, describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { z } from 'zod';
import type { HttpRequest, HttpSession } from '../../src/http/types.ts';
import { scrub, secretsOf } from '../../src/http/secrets.ts';
import { answerJson, createDoorKit, rejection, startServer, type TestServer } from './support.ts';

const CANARIES = {
  token: 'canary-token-1f7',
  bearer: 'canary-bearer-2e6',
  cookie: 'canary-cookie-3d5',
  csrf: 'canary-csrf-4c4',
  password: 'canary pass&word-5b3',
  query: 'canary-query-6a2',
  setCookie: 'canary-set-cookie-790',
};

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const session: HttpSession = {
  headers: async () => ({
    'X-Webitel-Access': CANARIES.token,
    Authorization: `Bearer ${CANARIES.bearer}`,
    Cookie: `a=1; .ASPXAUTH=${CANARIES.cookie}`,
    BPMCSRF: CANARIES.csrf,
  }),
  expired: (reply) => reply.status === 498,
  invalidate: () => undefined,
};

const request: HttpRequest<unknown> = {
  method: 'POST',
  path: '/users',
  route: 'POST /users',
  query: { access_token: CANARIES.query },
  body: { users: [{ login: 'ann', credentials: { UserPassword: CANARIES.password } }] },
  schema: z.object({ never: z.literal('matches') }),
};

/** The worst that a product can do: it sends back everything it got. */
const echo = `${CANARIES.password} ${encodeURIComponent(CANARIES.password)} ${Object.values(CANARIES).join(' ')}`;

const cookie = { 'set-cookie': `sid=${CANARIES.setCookie}; Path=/; HttpOnly` };

type Handler = Parameters<typeof startServer>[0];
const failures: [string, Handler, string][] = [
  [
    'a refusal that quotes them',
    (_, response) => answerJson(response, 400, { message: echo }, cookie),
    'VALIDATION',
  ],
  [
    'a refusal by the application',
    (_, response) => answerJson(response, 500, { message: echo }, cookie),
    'UNAVAILABLE',
  ],
  [
    'an answer that differs',
    (_, response) => answerJson(response, 200, { never: CANARIES.token }),
    'CONTRACT',
  ],
  [
    'a session refused twice',
    (_, response) => answerJson(response, 498, { message: echo }, cookie),
    'AUTHENTICATION',
  ],
  [
    'too many requests',
    (_, response) => answerJson(response, 429, { message: echo }, cookie),
    'RATE_LIMITED',
  ],
  ['a broken connection', (_, response) => void response.socket?.resetAndDestroy(), 'UNKNOWN_OUTCOME'],
  ['a time-out', () => undefined, 'UNKNOWN_OUTCOME'],
  [
    'half an answer',
    (_, response) => {
      response.writeHead(200, { 'content-length': '999', 'set-cookie': `sid=${CANARIES.setCookie}` });
      response.write('{');
      response.socket?.end();
    },
    'UNKNOWN_OUTCOME',
  ],
  [
    'a redirect that carries them',
    (_, response) => {
      response.writeHead(302, { location: `/login?token=${CANARIES.query}` });
      response.end();
    },
    'CONTRACT',
  ],
];

function expectNoCanary(text: string): void {
  for (const canary of Object.values(CANARIES)) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(encodeURIComponent(canary));
  }
}

describe('secrets', () => {
  test.each(failures)('stay out of the error and the log: %s', async (_, handler, code) => {
    const server = await startServer(handler);
    servers.push(server);
    const { door, logger } = createDoorKit({
      baseUrl: server.url,
      session,
      policy: { attemptMs: 150 },
      vendorError: (text) => ({ message: text, id: text }),
    });
    const error = await rejection(door.send(request));
    expect(error).toMatchObject({ code });
    expectNoCanary(inspect(error, { depth: 10, showHidden: true }));
    expectNoCanary(JSON.stringify(error));
    expectNoCanary(inspect(logger.lines, { depth: 10 }));
  });

  test('stay out when nothing listens', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const { door, logger } = createDoorKit({ baseUrl: server.url, session });
    const error = await rejection(door.send(request));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expectNoCanary(inspect([error, logger.lines], { depth: 10, showHidden: true }));
  });

  test('of a form are known too', () => {
    const secrets = secretsOf({}, undefined, 'client_id=me&client_secret=hush-hush');
    expect(scrub('no hush-hush for me', secrets)).toBe('no [redacted] for me');
  });

  test('of an object that is sent as text are known too', () => {
    const secrets = secretsOf({}, undefined, { jsonObject: '{"Name":"ann","UserPassword":"hush-hush"}' });
    expect(scrub('no hush-hush for ann', secrets)).toBe('no [redacted] for ann');
  });

  test('that are ordinary words do not deface a message', () => {
    const secrets = secretsOf(
      { ForceUseSession: 'true' },
      { token: 1 },
      { name: 'Ann', force_password_change: true },
    );
    expect(scrub('Ann is  true\nto 1', secrets)).toBe('Ann is true to 1');
  });

  test('are found in what encodes them together with other things', () => {
    const secrets = new Set(['canary pass&word']);
    const basic = Buffer.from('ann:canary pass&word').toString('base64');
    const escaped = JSON.stringify({ of: 'canary pass&word' });
    const text = scrub(`${basic} ${escaped} ${encodeURIComponent('canary pass&word')}`, secrets);
    expect(text.match(/\[redacted\]/gu)).toHaveLength(3);
    expect(Buffer.from(text.split(' ')[0] ?? '', 'base64').toString()).not.toContain('pass&w');
  });

  test('leave a message short enough to read', () => {
    expect(scrub('x'.repeat(5000), new Set())).toHaveLength(501);
  });
});
