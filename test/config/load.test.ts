import { describe, expect, test } from '@jest/globals';
import { isRollcallError, type RollcallError } from '../../src/app/ports/errors.ts';
import { CONNECTION_SCHEMAS as connectionSchemas } from '../../src/config/connections.ts';
import { loadConfig } from '../../src/config/load.ts';
import { selfSigned } from '../http/certificate.ts';

const GOOD = `connections:
  creatio:
    url: https://crm.example.com/
    auth: { kind: forms, username: Supervisor, password: "\${CREATIO_PASSWORD}" }
  webitel:
    url: https://webitel.example.com
    auth:
      kind: token
      token: \${WEBITEL_TOKEN}
mapping: creatio-webitel
policy:
  exclude:
    patterns: [svc-*]
`;

const ENV = { CREATIO_PASSWORD: 'canary-password', WEBITEL_TOKEN: 'canary-token' };

const FILES = { '/site/mappings/creatio-webitel.yaml': 'version: 1\n' };

function load(yaml: string, options: { env?: Record<string, string>; files?: Record<string, string> } = {}) {
  const files: Record<string, string> = { '/site/rollcall.yaml': yaml, ...FILES, ...options.files };
  return loadConfig({
    path: '/site/rollcall.yaml',
    cwd: '/site',
    env: options.env ?? ENV,
    readFile: (path) => {
      const content = files[path];
      if (content === undefined) throw new Error(`no file ${path}`);
      return content;
    },
    connectionSchemas,
    packageMappings: '/package/mappings',
  });
}

