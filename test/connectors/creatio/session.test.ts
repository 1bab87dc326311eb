import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFormsSession, isExpired, LOGIN_PATH } from '../../../src/connectors/creatio/session.ts';
import type { RawReply } from '../../../src/http/types.ts';
import { createFakeClock } from '../../http/support.ts';
import { LOGIN, openStand, PASSWORD, type CreatioStand } from './stand.ts';

const reply = (
  status: number,
  contentType: string,
  text = '',
  headers: Record<string, string> = {},
): RawReply => ({
  status,
  headers: { 'content-type': contentType, ...headers },
  setCookie: [],
  text,
  path: '/0/odata/Contact',
});
const FAULT = JSON.stringify({ Message: 'Authentication failed.', StackTrace: null, ExceptionType: 'X' });

describe('A dead session', () => {
  test.each([
    ['401 without a body', reply(401, '')],
    [
      'a redirect to the login page of .NET Framework',
      reply(302, '', '', { location: '/Login/NuiLogin.aspx?ReturnUrl=%2f0' }),
    ],
    [
      'a redirect to the login page of .NET',
      reply(302, '', '', { location: 'http://host/Login/Login.html' }),
    ],
    ['the login page itself', reply(200, 'text/html; charset=utf-8', '<html><a href="/Login/x"></a></html>')],
    [
      'the shell that starts the login',
      reply(200, 'text/html', '<html><script>require(["bootstrap.login"])</script></html>'),
    ],
    ['a page without a content type', reply(200, '', '<!DOCTYPE html><html>/Login/</html>')],
    ['a JSON fault', reply(500, 'application/json', FAULT)],
  ])('is recognised as %s', (_, answer) => {
    expect(isExpired(answer)).toBe(true);
  });

  test.each([
    [
      'data that quotes the login page',
      reply(200, 'application/json', '{"value":[{"Notes":"see /Login/NuiLogin.aspx"}]}'),
    ],
    [
      'data that quotes the fault',
      reply(200, 'application/json', '{"value":[{"Notes":"Authentication failed."}]}'),
    ],
    ['metadata', reply(200, 'application/xml', '<edmx:Edmx>/Login/</edmx:Edmx>')],
    ['a maintenance page', reply(200, 'text/html', '<html>We are back soon</html>')],
    ['a page of a proxy', reply(502, 'text/html', '<html>/Login/ is not reachable</html>')],
    ['a refused right', reply(403, 'application/json', '{}')],
    ['another redirect', reply(302, '', '', { location: '/maintenance.html' })],
  ])('is not seen in %s', (_, answer) => {
    expect(isExpired(answer)).toBe(false);
  });
});

describe('Cookies of a session', () => {
  const clock = createFakeClock();
  const none = new AbortController().signal;
  const cookies = (line: string | undefined) => new Set((line ?? '').split('; '));

  function open(lines: readonly string[]) {
    const session = createFormsSession({
      username: 'u',
      password: 'p',
      clock,
      send: async () => {
        session.observe?.({ ...reply(200, 'application/json'), path: LOGIN_PATH, setCookie: lines }, {});
        return { status: 200, headers: {}, body: { Code: 0 } };
      },
    });
    return session;
  }
  const later = (line: string): RawReply => ({ ...reply(200, 'application/json'), setCookie: [line] });

  test('are kept by name whatever their order, and the token goes into its own header', async () => {
    const session = open([
      'UserName=1|2; path=/',
      'BPMCSRF=tok/en==; path=/',
      '.ASPXAUTH=ABC; path=/0; HttpOnly',
    ]);
    const headers = await session.headers(none);
    expect(cookies(headers['Cookie'])).toEqual(
      new Set(['.ASPXAUTH=ABC', 'BPMCSRF=tok/en==', 'UserName=1|2']),
    );
    expect(headers).toMatchObject({ BPMCSRF: 'tok/en==', ForceUseSession: 'true' });
  });

  test('are merged from every later answer, the token too, and taken back when they end', async () => {
    const session = open(['A=1', 'BPMCSRF=one']);
    const used = await session.headers(none);
    session.observe?.(later('BPMSESSIONID=s'), used);
    session.observe?.(later('BPMCSRF=two'), used);
    session.observe?.(later('A=; expires=Thu, 01 Jan 1970 00:00:00 GMT'), used);
    const headers = await session.headers(none);
    expect(cookies(headers['Cookie'])).toEqual(new Set(['BPMCSRF=two', 'BPMSESSIONID=s']));
    expect(headers['BPMCSRF']).toBe('two');
  });

  test('of a late answer to a session that is over do not spoil the new one, nor end it', async () => {
    let signIns = 0;
    const session = createFormsSession({
      username: 'u',
      password: 'p',
      clock,
      send: async () => {
        signIns += 1;
        session.observe?.({ ...reply(200, ''), path: LOGIN_PATH, setCookie: [`BPMCSRF=${signIns}`] }, {});
        return { status: 200, headers: {}, body: { Code: 0 } };
      },
    });
    const old = await session.headers(none);
    session.invalidate(old);
    const fresh = await session.headers(none);
    session.observe?.(later('BPMCSRF=old'), old);
    session.invalidate(old);
    expect(await session.headers(none)).toEqual(fresh);
    expect(signIns).toBe(2);
  });
});

