import { afterEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { z } from 'zod';
import { RollcallError } from '../../src/app/ports/errors.ts';
import type { HttpRequest } from '../../src/http/types.ts';
import { answerJson, createDoorKit, rejection, startServer, type TestServer } from './support.ts';

const BASE = 'https://acme.example/api';
const Body = z.object({ id: z.string() });

const read: HttpRequest<{ id: string }> = {
  method: 'GET',
  path: '/things/1',
  route: 'GET /things/{id}',
  schema: Body,
};
const write: HttpRequest<{ id: string }> = {
  ...read,
  method: 'POST',
  body: { name: 'x' },
  route: 'POST /things',
};

const servers: TestServer[] = [];
async function serve(...args: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(...args);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('an answer', () => {
  test('arrives parsed, with its status and headers in lower case, without cookies', async () => {
    nock('https://acme.example')
      .get('/api/things/1')
      .reply(200, { id: '7', more: true }, { 'X-Total': '3', 'Set-Cookie': 'sid=abcd' });
    const { door } = createDoorKit({ baseUrl: `${BASE}/` });
    const reply = await door.send(read);
    expect(reply).toMatchObject({ status: 200, body: { id: '7' }, headers: { 'x-total': '3' } });
    expect(reply.headers).not.toHaveProperty('set-cookie');
  });

  test('with an empty body is null', async () => {
    nock('https://acme.example').delete('/api/things/1').reply(204);
    const { door } = createDoorKit({ baseUrl: BASE });
    const reply = await door.send({ ...read, method: 'DELETE', schema: z.null() });
    expect(reply.body).toBeNull();
  });

  test('may be text, even a web page, where text was asked for', async () => {
    nock('https://acme.example')
      .get('/api/things/1')
      .reply(200, '<html>ok</html>', { 'content-type': 'text/html' });
    const { door } = createDoorKit({ baseUrl: BASE });
    expect((await door.send({ ...read, as: 'text', schema: z.string() })).body).toBe('<html>ok</html>');
  });

  test('with a status that the request accepts is no error', async () => {
    nock('https://acme.example').get('/api/things/1').reply(404, { id: 'none' });
    const { door } = createDoorKit({ baseUrl: BASE });
    expect(await door.send({ ...read, accept: [200, 404] })).toMatchObject({
      status: 404,
      body: { id: 'none' },
    });
  });

  test('that differs from the schema is a CONTRACT error that names the place, and is not asked for again', async () => {
    const server = await serve((_, response) =>
      answerJson(response, 200, { items: [{ id: 'a' }, { id: 5 }] }),
    );
    const { door } = createDoorKit({ baseUrl: server.url });
    const error = await rejection(door.send({ ...read, schema: z.object({ items: z.array(Body) }) }));
    expect(error).toMatchObject({ code: 'CONTRACT', details: { path: 'items.1.id', status: 200 } });
    expect(String(error)).toContain('items.1.id (expected string)');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a request', () => {
  test('writes blanks as %20, leaves out what is undefined and repeats arrays', async () => {
    const server = await serve((_, response) => answerJson(response, 200, { id: '1' }));
    const { door } = createDoorKit({ baseUrl: `${server.url}/api` });
    const query = {
      $filter: "Name eq 'О +1&'",
      fields: ['id', 'name'],
      none: undefined,
      deep: true,
      size: 5,
    };
    await door.send({ ...read, query });
    expect(server.seen).toEqual([
      'GET /api/things/1?$filter=Name%20eq%20%27%D0%9E%20%2B1%26%27&fields=id&fields=name&deep=true&size=5',
    ]);
  });

  test('carries JSON, or a string as it is with its own content type', async () => {
    nock('https://acme.example')
      .post('/api/things/1', { name: 'x' })
      .matchHeader('content-type', /application\/json/)
      .reply(200, { id: '1' });
    nock('https://acme.example')
      .post('/api/things/1', 'a=1')
      .matchHeader('content-type', 'application/x-www-form-urlencoded')
      .reply(200, { id: '1' });
    const { door } = createDoorKit({ baseUrl: BASE });
    await door.send(write);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await door.send({ ...write, body: 'a=1', headers })).status).toBe(200);
  });

  test('is counted by route, repetitions apart', async () => {
    const server = await serve((_, response, count) =>
      answerJson(response, count === 1 ? 502 : 200, { id: '1' }),
    );
    const { door } = createDoorKit({ baseUrl: server.url });
    await door.send(read);
    await door.send(write);
    expect(door.tally()).toEqual({
      used: 3,
      retries: 1,
      byRoute: { 'GET /things/{id}': 2, 'POST /things': 1 },
    });
  });

  test('that never left the machine is not counted', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const { door, clock } = createDoorKit({ baseUrl: server.url });
    const error = await rejection(door.send(write));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      details: { network: 'ECONNREFUSED' },
    });
    expect(clock.slept).toHaveLength(4);
    expect(door.tally()).toEqual({ used: 0, retries: 0, byRoute: {} });
  });
});

