import { describe, expect, test } from '@jest/globals';
import { asText, byText, CALLER, LOGIN, PASSWORD, send, useSites } from './site.ts';

const start = useSites();
const cookieNames = (lines: string[] | undefined) => (lines ?? []).map((line) => line.split('=')[0]);

describe('Sign-in', () => {
  test('is served at the root alone, and a misspelt method of the service is forbidden', async () => {
    const { url, login } = await start();
    expect((await login()).at('Code')).toBe(0);
    const body = { UserName: LOGIN, UserPassword: PASSWORD };
    const below = await send('POST', `${url}/0/ServiceModel/AuthService.svc/Login`, { body });
    expect(below.status).toBe(401);
    const misspelt = await send('POST', `${url}/ServiceModel/AuthService.svc/Logon`, { body });
    expect(misspelt.status).toBe(403);
  });

  test('answers a wrong password with 200, code 1, a reason and no cookies', async () => {
    const { login } = await start();
    const answer = await login(LOGIN, 'wrong');
    expect(answer.status).toBe(200);
    expect(answer.at('Code')).toBe(1);
    expect(answer.at('Exception.Message')).toBe(answer.at('Message'));
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('locks the account after five failures, even against the right password, for fifteen minutes', async () => {
    const { login, clock } = await start();
    for (let attempt = 0; attempt < 5; attempt += 1) await login(LOGIN, 'wrong');
    expect((await login()).at('Code')).toBe(1);
    clock.advance(16 * 60_000);
    expect((await login()).at('Code')).toBe(0);
  });

  test('sets the five cookies with their attributes, in changing order', async () => {
    const { login } = await start();
    const answers = await Promise.all(Array.from({ length: 6 }, () => login()));
    const orders = answers.map((answer) => cookieNames(answer.headers['set-cookie']));
    for (const order of orders) {
      expect(order.toSorted(byText)).toEqual(['.ASPXAUTH', 'BPMCSRF', 'BPMLOADER', 'UserName', 'UserType']);
    }
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
    const lines = answers[0]?.headers['set-cookie'] ?? [];
    expect(lines.find((line) => line.startsWith('.ASPXAUTH'))).toContain('HttpOnly');
    expect(lines.find((line) => line.startsWith('BPMCSRF'))).not.toContain('HttpOnly');
    expect(lines.find((line) => line.startsWith('UserName'))).toContain('=82|111|108|108');
  });

  test('answers an account that must change its password with an address and no cookies', async () => {
    const { login } = await start({ switches: { passwordChangeRequired: true } });
    const answer = await login();
    expect(answer.at('PasswordChangeUrl')).not.toBeNull();
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('refuses a deactivated user', async () => {
    const { sandbox, login } = await start();
    const user = sandbox.state()['SysAdminUnit']?.find((row) => row['Name'] === LOGIN);
    sandbox.updateRow('SysAdminUnit', asText(user?.['Id']), { Active: false });
    expect((await login()).at('Code')).toBe(1);
  });
});

describe('A session', () => {
  test('needs the BPMCSRF header for writes, not for reads unless the site is strict', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    const headers = { bpmcsrf: 'made up' };
    const refused = await caller.odata('POST', 'Contact', { headers, body: { Name: 'Ann' } });
    expect([refused.status, refused.text]).toEqual([403, '']);
    expect((await caller.odata('GET', 'Contact', { headers })).status).toBe(200);
    sandbox.setSwitches({ csrfOnGet: true });
    expect((await caller.odata('GET', 'Contact', { headers })).status).toBe(403);
  });

  test('dies after an hour without requests, and each request prolongs it', async () => {
    const { signIn, clock } = await start();
    const caller = await signIn();
    for (let turn = 0; turn < 3; turn += 1) {
      clock.advance(50 * 60_000);
      expect((await caller.get('Contact')).status).toBe(200);
    }
    clock.advance(61 * 60_000);
    expect((await caller.get('Contact')).status).toBe(401);
  });

  test('that is dead shows as an empty 401 with ForceUseSession and as the login page without', async () => {
    const { sandbox, signIn, url } = await start();
    const caller = await signIn();
    sandbox.setFaults([{ system: 'creatio', fault: 'expire-session', when: { nth: 1 } }]);
    const dead = await caller.get('Contact');
    expect([dead.status, dead.text]).toEqual([401, '']);
    const redirected = await send('GET', `${url}/0/odata/Contact`);
    expect(redirected.status).toBe(302);
    const page = await send('GET', `${url}${redirected.headers.location ?? ''}`);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('/Login/');
  });

  test.each([
    ['401', 401, ''],
    ['redirect', 302, ''],
    ['fault', 401, 'Authentication failed.'],
  ] as const)('killed by a fault in mode %s shows so until the next sign-in', async (mode, status, text) => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    sandbox.setFaults([{ system: 'creatio', fault: 'expire-session', mode, when: { nth: 2 } }]);
    expect((await caller.get('Contact')).status).toBe(200);
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await caller.get('Contact');
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(text);
    }
    expect((await (await signIn()).get('Contact')).status).toBe(200);
  });

  test('that is dead shows as a JSON fault at the .svc services', async () => {
    const { url } = await start();
    const answer = await send('POST', `${url}/0/ServiceModel/UserInfoService.svc/GetCurrentUserInfo`);
    expect(answer.status).toBe(401);
    expect(answer.at('Message')).toBe('Authentication failed.');
  });

  test('gets another cookie with its first OData request, and new CSRF tokens when told to rotate', async () => {
    const { signIn } = await start({ switches: { rotateCsrfEvery: 1 } });
    const caller = await signIn();
    const first = caller.cookies.get('BPMCSRF');
    await caller.get('Contact');
    expect(caller.cookies.has('BPMSESSIONID')).toBe(true);
    expect(caller.cookies.get('BPMCSRF')).not.toBe(first);
    expect((await caller.odata('POST', 'Contact', { body: { Name: 'Ann' } })).status).toBe(201);
  });

  test('is killed by a second sign-in in single-session mode only', async () => {
    const { sandbox, signIn, login } = await start();
    const caller = await signIn();
    await login();
    expect((await caller.get('Contact')).status).toBe(200);
    sandbox.setSwitches({ singleSession: true });
    await login();
    expect((await caller.get('Contact')).status).toBe(401);
  });

  test('says who it is', async () => {
    const { signIn } = await start();
    const caller = await signIn();
    const answer = await caller.send('POST', '/0/ServiceModel/UserInfoService.svc/GetCurrentUserInfo', {
      body: {},
    });
    expect(answer.at('userName')).toBe(LOGIN);
    expect(answer.at('contact.value')).toBe(CALLER);
  });

  test('without the right to OData is refused with the reason, by 403 or 500', async () => {
    const { sandbox, signIn } = await start({ switches: { canUseOData: false } });
    const caller = await signIn();
    const forbidden = await caller.get('Contact');
    expect(forbidden.status).toBe(403);
    expect(forbidden.text).toContain('sufficient permissions to use OData');
    sandbox.setSwitches({ odataDeniedStatus: 500 });
    const broken = await caller.get('Contact');
    expect(broken.status).toBe(500);
    expect(broken.text).toContain('sufficient permissions to use OData');
  });
});

describe('Routing', () => {
  test('serves OData below /0 on .NET Framework and at the root on .NET, the other address is an HTML 404', async () => {
    const netfw = await start();
    const caller = await netfw.signIn();
    const wrong = await caller.send('GET', '/odata/Contact');
    expect(wrong.status).toBe(404);
    expect(wrong.headers['content-type']).toContain('text/html');
    const netcore = await start({ switches: { flavor: 'netcore' } });
    const other = await netcore.signIn('/odata');
    expect((await other.get('Contact')).status).toBe(200);
    expect((await other.send('GET', '/0/odata/Contact')).status).toBe(404);
  });

  test('counts requests by route without ids and queries, batches as one request', async () => {
    const { sandbox, signIn } = await start();
    const caller = await signIn();
    await caller.get(`Contact(${CALLER})?$select=Id`);
    await caller.get(`Contact(${CALLER})`);
    await caller.batch([{ id: '1', method: 'GET', url: 'Contact' }]);
    const counts = sandbox.requests().map(({ method, route, count }) => `${method} ${route} ${count}`);
    expect(counts).toEqual([
      'POST /ServiceModel/AuthService.svc/Login 1',
      'GET /0/odata/Contact({id}) 2',
      'POST /0/odata/$batch 1',
    ]);
  });

  test('refuses an unknown switch with the list of the known ones', async () => {
    const { sandbox } = await start();
    expect(() => sandbox.setSwitches({ flavour: 'netcore' })).toThrow(/flavour.*Known:.*flavor/);
  });
});