describe('The sign-in', () => {
  let stand: CreatioStand;
  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  const signIns = () => stand.sandbox.requests().find(({ route }) => route.endsWith('/Login'))?.count ?? 0;

  test('with a wrong password is an authentication error with a cure, and is not tried again', async () => {
    const crm = stand.connect({ password: 'wrong-canary' });
    const refused = { code: 'AUTHENTICATION', retryable: false, cure: expect.stringContaining('password') };
    await expect(crm.whoAmI()).rejects.toMatchObject(refused);
    await expect(crm.whoAmI()).rejects.toMatchObject(refused);
    await expect(crm.describe()).rejects.toMatchObject(refused);
    const write = {
      ref: 'r',
      kind: 'delete',
      entity: 'Contact',
      id: '00000000-0000-4000-8000-000000000001',
      values: {},
    } as const;
    await expect(crm.write([write])).rejects.toMatchObject(refused);
    expect(signIns()).toBe(1);
    expect(JSON.stringify(stand.logs)).not.toContain('canary');
  });

  test('is tried again once the pause is over, often enough to recover and too seldom to lock the account', async () => {
    const crm = stand.connect({ password: 'wrong' });
    for (let minute = 0; minute < 30; minute += 1) {
      await expect(crm.whoAmI()).rejects.toMatchObject({ code: 'AUTHENTICATION' });
      await stand.clock.sleep(60_000);
    }
    expect(signIns()).toBe(2);
  });

  test('that wants the password changed is an authentication error with a cure', async () => {
    stand.sandbox.setSwitches({ passwordChangeRequired: true });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      cure: expect.stringContaining('set a password'),
    });
  });

  test('is repeated once when its answer is lost, and no oftener', async () => {
    stand.fault({ path: 'Login', when: { times: 1 }, fault: 'reset-after-write' });
    await stand.connector.whoAmI();
    expect(signIns()).toBe(2);

    stand.fault({ path: 'Login', fault: 'reset-after-write' });
    const other = stand.connect();
    await expect(other.whoAmI()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(signIns()).toBe(4);
  });

  test('happens once for requests that start together', async () => {
    const crm = stand.connector;
    await Promise.all([crm.whoAmI(), crm.describe(), crm.whoAmI()]);
    expect(signIns()).toBe(1);
    expect(crm.tally().used).toBe(stand.requests());
  });

  test('happens once when a session ends under several requests', async () => {
    const crm = stand.connector;
    await crm.whoAmI();
    stand.expire('401', 'read', 1);
    await Promise.all([crm.whoAmI(), crm.whoAmI(), crm.whoAmI()]);
    expect(signIns()).toBe(2);
  });

  test('at an address that is not a Creatio site says which address is wanted', async () => {
    stand.fault({ path: 'Login', fault: 'html', status: 404 });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining('root address'),
    });
  });

  test('finds the root of the site when the address is that of its pages', async () => {
    const crm = stand.connect({ url: `${stand.url}/0/` });
    await expect(crm.whoAmI()).resolves.toMatchObject({ login: LOGIN });
  });

  test('survives a site that changes its token all the time', async () => {
    stand.sandbox.setSwitches({ rotateCsrfEvery: 1, csrfOnGet: true });
    const crm = stand.connector;
    await crm.whoAmI();
    const create = (n: number) =>
      ({
        ref: 'r',
        kind: 'create',
        entity: 'Contact',
        id: `00000000-0000-4000-8000-00000000000${n}`,
        values: { Name: 'N' },
      }) as const;
    for (const n of [1, 2, 3]) expect(await crm.write([create(n)])).toMatchObject([{ state: 'done' }]);
    expect(signIns()).toBe(1);
  });

  test('leaves the password in no log', async () => {
    await stand.connector.whoAmI();
    expect(stand.logs.length).toBeGreaterThan(0);
    expect(JSON.stringify(stand.logs)).not.toContain(PASSWORD);
  });
});
