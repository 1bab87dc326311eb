import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { RollcallError } from '../../src/app/ports/errors.ts';
import { createHostLimiter } from '../../src/http/limiter.ts';
import type { HttpDoor, HttpRequest, HttpSession } from '../../src/http/types.ts';
import {
  answerJson,
  createDoorKit,
  createFakeClock,
  rejection,
  startServer,
  type TestServer,
} from './support.ts';

const Any = z.unknown();
const read: HttpRequest<unknown> = { method: 'GET', path: '/things', route: 'GET /things', schema: Any };
const write: HttpRequest<unknown> = {
  method: 'POST',
  path: '/things',
  route: 'POST /things',
  schema: Any,
  body: {},
};

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A product that gives numbered tickets at /login and knows only the last one, if any. */
async function startProduct(
  options: { refuseSignIn?: boolean; refuseAll?: boolean; onSignIn?: () => void } = {},
) {
  const state = { issued: 0, valid: '' };
  const server = await startServer((request, response) => {
    if (request.url === '/login') {
      options.onSignIn?.();
      if (options.refuseSignIn === true) return answerJson(response, 401, {});
      state.issued += 1;
      state.valid = `ticket-${state.issued}`;
      return answerJson(response, 200, {}, { 'set-cookie': `sid=${state.valid}` });
    }
    const known = request.headers['x-ticket'] === state.valid && options.refuseAll !== true;
    return known ? answerJson(response, 200, { ok: true }) : answerJson(response, 401, {});
  });
  servers.push(server);
  return { server, state };
}

/** A session as a connector would write it: signs in through the door, learns its ticket from a cookie. */
function createTicketSession(door: () => HttpDoor): HttpSession {
  let ticket: string | undefined;
  return {
    async headers(signal) {
      if (ticket === undefined) {
        await door().send({
          method: 'POST',
          path: '/login',
          route: 'POST /login',
          schema: Any,
          anonymous: true,
          signal,
        });
      }
      return { 'X-Ticket': ticket ?? 'none' };
    },
    observe(reply) {
      for (const cookie of reply.setCookie) ticket = cookie.replace(/^sid=/, '');
    },
    expired: (reply) => reply.status === 401,
    invalidate(used) {
      if (used['X-Ticket'] === ticket) ticket = undefined;
    },
  };
}

function open(url: string, concurrency = 4) {
  const clock = createFakeClock();
  const opened: { door?: HttpDoor } = {};
  const session = createTicketSession(() => {
    if (opened.door === undefined) throw new Error('The door is not open yet.');
    return opened.door;
  });
  const limiter = createHostLimiter({ clock, concurrency });
  const { door } = createDoorKit({ baseUrl: url, session, clock, limiter });
  opened.door = door;
  return { door, clock };
}

const count = (server: TestServer, line: string): number =>
  server.seen.filter((seen) => seen === line).length;

describe('signing in', () => {
  test('happens once for all callers, even where only one request may be under way', async () => {
    const { server } = await startProduct();
    const { door } = open(server.url, 1);
    const replies = await Promise.all(Array.from({ length: 8 }, () => door.send(read)));
    expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(count(server, 'POST /login')).toBe(1);
    expect(door.tally()).toMatchObject({ used: 9, retries: 0 });
  });

  test('happens once when the session dies under many callers, and each request is repeated once', async () => {
    const { server, state } = await startProduct();
    const { door } = open(server.url);
    await door.send(read);
    state.valid = 'somebody else';
    const replies = await Promise.all([
      ...Array.from({ length: 3 }, () => door.send(read)),
      door.send(write),
    ]);
    expect(replies.every((reply) => reply.status === 200)).toBe(true);
    expect(count(server, 'POST /login')).toBe(2);
    expect(count(server, 'POST /things')).toBe(2);
    expect(door.tally()).toMatchObject({ used: 2 + 4 + 1 + 4, retries: 4 });
  });

  test('does not go in circles: a second refusal is AUTHENTICATION', async () => {
    const { server } = await startProduct({ refuseAll: true });
    const { door } = open(server.url);
    const error = await rejection(door.send(write));
    expect(error).toMatchObject({ code: 'AUTHENTICATION', retryable: false, details: { attempts: 2 } });
    expect(count(server, 'POST /login')).toBe(2);
  });

  test('is not tried again for a minute after it was refused, so that the account is not locked', async () => {
    const { server } = await startProduct({ refuseSignIn: true });
    const { door, clock } = open(server.url);
    const errors = await Promise.all([rejection(door.send(read)), rejection(door.send(read))]);
    errors.push(await rejection(door.send(read)));
    for (const error of errors) expect(error).toMatchObject({ code: 'AUTHENTICATION' });
    expect(count(server, 'POST /login')).toBe(1);
    await clock.sleep(60_000);
    await rejection(door.send(read));
    expect(count(server, 'POST /login')).toBe(2);
    expect(count(server, 'GET /things')).toBe(0);
  });

  test('goes on for the others when the caller that began it gives up', async () => {
    const stop = new AbortController();
    const { server } = await startProduct({ onSignIn: () => stop.abort(new Error('never mind')) });
    const { door } = open(server.url);
    const first = rejection(door.send({ ...read, signal: stop.signal }));
    const second = door.send(read);
    expect(await first).toMatchObject({ message: 'never mind' });
    expect((await second).status).toBe(200);
    expect(count(server, 'POST /login')).toBe(1);
  });

  test('is left alone by requests without authentication', async () => {
    const { server } = await startProduct();
    const { door } = open(server.url);
    expect(await rejection(door.send({ ...read, anonymous: true }))).toBeInstanceOf(RollcallError);
    expect(server.seen).toEqual(['GET /things']);
  });
});
