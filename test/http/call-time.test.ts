import { getEventListeners, getMaxListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { answerJson, createDoorKit, rejection, startServer } from './support.ts';

test('a signal that many calls share at once gives no warning, and keeps nothing of them', async () => {
  const server = await startServer((_request, response, count) =>
    answerJson(response, count % 2 === 0 ? 404 : 200, {}),
  );
  try {
    const { door } = createDoorKit({ baseUrl: server.url });
    const { signal } = new AbortController();
    const calls = Array.from({ length: 30 }, () =>
      door.send({ method: 'GET', path: '/', route: 'GET /', schema: z.unknown(), signal }),
    );
    const during = { listening: getEventListeners(signal, 'abort').length, limit: getMaxListeners(signal) };
    await Promise.allSettled(calls);
    // Node warns of a leak above the limit.
    expect(during).toEqual({ listening: 30, limit: Number.POSITIVE_INFINITY });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  } finally {
    await server.close();
  }
});

test('a call with a signal that was aborted before is not sent, and leaves nothing on it', async () => {
  const server = await startServer((_request, response) => answerJson(response, 200, {}));
  try {
    const { door } = createDoorKit({ baseUrl: server.url });
    const signal = AbortSignal.abort(new Error('Stopped.'));
    const call = door.send({ method: 'GET', path: '/', route: 'GET /', schema: z.unknown(), signal });
    expect(await rejection(call)).toMatchObject({ message: 'Stopped.' });
    expect(server.seen).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  } finally {
    await server.close();
  }
});