describe('the id of a call', () => {
  test('goes with each of its requests and stands in each of its lines', async () => {
    const ids: unknown[] = [];
    const server = await serve((request, response, count) => {
      ids.push(request.headers['x-request-id']);
      answerJson(response, count === 1 ? 502 : 200, { id: '1' });
    });
    let made = 0;
    const { door, logger } = createDoorKit({ baseUrl: server.url, newId: () => `call-${++made}` });
    await door.send(read);
    await door.send(read);
    expect(ids).toEqual(['call-1', 'call-1', 'call-2']);
    expect(
      logger.lines.map(({ message, fields }) => [message, fields['requestId'], fields['status']]),
    ).toEqual([
      ['A request is repeated.', 'call-1', 502],
      ['A request was answered.', 'call-1', 200],
      ['A request was answered.', 'call-2', 200],
    ]);
  });

  test('is found in the log of a call that failed, with its code and status, without what the host said', async () => {
    const server = await serve((_, response) => answerJson(response, 400, { fault: 'Olena exists' }));
    const { door, logger } = createDoorKit({
      baseUrl: server.url,
      newId: () => 'call-1',
      vendorError: () => ({ message: 'Olena exists' }),
    });
    expect(await rejection(door.send(read))).toMatchObject({ quoted: ['Olena exists'] });
    expect(logger.lines).toMatchObject([
      {
        level: 'debug',
        message: 'A request failed.',
        fields: { requestId: 'call-1', code: 'VALIDATION', status: 400 },
      },
    ]);
    expect(JSON.stringify(logger.lines)).not.toContain('Olena');
  });
});

describe('a refusal', () => {
  test.each([
    [400, 'VALIDATION'],
    [401, 'AUTHENTICATION'],
    [402, 'QUOTA'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [405, 'CONTRACT'],
    [409, 'CONFLICT'],
    [412, 'CONFLICT'],
    [413, 'VALIDATION'],
    [422, 'VALIDATION'],
    [501, 'UNAVAILABLE'],
  ] as const)('with status %i is %s, final, with a cure and the facts', async (status, code) => {
    const server = await serve((_, response) => answerJson(response, status, {}));
    const { door } = createDoorKit({ baseUrl: server.url });
    const error = await rejection(door.send(read));
    expect(error).toBeInstanceOf(RollcallError);
    expect(error).toMatchObject({
      code,
      retryable: false,
      cure: expect.stringMatching(/\.$/),
      details: { system: 'acme', route: 'GET /things/{id}', status, attempts: 1 },
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [429, 'RATE_LIMITED'],
    [500, 'UNAVAILABLE'],
    [502, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
    [504, 'UNAVAILABLE'],
  ] as const)('of a read with status %i is %s after five tries', async (status, code) => {
    const server = await serve((_, response) => answerJson(response, status, {}));
    const { door } = createDoorKit({ baseUrl: server.url });
    const error = await rejection(door.send(read));
    expect(error).toMatchObject({ code, retryable: true, details: { attempts: 5, stopped: 'attempts' } });
    expect(server.seen).toHaveLength(5);
  });

  test('is worded by the vendor, and classified and cured by the connector that knows better', async () => {
    nock('https://acme.example').post('/api/things/1').reply(500, { fault: 'duplicate key', id: 'E7' });
    const { door } = createDoorKit({
      baseUrl: BASE,
      vendorError: (text, contentType, status) => ({
        message: `${z.object({ fault: z.string() }).parse(JSON.parse(text)).fault} (${status}, ${contentType})`,
        id: 'E7',
        code: 'CONFLICT',
        cure: 'Use another key.',
      }),
    });
    const error = await rejection(door.send(write));
    expect(error).toMatchObject({
      code: 'CONFLICT',
      message: 'acme answered 500 to POST /things: duplicate key (500, application/json).',
      cure: 'Use another key.',
      details: { vendorId: 'E7' },
    });
  });

  test('that is a redirect is not followed and tells where to, without the query', async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: '/Login/NuiLogin.aspx?ReturnUrl=secret' });
      response.end();
    });
    const { door } = createDoorKit({ baseUrl: server.url });
    const error = await rejection(door.send(write));
    expect(error).toMatchObject({ code: 'CONTRACT' });
    expect(String(error)).toContain('/Login/NuiLogin.aspx.');
    expect(String(error)).not.toContain('ReturnUrl');
    expect(server.seen).toHaveLength(1);
  });
});

