import { afterEach, describe, expect, test } from '@jest/globals';
import { createSandboxClock } from '../../../src/sandbox/kit/clock.ts';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import { rateLimitSchema } from '../../../src/sandbox/kit/limit.ts';
import { createKit, type ExpiryMode, type Kit } from '../../../src/sandbox/kit/server.ts';
import type { FaultRule } from '../../../src/sandbox/types.ts';
import { getInTurn, speak } from './wire.ts';

interface Bench {
  kit: Kit;
  url: string;
  /** Bodies that the handler saw, in order: work that was done. */
  done: unknown[];
  expired: ExpiryMode[];
}

const open: Kit[] = [];

async function bench(latencyMs = 0): Promise<Bench> {
  const done: unknown[] = [];
  const expired: ExpiryMode[] = [];
  const kit = createKit({
    system: 'creatio',
    clock: createSandboxClock(),
    random: createRandom(1).next,
    routeOf: (_method, url) => url.replace(/\?.*$/, '').replace(/\d+/, '{id}'),
    latencyMs,
    onExpireSession: (_request, mode) => expired.push(mode),
  });
  open.push(kit);
  kit.app.get('/things/:id', async () => ({ ok: true }));
  kit.app.post('/things', async (request) => {
    done.push(request.body);
    return { stored: request.rawBody.length, filling: 'x'.repeat(200) };
  });
  const { url } = await kit.listen();
  return { kit, url, done, expired };
}

const rule = (fault: FaultRule['fault'], rest: Partial<FaultRule> = {}): FaultRule => ({
  system: 'creatio',
  fault,
  ...rest,
});
const write = { method: 'POST', path: '/things', type: 'application/json', body: '{"a":1}' };

const lengthOf = (text: string): string | undefined => /content-length: (\d+)/i.exec(text)?.[1];
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);

const statuses = async (url: string, requests: Parameters<typeof speak>[1][]): Promise<number[]> => {
  const seen: number[] = [];
  for (const request of requests) {
    const answer = await speak(url, request);
    seen.push(Number(/^HTTP\/1\.1 (\d+)/.exec(answer.text)?.[1]));
  }
  return seen;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((kit) => kit.close()));
});

describe('bodies', () => {
  test('JSON is parsed with or without parameters, anything else stays text, and the raw text is kept', async () => {
    const { url, done } = await bench();
    await speak(url, { ...write, type: 'application/json;odata=verbose' });
    await speak(url, { ...write, type: 'application/vnd.api+json; charset=utf-8', body: '"ї"' });
    await speak(url, { ...write, type: 'multipart/mixed;boundary=b', body: '--b--' });
    await speak(url, { ...write, type: 'application/json', body: '' });
    expect(done).toEqual([{ a: 1 }, 'ї', '--b--', null]);
  });

  test('text that only claims to be JSON is a 400 and reaches no handler', async () => {
    const { url, done } = await bench();
    const answer = await speak(url, { ...write, body: '{oops' });
    expect(answer.text).toMatch(/^HTTP\/1\.1 400 /);
    expect(done).toEqual([]);
  });
});

describe('counting', () => {
  test('requests are counted by route, unknown paths and those that a fault kills included', async () => {
    const { kit, url } = await bench();
    kit.setFaults([rule('reset-before-write', { method: 'POST' })]);
    await speak(url, { path: '/things/7?x=1' });
    await speak(url, { path: '/things/8' });
    await speak(url, { path: '/nowhere' });
    await speak(url, write);
    expect(kit.requests()).toEqual([
      { system: 'creatio', method: 'GET', route: '/things/{id}', count: 2 },
      { system: 'creatio', method: 'GET', route: '/nowhere', count: 1 },
      { system: 'creatio', method: 'POST', route: '/things', count: 1 },
    ]);
    kit.clearRequests();
    expect(kit.requests()).toEqual([]);
  });

  test('one connection serves one request after the other', async () => {
    const { url } = await bench();
    const text = await getInTurn(url, ['/things/1', '/things/2', '/things/3']);
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  });
});

