import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { column, NOW, sampleTables, startDirectory, stillClock, type Directory } from './directory.ts';
import { createWebitelSandbox } from '../../../src/sandbox/webitel/index.ts';

const load = (extra: Record<string, string>) => {
  const tables = sampleTables(2);
  Object.assign(tables['users']?.[1] ?? {}, extra);
  return createWebitelSandbox({ clock: stillClock(), random: () => 0, data: tables, tokens: [] });
};

describe('edits of the Webitel sandbox by others', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await startDirectory();
  });
  afterEach(async () => directory.sandbox.close());

  test('an inserted user gets an id and stamps, and obeys uniqueness', () => {
    const { sandbox } = directory;
    const row = sandbox.insertRow('users', { name: 'N', username: 'n', devices: [{ id: '501' }] });
    expect(row).toMatchObject({
      id: '104',
      created_at: String(NOW),
      devices: [{ id: '501', name: 'Phone 1' }],
    });
    expect(() => sandbox.insertRow('users', { name: 'N', username: 'N' })).toThrow(/already exists/);
    expect(() => sandbox.insertRow('users', { id: '101', name: 'N', username: 'm' })).toThrow(
      /has a row 101 already/,
    );
  });

  test('an update stamps what it should and answers the row; deleted_at is a soft delete', async () => {
    const { sandbox, clock } = directory;
    clock.advance(5);
    expect(sandbox.updateRow('users', '101', { name: 'Renamed' })).toMatchObject({
      name: 'Renamed',
      updated_at: String(NOW + 5),
      license: [{ id: 'LIC-CC' }],
    });
    expect(sandbox.updateRow('users', '102', { device: null, devices: [] })).not.toHaveProperty('device');
    sandbox.updateRow('users', '103', { deleted_at: NOW });
    expect(await column(directory, '/users', 'id')).toEqual(['10', '101', '102']);
  });

  test('a removed user is gone for good, and the devices stay without an owner', async () => {
    directory.sandbox.deleteRow('users', '101');
    expect(await column(directory, '/users?any=true&id=101', 'id')).toEqual([]);
    expect(directory.sandbox.state()['devices']).toContainEqual(expect.objectContaining({ id: '501' }));
    expect(await column(directory, '/devices?ids=501&fields=user', 'user')).toEqual([undefined]);
  });

  test('the domain can be updated, and unknown tables and rows are errors', async () => {
    directory.sandbox.updateRow('domain', '7', { dc: '9' });
    expect((await directory.http.get('/userinfo')).data).toMatchObject({ dc: '9' });
    expect(() => directory.sandbox.updateRow('people', '1', {})).toThrow(/no table "people".*users/);
    expect(() => directory.sandbox.deleteRow('users', '999')).toThrow(/no row 999/);
    expect(() => directory.sandbox.insertRow('domain', {})).toThrow(/exactly one domain/);
  });

  test('the state can be loaded again and is the same', () => {
    const state = directory.sandbox.state();
    const again = createWebitelSandbox({ clock: stillClock(), random: () => 0, data: state, tokens: [] });
    expect(again.state()).toEqual(state);
    expect(state['users']?.[1]).toMatchObject({
      id: '101',
      device: { id: '501' },
      license: [{ prod: 'CALL_CENTER' }],
    });
  });

  test('a copy of the state changes nothing inside', () => {
    const [, user] = directory.sandbox.state()['users'] ?? [];
    Object.assign(user?.['profile'] ?? {}, { planted: 'x' });
    expect(JSON.stringify(directory.sandbox.state())).not.toContain('planted');
  });

  test('loaded data may break rules, but not shapes', () => {
    expect(load({ name: '', extension: '2002' }).state()['users']).toHaveLength(3);
    expect(() => load({ nosuch: 'x' })).toThrow(/Row 101 of the Webitel table "users"[^]*nosuch/);
    expect(() =>
      createWebitelSandbox({ clock: stillClock(), random: () => 0, data: { people: [] }, tokens: [] }),
    ).toThrow(/no table "people"/);
  });

  test('a token for a user who is not there is an error', () => {
    const tokens = [{ token: 't', userId: '999' }];
    expect(() => createWebitelSandbox({ clock: stillClock(), random: () => 0, data: {}, tokens })).toThrow(
      /user 999/,
    );
  });
});
