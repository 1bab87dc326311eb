import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { RollcallError } from '../../src/app/ports/errors.ts';
import { createLogControl, type LogControl } from '../../src/log/control.ts';
import { createLogger, type LogLevel } from '../../src/log/logger.ts';

const CANARY = 'p@ss wörd/7+canary';

function capture(
  options: {
    level?: LogLevel;
    format?: 'json' | 'pretty';
    secrets?: () => readonly string[];
    control?: LogControl;
  } = {},
) {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const logger = createLogger({
    level: options.level ?? 'debug',
    format: options.format ?? 'json',
    destination,
    secrets: options.secrets ?? (() => [CANARY]),
    ...(options.control === undefined ? {} : { control: options.control }),
    clock: { now: () => Date.UTC(2026, 0, 2, 3, 4, 5), sleep: () => Promise.resolve() },
  });
  const text = (): string => chunks.join('');
  return { logger, text, last: (): unknown => JSON.parse(text().trim().split('\n').at(-1) ?? 'null') };
}

describe('a log line', () => {
  test('carries time, level, message and the fields of its logger and its own', () => {
    const { logger, last } = capture();
    logger.child({ run: 'r1', system: 'creatio' }).info('A page was read.', { rows: 3, system: 'webitel' });
    expect(last()).toEqual({
      time: '2026-01-02T03:04:05.000Z',
      level: 'info',
      message: 'A page was read.',
      run: 'r1',
      rows: 3,
      system: 'webitel',
    });
  });

  test('is left out below the level that was asked for', () => {
    const { logger, text } = capture({ level: 'warn' });
    logger.info('Hidden.');
    logger.debug('Hidden.');
    expect(text()).toBe('');
    logger.warn('Shown.');
    expect(text()).toContain('Shown.');
  });

  test('keeps its own message and level when a field bears their names', () => {
    const { logger, last } = capture();
    logger.warn('Real.', { message: 'field', level: 'field' });
    expect(last()).toMatchObject({
      message: 'Real.',
      level: 'warn',
      'field.message': 'field',
      'field.level': 'field',
    });
  });

  test('is one short line of words in the pretty form', () => {
    const { logger, text } = capture({ format: 'pretty' });
    logger.warn('The page will be read again.', { attempt: 2, why: 'no answer' });
    expect(text()).toBe('03:04:05 warn  The page will be read again. attempt=2 why="no answer"\n');
  });
});

describe('secrets', () => {
  test.each([
    ['as it is', CANARY],
    ['inside a longer text', `sent ${CANARY}!`],
    ['encoded for a URL', `https://x/?p=${encodeURIComponent(CANARY)}&q=1`],
    ['encoded for a form', new URLSearchParams({ p: CANARY }).toString()],
    ['in base64', Buffer.from(CANARY).toString('base64')],
    ['in base64 behind a user name', Buffer.from(`Supervisor:${CANARY}`).toString('base64')],
    ['in base64 behind one more letter', Buffer.from(`Supervisors:${CANARY}`).toString('base64')],
    ['in base64 behind two more letters', Buffer.from(`Supervisor12:${CANARY}`).toString('base64')],
    ['in URL-safe base64', Buffer.from(`a:${CANARY}`).toString('base64url')],
    ['inside JSON', JSON.stringify({ x: `"${CANARY}` })],
  ])('are taken out %s', (_, value) => {
    const { logger, text } = capture();
    logger.info(`message ${value}`, {
      value,
      [value]: 1,
      list: [{ value }],
      map: new Map([['k', value]]),
      cause: new Error(value),
    });
    expect(text()).toContain('[redacted]');
    const inner = Buffer.from(CANARY).toString('base64').slice(4, 16);
    for (const trace of [CANARY, 'canary', encodeURIComponent(CANARY), inner, value])
      expect(text()).not.toContain(trace);
  });

  test.each([
    'password',
    'newPassword',
    'access_token',
    'token',
    'clientSecret',
    'Authorization',
    'Set-Cookie',
    'cookie',
    'pin',
    'userPin',
    'totp_url',
    'X-Webitel-Access',
    'BPMCSRF',
    'apiKey',
  ])('are taken out of a field called %s, whatever its value', (key) => {
    const { logger, text } = capture({ secrets: () => [] });
    logger.info('Fields.', { [key]: 'abc', deep: { [key]: { inner: 'abc' } } });
    expect(text()).not.toContain('abc');
  });

  test.each(['pinned', 'accessible', 'author', 'compass', 'shopping'])(
    'are not suspected in a field called %s',
    (key) => {
      const { logger, last } = capture();
      logger.info('Fields.', { [key]: 'abc' });
      expect(last()).toMatchObject({ [key]: 'abc' });
    },
  );

  test('are taken out of headers and forms within a text, even unknown ones', () => {
    const { logger, text } = capture({ secrets: () => [] });
    logger.info('Bearer abcdef123456 sent', {
      body: 'grant=x&password=hunter2&a=1',
      json: '{"token":"zzz-9"}',
      header: 'BPMCSRF=q1w2e3',
    });
    for (const secret of ['abcdef123456', 'hunter2', 'zzz-9', 'q1w2e3']) expect(text()).not.toContain(secret);
    expect(text()).toContain('&a=1');
  });

  test('that become known later are taken out from then on', () => {
    const known: string[] = [];
    const { logger, text } = capture({ secrets: () => known });
    known.push('late-canary');
    logger.info('late-canary');
    expect(text()).not.toContain('late-canary');
  });

  test('of one or two letters do not blacken everything', () => {
    const { logger, text } = capture({ secrets: () => ['a', ''] });
    logger.info('A page was read.');
    expect(text()).toContain('A page was read.');
  });
});

