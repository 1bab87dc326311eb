import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CreatioAuth } from '../../../src/connectors/creatio/index.ts';
import { rejection, startServer, type TestServer } from '../../http/support.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  CONTACT_ID,
  LOGIN,
  openStand,
  USER_ID,
  type CreatioStand,
} from './stand.ts';

type OAuth = Extract<CreatioAuth, { kind: 'oauth' }>;
const auth = (changes: Partial<OAuth> = {}): OAuth => ({
  kind: 'oauth',
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  ...changes,
});

let stand: CreatioStand;
const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all([stand.close(), ...servers.splice(0).map((server) => server.close())]);
});

const tokens = () =>
  stand.sandbox
    .requests()
    .filter(({ route }) => route.endsWith('/connect/token'))
    .map(({ route, count }) => [route, count]);
const write = (n: number) =>
  ({
    ref: 'r',
    kind: 'create',
    entity: 'Contact',
    id: `00000000-0000-4000-8000-00000000000${n}`,
    values: { Name: 'N' },
  }) as const;

describe('A token', () => {
  test.each([
    ['netfw', '/0/connect/token', [['/0/connect/token', 1]], '/0'],
    [
      'netcore',
      '/connect/token',
      [
        ['/0/connect/token', 1],
        ['/connect/token', 1],
      ],
      '',
    ],
  ])(
    'of a %s site comes through the site, whose address for it is remembered',
    async (flavor, path, first) => {
      stand = await openStand({ auth: auth(), switches: { flavor } });
      await stand.connector.whoAmI();
      expect(tokens()).toEqual(first);
      expect(stand.memory.get(`creatio.token:${stand.url}`)).toBe(path);
      expect(stand.requests()).toBe(stand.connector.tally().used);

      stand.sandbox.clearRequests();
      const other = stand.connect();
      await other.whoAmI();
      await other.describe();
      expect(tokens()).toEqual([[path, 1]]);
      expect(stand.requests()).toBe(other.capabilities.fixedRequests);
    },
  );

  test('is looked for anew when the remembered address has moved', async () => {
    stand = await openStand({ auth: auth(), switches: { flavor: 'netcore' } });
    stand.memory.set(`creatio.token:${stand.url}`, '/0/connect/token');
    await stand.connector.whoAmI();
    expect(stand.memory.get(`creatio.token:${stand.url}`)).toBe('/connect/token');
  });

  test.each([
    ['address', (url: string) => url],
    ['host', (url: string) => url.replace('/connect/token', '/')],
  ])(
    'comes from the identity service whose %s is configured, in requests that are counted',
    async (_, at) => {
      stand = await openStand({ switches: { tokenProxied: false } });
      const crm = stand.connect({ auth: auth({ tokenUrl: at(stand.tokenUrl) }) });
      await crm.whoAmI();
      await crm.describe();
      expect(tokens()).toEqual([['/connect/token', 1]]);
      expect(crm.tally()).toMatchObject({ used: stand.requests(), byRoute: { 'POST /connect/token': 1 } });
      expect(stand.memory.has(`creatio.token:${stand.tokenUrl}`)).toBe(false);
    },
  );

  test('works as the user of the client, who is named where the configuration tells the login', async () => {
    stand = await openStand({ auth: auth() });
    expect(await stand.connector.whoAmI()).toEqual({ userId: null, login: CLIENT_ID, contactId: null });
    const told = stand.connect({ auth: auth({ username: LOGIN }) });
    expect(await told.whoAmI()).toEqual({ userId: USER_ID, login: LOGIN, contactId: CONTACT_ID });
    await told.write([write(1)]);
    const made = stand.rows('Contact').find((row) => row['Name'] === 'N');
    expect(made).toMatchObject({ CreatedById: CONTACT_ID });
    expect(stand.logs.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('is asked for once by requests that start together', async () => {
    stand = await openStand({ auth: auth() });
    const crm = stand.connector;
    await Promise.all([crm.whoAmI(), crm.describe(), crm.readRows({ entity: 'Contact', columns: [] })]);
    expect(tokens()).toEqual([['/0/connect/token', 1]]);
  });

  test('is renewed half a minute before it ends, once for all', async () => {
    stand = await openStand({ auth: auth(), switches: { tokenSeconds: 600 } });
    const crm = stand.connector;
    await crm.whoAmI();
    await stand.clock.sleep(569_000);
    await crm.whoAmI();
    expect(tokens()).toEqual([['/0/connect/token', 1]]);
    await stand.clock.sleep(1_000);
    await Promise.all([crm.whoAmI(), crm.whoAmI(), crm.write([write(1)])]);
    expect(tokens()).toEqual([['/0/connect/token', 2]]);
    expect(crm.tally().retries).toBe(0);
  });

  test('that lives for a few seconds only is used all the same', async () => {
    stand = await openStand({ auth: auth(), switches: { tokenSeconds: 20 } });
    await stand.connector.whoAmI();
    await stand.connector.whoAmI();
    expect(tokens()).toEqual([['/0/connect/token', 1]]);
    await stand.clock.sleep(10_000);
    await stand.connector.whoAmI();
    expect(tokens()).toEqual([['/0/connect/token', 2]]);
  });

  test('that ended early is replaced once, under several requests and before a write', async () => {
    stand = await openStand({ auth: auth() });
    const crm = stand.connector;
    await crm.whoAmI();
    stand.siteClock.advance(3_600_000);
    await Promise.all([crm.whoAmI(), crm.whoAmI(), crm.whoAmI()]);
    expect(tokens()).toEqual([['/0/connect/token', 2]]);
    stand.siteClock.advance(3_600_000);
    expect(await crm.write([write(1)])).toMatchObject([{ state: 'done' }]);
    expect(tokens()).toEqual([['/0/connect/token', 3]]);
  });

  test('is asked for again when its answer is lost', async () => {
    stand = await openStand({ auth: auth() });
    stand.fault({ path: 'connect', when: { times: 1 }, fault: 'reset-after-write' });
    await stand.connector.whoAmI();
    expect(tokens()).toEqual([['/0/connect/token', 2]]);
  });

  test('and its secret are in no log', async () => {
    stand = await openStand({ auth: auth() });
    await stand.connector.whoAmI();
    expect(stand.logs.length).toBeGreaterThan(0);
    const shown = JSON.stringify(stand.logs);
    for (const secret of [CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET), 'eyJ']) {
      expect(shown).not.toContain(secret);
    }
  });
});

describe('No token', () => {
  test.each([400, 401])(
    'for a secret that has expired or was revoked (%i) is an authentication error that says so, and is asked for once',
    async (invalidClientStatus) => {
      stand = await openStand({
        auth: auth(),
        switches: { revokedClients: [CLIENT_ID], invalidClientStatus },
      });
      const error = await rejection(stand.connector.whoAmI());
      expect(error).toMatchObject({
        code: 'AUTHENTICATION',
        retryable: false,
        message: expect.stringContaining(CLIENT_ID),
        cure: expect.stringContaining('expired or was revoked'),
      });
      await expect(stand.connector.describe()).rejects.toMatchObject({ code: 'AUTHENTICATION' });
      expect(tokens()).toEqual([['/0/connect/token', 1]]);
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(CLIENT_SECRET);
    },
  );

  test('where the secret was revoked while a token was in use is the same error', async () => {
    stand = await openStand({ auth: auth() });
    await stand.connector.whoAmI();
    stand.sandbox.setSwitches({ revokedClients: [CLIENT_ID] });
    stand.siteClock.advance(3_600_000);
    await expect(stand.connector.write([write(1)])).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      cure: expect.stringContaining('expired or was revoked'),
    });
    expect(stand.rows('Contact')).toEqual([]);
  });

  test('quotes what the service says, without the secret', async () => {
    stand = await openStand({ auth: auth() });
    const body = { error: 'unauthorized_client', error_description: `no ${CLIENT_SECRET} here` };
    stand.fault({ path: 'connect', fault: 'status', status: 400, body });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringContaining('unauthorized_client (no [redacted] here)'),
      cure: expect.stringContaining('client credentials'),
    });
  });

  test('from a site that does not pass the address on asks for the token address', async () => {
    stand = await openStand({ auth: auth(), switches: { tokenProxied: false } });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('/0/connect/token answered 404 with a web page'),
      cure: expect.stringMatching(/auth\.tokenUrl.*-is\.creatio\.com/),
    });
    expect(stand.memory.size).toBe(0);
  });

  test.each([
    ['a 404', 404, 'text/plain', 'nothing', '404'],
    ['a web page', 200, 'text/html', '<html>Welcome</html>', '200 with a web page'],
    ['other data', 200, 'application/json', '{"ok":true}', '200 without a token'],
    ['an error without its name', 401, 'application/json', '{"message":"no"}', '401'],
  ])(
    'from a configured address that answers %s says that it is the wrong one',
    async (_, status, type, body, said) => {
      stand = await openStand();
      const server = await startServer((_request, response) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      );
      servers.push(server);
      const crm = stand.connect({ auth: auth({ tokenUrl: `${server.url}/oauth` }) });
      await expect(crm.whoAmI()).rejects.toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringContaining(`it answered ${said}.`),
        cure: expect.stringContaining('auth.tokenUrl'),
      });
      expect(server.seen).toEqual(['POST /oauth']);
    },
  );

  test('from a service that is down is a passing error', async () => {
    stand = await openStand({ auth: auth() });
    stand.fault({ path: 'connect', fault: 'html', status: 502 });
    await expect(stand.connector.whoAmI()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('identity service'),
    });
  });
});

describe('A site that refuses good tokens', () => {
  test.each([true, false])(
    'is told apart from an entity that is not there (prefix known: %s)',
    async (known) => {
      stand = await openStand({ auth: auth(), switches: { distrustTokens: true } });
      if (known) stand.memory.set(`creatio.prefix:${stand.url}`, '/0');
      const refused = { code: 'AUTHENTICATION', cure: expect.stringContaining('OAuth20IdentityServerUrl') };
      await expect(stand.connector.whoAmI()).rejects.toMatchObject(refused);

      stand.sandbox.setSwitches({ distrustTokens: false });
      const crm = stand.connect();
      await crm.describe();
      stand.sandbox.setSwitches({ dropEntities: ['UsrWebitelRole'] });
      await expect(crm.readRows({ entity: 'UsrWebitelRole', columns: [] })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('UsrWebitelRole'),
      });
    },
  );

  test('refuses a write as a whole, so that nothing of it is in doubt', async () => {
    stand = await openStand({ auth: auth() });
    await stand.connector.describe();
    stand.sandbox.setSwitches({ distrustTokens: true });
    await expect(stand.connector.write([write(1)])).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      cure: expect.stringContaining('OAuth20IdentityServerUrl'),
    });
  });
});
