import { describe, expect, test } from '@jest/globals';
import { chooseProxy } from '../../src/http/proxy.ts';

const PROXY = 'http://proxy.acme.test:3128';

const choose = (target: string, env: Record<string, string>, told?: string) =>
  chooseProxy({ system: 'creatio', target: new URL(target), told, env });
const name = (target: string, env: Record<string, string>, told?: string) => choose(target, env, told)?.name;

describe('The proxy for a host', () => {
  test.each([
    ['https://crm.test', { HTTPS_PROXY: PROXY }, 'proxy.acme.test:3128'],
    ['https://crm.test', { https_proxy: PROXY, HTTPS_PROXY: 'http://other.test' }, 'proxy.acme.test:3128'],
    ['https://crm.test', { HTTP_PROXY: PROXY }, undefined],
    ['http://crm.test', { HTTP_PROXY: PROXY }, 'proxy.acme.test:3128'],
    ['http://crm.test', { HTTPS_PROXY: PROXY }, undefined],
    ['http://crm.test', { ALL_PROXY: PROXY }, 'proxy.acme.test:3128'],
    ['https://crm.test', { HTTPS_PROXY: '', ALL_PROXY: PROXY }, 'proxy.acme.test:3128'],
    ['https://crm.test', { HTTPS_PROXY: 'proxy.acme.test:3128' }, 'proxy.acme.test:3128'],
    ['https://crm.test', {}, undefined],
  ])('of %s with %j is %s', (target, env, expected) => {
    expect(name(target, env)).toBe(expected);
  });

  test.each([
    ['https://crm.acme.test', '*', true],
    ['https://crm.acme.test', 'other.test, ACME.test', true],
    ['https://crm.acme.test', 'other.test acme.test', true],
    ['https://crm.acme.test', '.acme.test', true],
    ['https://crm.acme.test', '*.acme.test', true],
    ['https://acme.test', '.acme.test', true],
    ['https://crmacme.test', 'acme.test', false],
    ['https://crm.acme.test:8443', 'acme.test:8443', true],
    ['https://crm.acme.test', 'acme.test:8443', false],
    ['https://crm.acme.test', 'acme.test:443', true],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://11.1.2.3', '10.0.0.0/8', false],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://10.1.2.3', '2.3', false],
    ['https://[fd00::5]', 'fd00::/8', true],
    ['https://crm.acme.test', '10.0.0.0/8,10.0.0.0/99,', false],
  ])('of %s is left out with NO_PROXY=%s: %s', (target, list, exempt) => {
    expect(choose(target, { HTTPS_PROXY: PROXY, NO_PROXY: list }) === undefined).toBe(exempt);
  });

  test.each(['http://127.0.0.1:80', 'http://localhost', 'http://[::1]:3', 'https://127.8.8.8'])(
    'is none for this machine (%s), unless the connection says so',
    (target) => {
      const env = { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY };
      expect(name(target, env)).toBeUndefined();
      expect(name(target, env, 'http://near.test:81')).toBe('near.test:81');
    },
  );

  test('of a connection outranks the environment, and may be none', () => {
    const env = { HTTPS_PROXY: PROXY, NO_PROXY: '*' };
    expect(choose('https://crm.test', env, 'http://near.test:81')).toMatchObject({
      name: 'near.test:81',
      source: 'connections.creatio.proxy',
    });
    expect(choose('https://crm.test', { HTTPS_PROXY: PROXY }, 'none')).toBeUndefined();
  });

  test.each(['socks5://u:canary@proxy.test', 'http://', 'http://u:%E0canary@proxy.test'])(
    'that is none is an error which does not quote it (%s)',
    (address) => {
      expect(() => choose('https://crm.test', { HTTPS_PROXY: address })).toThrow(
        expect.objectContaining({
          code: 'CONFIGURATION',
          message: expect.not.stringContaining('canary'),
          cure: expect.stringContaining('http://proxy'),
        }),
      );
    },
  );
});
