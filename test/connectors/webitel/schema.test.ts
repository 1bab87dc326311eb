import { describe, expect, test } from '@jest/globals';
import { Licence, pageOf, Role, User, Userinfo } from '../../../src/connectors/webitel/schema.ts';

describe('what Webitel answers', () => {
  test('is filled up with zero values where it leaves something out', () => {
    expect(User.parse({ id: '1' })).toEqual({
      id: '1',
      name: '',
      username: '',
      email: '',
      extension: '',
      chat_name: '',
      device: null,
      license: [],
      roles: [],
      deleted_at: null,
    });
    expect(pageOf(Role).parse({})).toEqual({ size: 0, next: false, items: [] });
    expect(pageOf(Role).parse({ size: '16', next: null, items: null })).toEqual({
      size: 16,
      next: false,
      items: [],
    });
    expect(Role.parse({ id: '1', name: 'x' }).user).toBe(false);
  });

  test.each([undefined, null, {}, { id: '' }, { id: '0' }, { id: '0', name: '' }])(
    'points to no device with %j',
    (device) => {
      expect(User.parse({ id: '1', device }).device).toBeNull();
    },
  );

  test.each([
    ['1764000000000', 1_764_000_000_000],
    [1_764_000_000_000, 1_764_000_000_000],
    ['1764000000', 1_764_000_000_000],
    ['0', null],
    [undefined, null],
    [null, null],
  ])('gives the time %j as %j milliseconds', (not_after, expected) => {
    expect(Licence.parse({ id: 'L', not_after }).not_after).toBe(expected);
  });

  test('has ids as text, and nothing without an id', () => {
    expect(User.parse({ id: 42 }).id).toBe('42');
    expect(User.safeParse({ name: 'nobody' }).success).toBe(false);
    expect(User.safeParse({ id: '' }).success).toBe(false);
    expect(User.safeParse({ id: '1', roles: [{ name: 'no id' }] }).success).toBe(false);
  });

  test('says who we are, bare or wrapped, under either name', () => {
    const told = {
      userId: '5',
      domainId: '7',
      domainName: 'd',
      login: 'me',
      scopes: null,
      permissions: null,
    };
    expect(Userinfo.parse({ dc: '7', domain: 'd', user_id: '5', username: 'me' })).toEqual(told);
    expect(Userinfo.parse({ dc: 7, realm: 'd', sub: '5', preferred_username: 'me' })).toEqual(told);
    expect(Userinfo.parse({ userinfo: { dc: '7', domain: 'd', user_id: '5', username: 'me' } })).toEqual(
      told,
    );
  });

  test.each([
    [{ dc: '7' }, 'user_id'],
    [{ user_id: '5' }, 'dc'],
  ])('is refused without an identity: %j lacks %s', (value, path) => {
    expect(Userinfo.safeParse(value).error?.issues[0]?.path).toEqual([path]);
  });
});
