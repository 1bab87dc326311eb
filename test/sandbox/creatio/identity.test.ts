import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCreatioSandbox, type CreatioSandbox } from '../../../src/sandbox/creatio/index.ts';
import { createSandboxClock } from '../../../src/sandbox/kit/clock.ts';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import { asText, guid, send, type Answer } from './site.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const GOOD = { client_id: 'client', client_secret: 'se cret+', grant_type: 'client_credentials' };

describe('The identity service of the Creatio sandbox', () => {
  const clock = createSandboxClock();
  let sandbox: CreatioSandbox;
  let url: string;
  let identity: string;
  beforeEach(async () => {
    sandbox = createCreatioSandbox({
      clock,
      random: createRandom(7).next,
      data: { Contact: [{ Id: guid(1), Name: 'Machine' }] },
      accounts: [{ login: 'machine', password: 'unused', userId: guid(2), contactId: guid(1) }],
      clients: [{ id: 'client', secret: 'se cret+', userId: guid(2) }],
    });
    ({ url } = await sandbox.listen());
    identity = (await sandbox.listenIdentity()).url;
  });
  afterEach(() => sandbox.close());

  const ask = (address: string, form: Record<string, string> = GOOD): Promise<Answer> =>
    send('POST', address, { headers: FORM, body: new URLSearchParams(form).toString() });
  const token = async (): Promise<string> =>
    asText((await ask(`${identity}/connect/token`)).at('access_token'));
  const read = (bearer: string) =>
    send('GET', `${url}/0/odata/Contact?$top=1`, { headers: { authorization: `Bearer ${bearer}` } });

  test('gives a token of three parts for an hour, with the scope of the site', async () => {
    const answer = await ask(`${identity}/connect/token`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expires_in: 3600,
      token_type: 'Bearer',
      scope: expect.stringMatching(/^ApplicationAccess_[0-9a-f]{32}$/),
    });
  });

  test('is passed on by the site at the address of its flavour, unless it is an old one', async () => {
    const statuses = async () => [
      (await ask(`${url}/0/connect/token`)).status,
      (await ask(`${url}/connect/token`)).status,
    ];
    expect(await statuses()).toEqual([200, 404]);
    sandbox.setSwitches({ flavor: 'netcore' });
    expect(await statuses()).toEqual([404, 200]);
    sandbox.setSwitches({ tokenProxied: false });
    expect(await statuses()).toEqual([404, 404]);
  });

  test('serves nothing but that address on its own port, and counts what it is asked', async () => {
    expect((await send('GET', `${identity}/0/odata/Contact`)).status).toBe(404);
    await ask(`${identity}/connect/token`);
    await ask(`${url}/0/connect/token`);
    expect(sandbox.requests().filter(({ route }) => route.endsWith('/connect/token'))).toEqual([
      { system: 'creatio', method: 'POST', route: '/0/connect/token', count: 1 },
      { system: 'creatio', method: 'POST', route: '/connect/token', count: 1 },
    ]);
  });

  test.each([
    ['a wrong secret', { ...GOOD, client_secret: 'wrong' }, 'invalid_client'],
    ['an unknown client', { ...GOOD, client_id: 'other' }, 'invalid_client'],
    ['another grant', { ...GOOD, grant_type: 'password' }, 'unsupported_grant_type'],
    ['a foreign scope', { ...GOOD, scope: 'other' }, 'invalid_scope'],
  ])('refuses %s by the standard', async (_, form, error) => {
    const answer = await ask(`${identity}/connect/token`, form);
    expect({ status: answer.status, body: answer.json() }).toEqual({ status: 400, body: { error } });
  });

  test('reads forms alone', async () => {
    const answer = await send('POST', `${identity}/connect/token`, { body: GOOD });
    expect(answer.at('error')).toBe('invalid_request');
  });

  test('refuses a client whose secret was revoked, with the status of the switch', async () => {
    sandbox.setSwitches({ revokedClients: ['client'], invalidClientStatus: 401 });
    expect((await ask(`${identity}/connect/token`)).status).toBe(401);
  });

  test('lets a token read and write in the name of its user, without cookies and CSRF token', async () => {
    const bearer = await token();
    const first = await read(bearer);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toBeUndefined();
    const made = await send('POST', `${url}/0/odata/Contact`, {
      headers: { authorization: `Bearer ${bearer}` },
      body: { Id: guid(9), Name: 'New' },
    });
    expect(made.status).toBe(201);
    expect(made.at('CreatedById')).toBe(guid(1));
  });

  test('answers an expired, an unknown, a revoked and a distrusted token with 401', async () => {
    const bearer = await token();
    expect((await read('x.y.z')).status).toBe(401);
    sandbox.setSwitches({ distrustTokens: true });
    expect((await read(bearer)).status).toBe(401);
    sandbox.setSwitches({ distrustTokens: false });
    clock.advance(3600_000);
    expect((await read(bearer)).status).toBe(401);

    const second = await token();
    sandbox.setFaults([{ system: 'creatio', path: 'odata', when: { nth: 1 }, fault: 'expire-session' }]);
    expect((await read(second)).status).toBe(401);
    sandbox.setFaults([]);
    expect((await read(second)).status).toBe(401);
  });

  test('does not know a client whose user is not there', () => {
    const make = () =>
      createCreatioSandbox({
        clock,
        random: () => 0,
        data: {},
        accounts: [],
        clients: [{ id: 'lost', secret: 's', userId: guid(3) }],
      });
    expect(make).toThrow(/lost/);
  });
});