describe('repetition', () => {
  test('waits as Retry-After says before a write is sent again, and logs one warning', async () => {
    const server = await serve((_, response, count) =>
      count === 1
        ? answerJson(response, 429, {}, { 'retry-after': '7' })
        : answerJson(response, 200, { id: '1' }),
    );
    const { door, clock, logger } = createDoorKit({ baseUrl: server.url });
    const before = clock.now();
    expect((await door.send(write)).status).toBe(200);
    expect(clock.now() - before).toBe(7000);
    const warnings = logger.lines.filter((line) => line.level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.fields).toMatchObject({
      reason: 'host asks for fewer requests',
      waitMs: 7000,
      status: 429,
    });
  });

  test('makes other calls wait for as long as the host asked', async () => {
    const server = await serve((_, response, count) =>
      count === 1
        ? answerJson(response, 429, {}, { 'retry-after': '30' })
        : answerJson(response, 200, { id: '1' }),
    );
    const { door, clock } = createDoorKit({ baseUrl: server.url, policy: { attempts: 1 } });
    const before = clock.now();
    expect(await rejection(door.send(read))).toMatchObject({ code: 'RATE_LIMITED' });
    await door.send(read);
    expect(clock.now() - before).toBe(30_000);
  });

  test('of a read follows a connection that breaks, before or in the middle of the answer', async () => {
    const server = await serve((_, response, count) => {
      if (count === 1) {
        response.socket?.resetAndDestroy();
      } else if (count === 2) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"id":"1');
        response.socket?.end();
      } else {
        answerJson(response, 200, { id: '1' });
      }
    });
    const { door, logger } = createDoorKit({ baseUrl: server.url });
    expect((await door.send(read)).body).toEqual({ id: '1' });
    expect(
      logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields['reason']),
    ).toEqual(['connection broke', 'answer broke off']);
  });

  test('of a read follows a web page where data was due', async () => {
    const server = await serve((_, response, count) => {
      if (count > 1) return answerJson(response, 200, { id: '1' });
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>maintenance</html>');
    });
    const { door } = createDoorKit({ baseUrl: server.url });
    expect((await door.send(read)).body).toEqual({ id: '1' });
  });

  test('of a write that is harmless to repeat follows a time-out', async () => {
    const server = await serve((_, response, count) => {
      if (count > 1) answerJson(response, 200, { id: '1' });
    });
    const { door } = createDoorKit({ baseUrl: server.url, policy: { attemptMs: 100 } });
    expect((await door.send({ ...write, idempotent: true })).body).toEqual({ id: '1' });
    expect(server.seen).toHaveLength(2);
  });

  test('is not begun when the wait would reach the deadline', async () => {
    const server = await serve((_, response) => answerJson(response, 503, {}, { 'retry-after': '20' }));
    const { door } = createDoorKit({ baseUrl: server.url });
    const error = await rejection(door.send({ ...read, deadlineMs: 15_000 }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { stopped: 'deadline', attempts: 1 } });
  });
});