describe('a limit of requests a second', () => {
  const limited = async (limit: object) => {
    let now = 0;
    const clock = { now: () => now, set: () => undefined, advance: () => undefined };
    const rateLimit = rateLimitSchema.parse(limit);
    const kit = createKit({
      system: 'webitel',
      clock,
      random: () => 0,
      routeOf: (_, url) => url,
      rateLimit: () => rateLimit,
    });
    open.push(kit);
    kit.app.get('/things', async () => ({}));
    const { url } = await kit.listen();
    const askAt = async (ms: number, count: number): Promise<number> => {
      now = ms;
      const answers = await statuses(
        url,
        Array.from({ length: count }, () => ({ path: '/things' })),
      );
      expect(answers.filter((status) => status !== 200 && status !== 429)).toEqual([]);
      return answers.filter((status) => status === 200).length;
    };
    return { kit, url, askAt };
  };

  test('counts from second to second', async () => {
    const { askAt } = await limited({ perSecond: 3 });
    expect([await askAt(900, 5), await askAt(1000, 5), await askAt(1999, 1)]).toEqual([3, 3, 0]);
  });

  test('or what it took within the last second', async () => {
    const { askAt } = await limited({ perSecond: 3, counts: 'sliding' });
    expect([await askAt(900, 5), await askAt(1000, 5), await askAt(1901, 5)]).toEqual([3, 0, 3]);
  });

  test('or lets requests be saved up', async () => {
    const { askAt } = await limited({ perSecond: 2, counts: 'bucket', burst: 4 });
    expect([await askAt(0, 6), await askAt(500, 2), await askAt(9000, 6)]).toEqual([4, 1, 4]);
  });

  test('refuses without a word on when to come back, or with one, and counts what it refuses', async () => {
    const silent = await limited({ perSecond: 1 });
    await silent.askAt(0, 1);
    expect((await speak(silent.url, { path: '/things' })).text).not.toMatch(/retry-after/i);
    expect(silent.kit.requests()).toMatchObject([{ count: 2 }]);
    const telling = await limited({ perSecond: 1, retryAfter: 2 });
    await telling.askAt(0, 1);
    expect((await speak(telling.url, { path: '/things' })).text).toMatch(/retry-after: 2/i);
  });
});