describe('errors', () => {
  test('are written with their chain of causes, and without what a client hung on them', () => {
    const { logger, text, last } = capture();
    const socket = Object.assign(new Error('socket hang up'), {
      code: 'ECONNRESET',
      config: { headers: { whatever: 'vendor-canary' } },
      response: { data: 'vendor-canary' },
    });
    const error = new RollcallError('UNAVAILABLE', 'Creatio does not answer.', {
      cause: socket,
      cure: 'Try later.',
      details: { status: 502 },
    });
    logger.error('The run failed.', { error });
    expect(last()).toMatchObject({
      error: {
        code: 'UNAVAILABLE',
        message: 'Creatio does not answer.',
        cure: 'Try later.',
        details: { status: 502 },
        cause: { code: 'ECONNRESET', message: 'socket hang up' },
      },
    });
    expect(text()).not.toContain('vendor-canary');
  });

  test('of parsing do not quote the text that was parsed', () => {
    const { logger, text } = capture();
    try {
      JSON.parse('{"vendor-canary');
    } catch (error) {
      logger.error('The answer is not JSON.', { error });
    }
    try {
      JSON.parse('vendor-canary');
    } catch (error) {
      logger.error('The answer is not JSON.', { error });
    }
    expect(text()).not.toContain('vendor');
  });

  test('that cause each other in a circle end', () => {
    const { logger, text } = capture();
    const a = new Error('a');
    a.cause = new Error('b', { cause: a });
    logger.error('Circle.', { a });
    expect(text()).toContain('[circular]');
  });
});

describe('a field that misbehaves', () => {
  const circular: Record<string, unknown> = { name: 'c' };
  circular['self'] = circular;
  const throwing = {
    good: 1,
    get bad(): string {
      throw new Error('no');
    },
  };
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no keys');
      },
    },
  );
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each<[string, unknown]>([
    ['circular', circular],
    ['a getter that throws', throwing],
    ['a BigInt', 12n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a hostile proxy', hostile],
    ['a revoked proxy', revoked.proxy],
    ['an invalid date', new Date(Number.NaN)],
    ['a buffer', Buffer.from('bytes')],
    ['a lone surrogate', '\uD800'],
    [
      'an object whose toJSON throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    ['not a number', Number.NaN],
  ])('does not break the line: %s', (_, value) => {
    const { logger, last } = capture();
    logger.child({ value }).info('Written.', { value, inner: { value } });
    expect(last()).toMatchObject({ message: 'Written.' });
  });

  test('does not break the line when the fields themselves do', () => {
    const { logger, text } = capture();
    logger.info('Written.', throwing);
    logger.info('Written.', hostile);
    expect(text().match(/Written\./gu)).toHaveLength(2);
  });

  test('is cut when it is endless: long texts, long lists, deep nests', () => {
    const { logger, text } = capture();
    let deep: unknown = 'end';
    for (let level = 0; level < 5000; level += 1) deep = { deep };
    logger.info('Written.', { long: 'x'.repeat(100_000), list: Array.from({ length: 5000 }, () => 1), deep });
    expect(text().length).toBeLessThan(5000);
  });

  test('does not break the line when a secret is a lone surrogate', () => {
    const { logger, text } = capture({ secrets: () => ['abcd\uD800'] });
    logger.info('Written.');
    expect(text()).toContain('Written.');
  });
});