describe('a write whose outcome nobody knows', () => {
  const cases: [string, Parameters<typeof startServer>[0]][] = [
    ['the connection breaks', (_, response) => void response.socket?.resetAndDestroy()],
    ['no answer comes', () => undefined],
    [
      'half an answer comes',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"id":');
        response.socket?.end();
      },
    ],
    [
      'a proxy answers 502 with a web page',
      (_, response) => {
        response.writeHead(502, { 'content-type': 'text/html' });
        response.end('<html><h1>Bad Gateway</h1></html>');
      },
    ],
    [
      'a web page comes with 200',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!DOCTYPE html><title>Oops</title>');
      },
    ],
    ['the answer is too large', (_, response) => answerJson(response, 200, { id: 'x'.repeat(5000) })],
    ['the gateway gives up', (_, response) => answerJson(response, 504, {})],
  ];

  test.each(cases)('is UNKNOWN_OUTCOME, sent once: %s', async (_, handler) => {
    const server = await serve(handler);
    const { door } = createDoorKit({ baseUrl: server.url, policy: { attemptMs: 150, maxAnswerBytes: 2000 } });
    const error = await rejection(door.send(write));
    expect(error).toMatchObject({ code: 'UNKNOWN_OUTCOME', retryable: false });
    expect(String(error)).toContain('whether POST /things was carried out is not known');
    expect(server.seen).toHaveLength(1);
  });
});

describe('time', () => {
  test('of one try running out on a read ends in UNAVAILABLE', async () => {
    const server = await serve(() => undefined);
    const { door } = createDoorKit({ baseUrl: server.url, policy: { attemptMs: 50, attempts: 2 } });
    const error = await rejection(door.send(read));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { network: 'ETIMEDOUT', attempts: 2 } });
  });

  test('of the whole call running out ends a read in UNAVAILABLE and a write in UNKNOWN_OUTCOME', async () => {
    const server = await serve(() => undefined);
    const { door } = createDoorKit({ baseUrl: server.url });
    expect(await rejection(door.send({ ...read, deadlineMs: 50 }))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await rejection(door.send({ ...write, deadlineMs: 50 }))).toMatchObject({
      code: 'UNKNOWN_OUTCOME',
    });
  });

  test('cut short by the caller ends a read with the reason given and a write in UNKNOWN_OUTCOME', async () => {
    const stops: AbortController[] = [];
    const reason = new Error('shutting down');
    const server = await serve(() => stops.at(-1)?.abort(reason));
    const { door } = createDoorKit({ baseUrl: server.url });
    const send = (request: HttpRequest<unknown>): Promise<unknown> => {
      const stop = new AbortController();
      stops.push(stop);
      return rejection(door.send({ ...request, signal: stop.signal }));
    };
    expect(await send(read)).toBe(reason);
    expect(await send(write)).toMatchObject({ code: 'UNKNOWN_OUTCOME' });
  });

  test('cut short before anything was sent sends nothing', async () => {
    const server = await serve((_, response) => answerJson(response, 200, { id: '1' }));
    const { door } = createDoorKit({ baseUrl: server.url });
    const reason = new Error('too late');
    expect(await rejection(door.send({ ...write, signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(server.seen).toHaveLength(0);
  });
});

describe('an answer beyond the limit', () => {
  test('ends a read in CONTRACT at once', async () => {
    const server = await serve((_, response) => answerJson(response, 200, { id: 'x'.repeat(5000) }));
    const { door } = createDoorKit({ baseUrl: server.url, policy: { maxAnswerBytes: 1000 } });
    expect(await rejection(door.send(read))).toMatchObject({ code: 'CONTRACT' });
    expect(server.seen).toHaveLength(1);
  });
});

describe('the address', () => {
  test.each([
    'not an address',
    'ftp://acme.example',
    'https://user:hush-hush@acme.example',
    'https://a.example?x=1',
  ])('%s is refused without being repeated in the message', (baseUrl) => {
    const open = (): unknown => createDoorKit({ baseUrl });
    expect(open).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
    expect(open).toThrow(expect.not.stringContaining('hush-hush'));
  });
});