describe('faults on the wire', () => {
  test('reset-before-write drops the connection and nothing is done', async () => {
    const { kit, url, done } = await bench();
    kit.setFaults([rule('reset-before-write')]);
    expect(await speak(url, write)).toEqual({ text: '', ended: 'reset' });
    expect(done).toEqual([]);
  });

  test('reset-after-write does the work and drops the connection', async () => {
    const { kit, url, done } = await bench();
    kit.setFaults([rule('reset-after-write')]);
    expect(await speak(url, write)).toEqual({ text: '', ended: 'reset' });
    expect(done).toEqual([{ a: 1 }]);
  });

  test('timeout-after-write does the work, answers nothing, keeps the connection and does not hold up closing', async () => {
    const { kit, url, done } = await bench();
    kit.setFaults([rule('timeout-after-write')]);
    const hanging = speak(url, write, 20_000);
    while (done.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const started = Date.now();
    await kit.close();
    expect(await hanging).toMatchObject({ text: '' });
    expect(Date.now() - started).toBeLessThan(2000);
    expect(done).toEqual([{ a: 1 }]);
  });

  test('a hanging request stays silent while the client waits', async () => {
    const { kit, url } = await bench();
    kit.setFaults([rule('timeout-after-write')]);
    expect(await speak(url, write)).toEqual({ text: '', ended: 'quiet' });
  });

  test('truncated announces the whole body, sends half of it and drops the connection', async () => {
    const { kit, url, done } = await bench();
    const whole = await speak(url, write);
    kit.setFaults([rule('truncated')]);
    const cut = await speak(url, write);
    expect(cut.ended).toBe('closed');
    expect(cut.text).toMatch(/^HTTP\/1\.1 200 /);
    expect(lengthOf(cut.text)).toBe(lengthOf(whole.text));
    expect(bodyOf(cut.text)).toBe(bodyOf(whole.text).slice(0, Math.floor(bodyOf(whole.text).length / 2)));
    expect(done).toHaveLength(2);
  });

  test('status answers what it is told and nothing is done', async () => {
    const { kit, url, done } = await bench();
    kit.setFaults([
      rule('status', { status: 429, headers: { 'retry-after': '3' }, body: { error: 'slow down' } }),
    ]);
    const answer = await speak(url, write);
    expect(answer.text).toMatch(/^HTTP\/1\.1 429 /);
    expect(answer.text).toMatch(/retry-after: 3/i);
    expect(answer.text).toContain('{"error":"slow down"}');
    expect(done).toEqual([]);
  });

  test('html answers with the page of a proxy, 502 unless told otherwise', async () => {
    const { kit, url } = await bench();
    kit.setFaults([rule('html', { when: { nth: 1 } }), rule('html', { status: 503, when: { nth: 2 } })]);
    const first = await speak(url, write);
    const second = await speak(url, write);
    expect(first.text).toMatch(/^HTTP\/1\.1 502 [\s\S]*content-type: text\/html[\s\S]*<html>/i);
    expect(second.text).toMatch(/^HTTP\/1\.1 503 /);
  });

  test('latency delays the answer and goes on to the work and to later faults', async () => {
    const { kit, url, done } = await bench();
    kit.setFaults([rule('latency', { delayMs: 120 }), rule('reset-after-write', { when: { nth: 2 } })]);
    const started = Date.now();
    expect((await speak(url, write, 5000)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect(Date.now() - started).toBeGreaterThanOrEqual(115);
    expect((await speak(url, write, 5000)).ended).toBe('reset');
    expect(done).toHaveLength(2);
  });

  test('expire-session tells the product how the session dies and lets the request go on', async () => {
    const { kit, url, expired } = await bench();
    kit.setFaults([rule('expire-session', { mode: 'redirect' })]);
    const answer = await speak(url, { path: '/things/1' });
    expect(expired).toEqual(['redirect']);
    expect(answer.text).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('which requests a rule strikes', () => {
  test('method and path with query must match', async () => {
    const { kit, url } = await bench();
    kit.setFaults([rule('status', { status: 503, method: 'get', path: '/things/\\d+\\?page=2$' })]);
    const asked = [{ path: '/things/1?page=1' }, { path: '/things/1?page=2' }, write];
    expect(await statuses(url, asked)).toEqual([200, 503, 200]);
  });

  test('nth strikes that one, times bounds the strikes, rules for the other system strike nothing', async () => {
    const { kit, url } = await bench();
    const get = { path: '/things/1' };
    kit.setFaults([rule('status', { status: 503, when: { nth: 2 } })]);
    expect(await statuses(url, [get, get, get])).toEqual([200, 503, 200]);
    kit.setFaults([rule('status', { status: 503, when: { times: 2 } })]);
    expect(await statuses(url, [get, get, get])).toEqual([503, 503, 200]);
    kit.setFaults([{ ...rule('status', { status: 503 }), system: 'webitel' }]);
    expect(await statuses(url, [get])).toEqual([200]);
  });

  test('firstOfBody strikes each body once', async () => {
    const { kit, url } = await bench();
    const other = { ...write, body: '{"a":2}' };
    kit.setFaults([rule('status', { status: 503, when: { firstOfBody: true } })]);
    expect(await statuses(url, [write, write, other, other])).toEqual([503, 200, 503, 200]);
  });

  test('probability strikes about that share', async () => {
    const { kit, url } = await bench();
    kit.setFaults([rule('status', { status: 503, when: { probability: 0.5 } })]);
    const seen: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) seen.push(...(await statuses(url, [{ path: '/things/1' }])));
    const struck = seen.filter((status) => status === 503).length;
    expect(struck).toBeGreaterThan(15);
    expect(struck).toBeLessThan(45);
  });

  test('a path that is no regular expression is refused with the path in the message', async () => {
    const { kit } = await bench();
    expect(() => kit.setFaults([rule('status', { path: '(' })])).toThrow('(');
  });

  test('a system without sessions refuses expire-session', () => {
    const kit = createKit({
      system: 'webitel',
      clock: createSandboxClock(),
      random: () => 0,
      routeOf: (_m, url) => url,
    });
    open.push(kit);
    expect(() => kit.setFaults([{ system: 'webitel', fault: 'expire-session' }])).toThrow('no sessions');
  });
});