function problemOf(yaml: string, options: Parameters<typeof load>[1] = {}): RollcallError {
  try {
    load(yaml, options);
  } catch (error) {
    if (isRollcallError(error, 'CONFIGURATION')) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('a configuration that is right', () => {
  test('is read with its defaults, and without the slash behind an address', () => {
    const config = load(GOOD);
    expect(config.connections.creatio.url).toBe('https://crm.example.com');
    expect(config.connections.webitel.auth).toEqual({ kind: 'token', token: 'canary-token' });
    expect(config.policy).toEqual({
      matching: 'default',
      exclude: { logins: [], patterns: ['svc-*'], withoutLicence: false },
      createContacts: true,
      createCrmUsers: 'inactive',
      push: { onInactive: 'strip-licences', onDelete: 'soft' },
      guards: {
        budgets: {
          contactsCreated: { count: 20, percent: 20 },
          crmUsersCreated: { count: 20, percent: 20 },
          usersCreated: { count: 20, percent: 20 },
          recordsChanged: { count: 20, percent: 30 },
          recordsRemoved: { count: 5, percent: 10 },
        },
        protected: { logins: [], patterns: [] },
      },
    });
    expect(config.mappingPath).toBe('/site/mappings/creatio-webitel.yaml');
    expect(config.data).toBe('/site/.rollcall');
    expect(config.secrets).toEqual(['canary-password', 'canary-token']);
  });

  test('may leave a group empty that has only optional keys', () => {
    expect(load(GOOD.replace(/policy:[^]*/u, 'policy:\n  # nothing yet\n')).policy.matching).toBe('default');
  });

  test('takes the data folder from ROLLCALL_DATA before its own key', () => {
    expect(load(`${GOOD}data: store\n`).data).toBe('/site/store');
    expect(load(`${GOOD}data: store\n`, { env: { ...ENV, ROLLCALL_DATA: '/var/rollcall' } }).data).toBe(
      '/var/rollcall',
    );
  });

  test('finds a mapping beside it, else the one that comes with Rollcall, else at the path that is written', () => {
    const other = GOOD.replace('creatio-webitel', 'standard');
    expect(load(other, { files: { '/package/mappings/standard.yaml': '' } }).mappingPath).toBe(
      '/package/mappings/standard.yaml',
    );
    const path = GOOD.replace('creatio-webitel', '../maps/own.yaml');
    expect(load(path, { files: { '/maps/own.yaml': '' } }).mappingPath).toBe('/maps/own.yaml');
  });

  test('takes a secret from the file that VAR_FILE names, without its last line break', () => {
    const env = { CREATIO_PASSWORD_FILE: '/run/secrets/crm', WEBITEL_TOKEN: 'canary-token' };
    const config = load(GOOD, { env, files: { '/run/secrets/crm': ' from file \r\n' } });
    expect(config.connections.creatio.auth).toMatchObject({ password: ' from file ' });
    expect(config.secrets).toContain(' from file ');
  });

  test('takes variables from a file .env beside it, which the environment overrides', () => {
    const files = { '/site/.env': 'CREATIO_PASSWORD=from-file\nWEBITEL_TOKEN="quoted # token"\n' };
    const config = load(GOOD, { env: { CREATIO_PASSWORD: 'from-env' }, files });
    expect(config.connections.creatio.auth).toMatchObject({ password: 'from-env' });
    expect(config.connections.webitel.auth).toMatchObject({ token: 'quoted # token' });
  });

  test('keeps a ${ that is written as $${', () => {
    const config = load(GOOD.replace('Supervisor', () => '"$${who}"'));
    expect(config.connections.creatio.auth.username).toBe('${who}');
  });

  test('counts a password that is written into it as a secret', () => {
    expect(load(GOOD.replace('"${CREATIO_PASSWORD}"', 'plain-canary')).secrets).toContain('plain-canary');
  });
});

describe('a configuration that is wrong', () => {
  test.each([
    [
      'an unknown key, with the one that was meant',
      GOOD.replace('username:', 'usernme:').replace('mapping:', 'maping:'),
      [
        'rollcall.yaml:4:26: unknown key "usernme" in "connections.creatio.auth". Did you mean "username"?',
        'rollcall.yaml:10:1: unknown key "maping". Did you mean "mapping"?',
      ],
    ],
    [
      'an unknown key that resembles none, with the known ones',
      GOOD.replace('patterns: [svc-*]', 'weather: fine'),
      [
        'rollcall.yaml:13:5: unknown key "weather" in "policy.exclude"',
        'Known here: logins, patterns, withoutLicence.',
      ],
    ],
    [
      'a missing key, at the group that lacks it',
      GOOD.replace('username: Supervisor, ', ''),
      ['rollcall.yaml:4:5: "connections.creatio.auth.username" is missing', 'Write a text for it.'],
    ],
    [
      'a missing group',
      GOOD.replace(/ {2}webitel:[^]*?mapping/u, 'mapping'),
      ['rollcall.yaml:1:1: "connections.webitel" is missing'],
    ],
    [
      'a value of the wrong type',
      GOOD.replace('Supervisor', '12345'),
      ['rollcall.yaml:4:36: "connections.creatio.auth.username" must be a text', 'Put the value in quotes.'],
    ],
    [
      'a misspelt choice',
      `${GOOD}  matching: seed_strict\n`,
      [
        'rollcall.yaml:14:13: "policy.matching" must be "default" or "seed-strict"',
        'Write "seed-strict" instead.',
      ],
    ],
    [
      'an unknown kind of signing in',
      GOOD.replace('kind: token', 'kind: tokn'),
      ['rollcall.yaml:8:13: "connections.webitel.auth.kind" must be "token"'],
    ],
    [
      'an address that is none',
      GOOD.replace('https://webitel.example.com', 'webitel.example.com'),
      ['rollcall.yaml:6:10: "connections.webitel.url" must be an address such as https://crm.example.com'],
    ],
    [
      'an empty value',
      GOOD.replace('Supervisor', '""'),
      ['rollcall.yaml:4:36: "connections.creatio.auth.username" is empty'],
    ],
    [
      'a list where a single switch belongs',
      `${GOOD}  createContacts: [true]\n`,
      ['rollcall.yaml:14:19: "policy.createContacts" must be true or false'],
    ],
    [
      'a key that stands twice',
      `${GOOD}mapping: other\n`,
      ['rollcall.yaml:14:1: this key stands here for the second time'],
    ],
    [
      'a tab',
      GOOD.replace('  webitel:', '\twebitel:'),
      ['rollcall.yaml:5:1: a tab is used to indent', 'Use spaces'],
    ],
    ['an alias', GOOD.replace('Supervisor', '*name'), ['rollcall.yaml:4:36']],
    [
      'a mapping that does not exist',
      GOOD.replace('creatio-webitel', 'nowhere'),
      [
        'rollcall.yaml:10:10: there is no mapping "nowhere"',
        'mappings/nowhere.yaml and /package/mappings/nowhere.yaml',
      ],
    ],
    ['an empty file', '', ['rollcall.yaml:1:1']],
    ['a list as the whole', '- 1\n', ['rollcall.yaml:1:1: "the document" must be a group of keys']],
  ])('names %s', (_, yaml, expected) => {
    const error = problemOf(yaml);
    for (const part of expected) expect(`${error.message}. ${error.cure ?? ''}`).toContain(part);
  });

  test('names every variable that is not set, with both ways to set it', () => {
    const error = problemOf(GOOD, { env: { CREATIO_PASSWORD: '' } });
    expect(error.message.split('\n')).toEqual([
      'rollcall.yaml:4:58: connections.creatio.auth.password: the environment variable CREATIO_PASSWORD is empty. Set CREATIO_PASSWORD, or CREATIO_PASSWORD_FILE to a file that holds the value.',
      'rollcall.yaml:9:14: connections.webitel.auth.token: the environment variable WEBITEL_TOKEN is not set. Set WEBITEL_TOKEN, or WEBITEL_TOKEN_FILE to a file that holds the value.',
    ]);
  });

  test('names mistakes of different kinds at once, in the order of the file', () => {
    const error = problemOf(GOOD.replace('username:', 'user:').replace('svc-*]', 'svc-*, 7]'), {
      env: { CREATIO_PASSWORD: 'x' },
    });
    expect(error.message.split('\n').map((line) => line.split(': ')[0])).toEqual([
      'rollcall.yaml:4:5',
      'rollcall.yaml:4:26',
      'rollcall.yaml:9:14',
      'rollcall.yaml:13:23',
    ]);
  });

  test('that cannot be read says which file, and how to name another', () => {
    const error = (() => {
      try {
        loadConfig({
          path: '/gone.yaml',
          cwd: '/',
          env: {},
          connectionSchemas,
          readFile: () => {
            throw new Error('ENOENT');
          },
        });
      } catch (caught) {
        return caught;
      }
      return null;
    })();
    expect(error).toMatchObject({
      code: 'CONFIGURATION',
      message: 'gone.yaml: the file cannot be read',
      cure: expect.stringContaining('-c FILE'),
    });
  });
});

describe('secrets', () => {
  const canary = 'canary-7f3a91';

  test.each([
    ['where a choice is expected', `${GOOD}  matching: "\${SECRET}"\n`],
    ['where a switch is expected', `${GOOD}  createContacts: "\${SECRET}"\n`],
    ['in an address', GOOD.replace('https://webitel.example.com', '${SECRET}')],
    ['as the mapping', GOOD.replace('mapping: creatio-webitel', 'mapping: ${SECRET}')],
    ['written out before broken YAML', GOOD.replace('"${CREATIO_PASSWORD}"', `${canary}" : {`)],
    ['written out as a key group', GOOD.replace('token: ${WEBITEL_TOKEN}', `token: [${canary}]`)],
    ['as an unresolved alias', GOOD.replace('"${CREATIO_PASSWORD}"', `*${canary}`)],
    ['as a tag', GOOD.replace('"${CREATIO_PASSWORD}"', `!${canary} x`)],
  ])('are not repeated by an error, %s', (_, yaml) => {
    const error = problemOf(yaml, { env: { ...ENV, SECRET: canary } });
    expect(JSON.stringify([error.message, error.cure, error.details, String(error.cause)])).not.toContain(
      canary,
    );
  });

  test('that nearly match a choice bring no suggestion, which would tell them', () => {
    const error = problemOf(`${GOOD}  matching: "\${SECRET}"\n`, { env: { ...ENV, SECRET: 'seed_strict' } });
    expect(error.cure).toBe('Write "default" or "seed-strict" instead.');
  });

  test('in an address are refused without being repeated', () => {
    const error = problemOf(GOOD.replace('https://webitel', `https://me:${canary}@webitel`));
    expect(error.message).toContain(
      'rollcall.yaml:6:10: "connections.webitel.url" must not hold a user name or password',
    );
    expect(error.message).not.toContain(canary);
  });

  test('are told to the listener even when the configuration is refused', () => {
    const heard: string[] = [];
    expect(() =>
      loadConfig({
        path: '/site/rollcall.yaml',
        env: ENV,
        readFile: (path) => {
          if (path.endsWith('.env')) throw new Error('none');
          return GOOD.replace('mapping:', 'maping:');
        },
        connectionSchemas,
        onSecrets: (values) => heard.push(...values),
      }),
    ).toThrow('maping');
    expect(heard).toEqual(['canary-password', 'canary-token']);
  });
});

describe('connections', () => {
  const oauth = (rest: string) =>
    GOOD.replace(
      /auth: \{ kind: forms.*/u,
      `auth: { kind: oauth, clientId: c, clientSecret: canary-s${rest} }`,
    );

  test('take an OAuth client, with its token address or without', () => {
    expect(load(oauth('')).connections.creatio.auth).toEqual({
      kind: 'oauth',
      clientId: 'c',
      clientSecret: 'canary-s',
    });
    const { connections, secrets } = load(oauth(', tokenUrl: "https://id.example.com/connect/token/"'));
    expect(connections.creatio.auth).toMatchObject({ tokenUrl: 'https://id.example.com/connect/token' });
    expect(secrets).toContain('canary-s');
  });

  test('name what an OAuth client lacks', () => {
    const error = problemOf(GOOD.replace('kind: forms', 'kind: oauth'));
    expect(error.message).toContain('"connections.creatio.auth.clientId" is missing');
  });

  test('take a name and a password for Webitel', () => {
    const yaml = GOOD.replace('kind: token', 'kind: password\n      username: u').replace(
      'token: ${',
      'password: ${',
    );
    expect(load(yaml).connections.webitel.auth).toEqual({
      kind: 'password',
      username: 'u',
      password: 'canary-token',
    });
  });

  test('take a proxy, or none; another text is refused without being repeated', () => {
    const proxied = (text: string) => GOOD.replace('  webitel:\n', `  webitel:\n    proxy: ${text}\n`);
    expect(load(proxied('none')).connections.webitel.proxy).toBe('none');
    expect(load(proxied('http://u:p@proxy:1')).connections.webitel.proxy).toBe('http://u:p@proxy:1');
    const error = problemOf(proxied('socks://u:canary@proxy'));
    expect(error.message).toContain('rollcall.yaml:6:12: "connections.webitel.proxy" must be an address');
    expect(error.message).not.toContain('canary');
  });
});

describe('retention', () => {
  test('has standards, and takes whole days', () => {
    expect(load(GOOD).retention).toEqual({ details: 90, runs: 730 });
    expect(load(`${GOOD}\nretention: { details: 7 }\n`).retention).toEqual({ details: 7, runs: 730 });
    expect(problemOf(`${GOOD}\nretention: { details: 0 }\n`).message).toContain('retention.details');
  });
});

describe('a certificate authority of a connection', () => {
  const yaml = GOOD.replace('  webitel:\n', '  webitel:\n    tls: { ca: certs/own.pem }\n');
  const { cert } = selfSigned();

  test('is read from the folder of the configuration', () => {
    const files = { '/site/certs/own.pem': `Some words\n${cert}` };
    expect(load(yaml, { files }).authorities).toEqual({ webitel: files['/site/certs/own.pem'] });
    expect(load(GOOD).authorities).toEqual({});
  });

  test.each([
    ['is not there', {}, 'cannot be read'],
    ['is no PEM file', { '/site/certs/own.pem': 'hello' }, 'holds no certificate'],
    [
      'is broken',
      { '/site/certs/own.pem': `${cert}\n${cert.replace(/\n.{20}/u, '\nAAAAAAAAAAAAAAAAAAAA')}` },
      'holds a certificate that cannot be read, number 2',
    ],
  ])('that %s is an error with its place', (_, files, what) => {
    const error = problemOf(yaml, { files });
    expect(error.message).toBe(`rollcall.yaml:6:16: "connections.webitel.tls.ca": certs/own.pem ${what}`);
    expect(error.cure).toBeDefined();
  });
});

describe('people in the log', () => {
  const PLAIN = `${GOOD}log: { names: plain }\n`;

  test.each([
    [GOOD, undefined, false],
    [PLAIN, undefined, true],
    [GOOD, 'plain', true],
    [PLAIN, 'pseudonyms', false],
  ])('are named as the environment says, else as the document does, else not', (yaml, variable, plain) => {
    const env = variable === undefined ? ENV : { ...ENV, ROLLCALL_LOG_NAMES: variable };
    expect(load(yaml, { env }).plainNames).toBe(plain);
  });

  test('are never named by mistake: what is no answer is refused', () => {
    expect(problemOf(GOOD, { env: { ...ENV, ROLLCALL_LOG_NAMES: 'yes' } })).toMatchObject({
      message: 'ROLLCALL_LOG_NAMES: "yes" is no way to name people',
      cure: 'Set it to pseudonyms or plain.',
    });
    expect(problemOf(`${GOOD}log: { names: yes }\n`).message).toContain('log.names');
  });
});

describe('what runs by itself', () => {
  test('is nothing unless the configuration says so, and the server is for this machine alone', () => {
    const { schedules, pollMs, server } = load(GOOD);
    expect({ schedules, pollMs }).toEqual({ schedules: [], pollMs: null });
    expect(server).toMatchObject({
      host: '127.0.0.1',
      metrics: 'read',
      webhooks: { tokens: [], secrets: [] },
    });
    expect(server.processes).toMatchObject({ GetWebitelUsers: 'import' });
  });

  test('names file, line and column of what cannot be understood', () => {
    const error = problemOf(
      `${GOOD}schedule:\n  - { cron: "0 25 * * *", timeZone: Europe/Kyiv }\n  - { cron: "0 2 * * *", timeZone: Mars }\n`,
    );
    expect(error.message).toContain('rollcall.yaml:15:13: "schedule[0].cron"');
    expect(error.message).toContain('rollcall.yaml:16:36: "schedule[1].timeZone"');
  });

  test('keeps the tokens and secrets of webhooks secret, written out or not', () => {
    const { secrets, server } = load(
      `${GOOD}server: { webhooks: { tokens: ["canary-token-number-2", "\${WEBHOOK}"], secrets: ["whsec_Y2FuYXJ5LXNlY3JldC1vZi13ZWJob29rcw=="] } }\n`,
      { env: { ...ENV, WEBHOOK: 'canary-token-number-1' } },
    );
    expect(server.webhooks.tokens).toHaveLength(2);
    expect(secrets).toEqual(expect.arrayContaining([...server.webhooks.tokens, ...server.webhooks.secrets]));
    expect(secrets).not.toContain('X-Rollcall-Token');
  });
});