describe('people in the log', () => {
  const PERSON = 'Олена Петренко';
  const fields = {
    login: 'olena.p',
    displayName: PERSON,
    contact: { contactName: PERSON, emails: ['olena@example.com', 'o.p@example.com'] },
    extension: 4711,
    personId: '2041',
    entity: 'Contact',
  };

  test('are shown by pseudonyms, the same person by the same one, and ids as they are', () => {
    const control = createLogControl();
    control.showNames({ plain: false, key: 'key of this installation' });
    const { logger, text, last } = capture({ control });
    logger.info('Two lines.', fields);
    const first = z.record(z.string(), z.unknown()).parse(last());
    logger.info('Two lines.', { name: PERSON.toUpperCase() });
    expect(text()).not.toMatch(/olena|Олена|ОЛЕНА|example\.com|4711/u);
    const pseudonym = expect.stringMatching(/^p-[0-9a-f]{8}$/u);
    expect(first).toMatchObject({
      login: pseudonym,
      displayName: pseudonym,
      contact: { contactName: first['displayName'], emails: [pseudonym, pseudonym] },
      extension: pseudonym,
      personId: '2041',
      entity: 'Contact',
    });
    expect(last()).toMatchObject({ name: first['displayName'] });
    expect(first['login']).not.toBe(first['displayName']);
  });

  test('have other pseudonyms in another installation, and none before it is known which this is', () => {
    const control = createLogControl();
    const { logger, last } = capture({ control });
    logger.info('Early.', { login: 'olena.p' });
    expect(last()).toMatchObject({ login: '[name]' });
    const seen = ['one', 'two'].map((key) => {
      control.showNames({ plain: false, key });
      logger.info('Later.', { login: 'olena.p' });
      return JSON.stringify(last());
    });
    expect(seen[0]).not.toBe(seen[1]);
  });

  test('are named where that was asked for', () => {
    const control = createLogControl();
    control.showNames({ plain: true, key: null });
    const { logger, last } = capture({ control });
    logger.info('Plain.', fields);
    expect(last()).toMatchObject(fields);
  });

  test('stay out of errors: what a message quotes of them, of another system or of a library is left out', () => {
    const control = createLogControl();
    const { logger, text, last } = capture({ control });
    const said = `Contact ${PERSON} exists already`;
    const inner = new RollcallError('CONFLICT', `creatio answered 500 to POST Contact: ${said}.`, {
      quoted: [said],
      details: { route: 'POST Contact', status: 500 },
    });
    const error = new RollcallError('UNAVAILABLE', `It was not done: ${inner.message}`, { cause: inner });
    logger.warn('Failed.', { error });
    expect(last()).toMatchObject({
      error: {
        code: 'UNAVAILABLE',
        message: 'It was not done: creatio answered 500 to POST Contact: [quoted].',
        cause: { code: 'CONFLICT', details: { route: 'POST Contact', status: 500 } },
      },
    });
    logger.warn('Failed.', { error: new Error(`invalid input syntax for type uuid: "${PERSON}"`) });
    expect(text()).not.toContain(PERSON);
    expect(text()).toContain('invalid input syntax for type uuid');
    control.showNames({ plain: true, key: null });
    logger.warn('Failed.', { error });
    expect(text()).toContain(PERSON);
  });
});

describe('the work that is under way', () => {
  test('gives its fields to every line, whoever writes it, and to no other', async () => {
    const control = createLogControl();
    const { logger, text } = capture({ control });
    const deep = logger.child({ system: 'creatio' });
    const work = (runId: string) =>
      control.within({ runId }, async () => {
        await Promise.resolve();
        await control.within({ jobId: 'j' }, async () => deep.info('Inside.', { run: runId }));
      });
    await Promise.all([work('r1'), work('r2')]);
    logger.info('Outside.');
    const lines = text()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { runId: 'r1', jobId: 'j', run: 'r1', system: 'creatio' },
      { runId: 'r2', jobId: 'j', run: 'r2' },
      { message: 'Outside.' },
    ]);
    expect(lines[2]).not.toHaveProperty('runId');
  });
});
