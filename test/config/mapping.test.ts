import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadMapping } from '../../src/config/mapping.ts';

const SHIPPED = readFileSync('mappings/creatio-webitel.yaml', 'utf8');

function load(yaml: string) {
  return loadMapping({ path: '/maps/own.yaml', cwd: '/maps', readFile: () => yaml });
}

function messageOf(yaml: string): string {
  try {
    load(yaml);
  } catch (error) {
    return error instanceof Error && 'cure' in error
      ? `${error.message}. ${String(error.cure)}`
      : String(error);
  }
  return 'accepted';
}

describe('a mapping document', () => {
  test('that comes with Rollcall is valid, and knows where each column is named', () => {
    const { mapping, place } = load(SHIPPED);
    expect(mapping.record.fields.login?.column).toBe('UsrUsername');
    expect(mapping.licences?.aliases).toEqual({});
    expect(place(['record', 'fields', 'login', 'column'])).toMatch(/^own\.yaml:\d+:22$/u);
  });

  test.each([
    [
      'an unknown transform, with the one that was meant',
      'login: { column: UsrUsername, owner: crm, transform: lowercse }',
      'Write "lowercase" instead.',
    ],
    ['an unknown person field', 'logon: { column: UsrUsername, owner: crm }', 'Did you mean "login"?'],
    [
      'an unknown owner',
      'login: { column: UsrUsername, owner: webitel }',
      '"record.fields.login.owner" must be "crm", "directory" or "manual"',
    ],
    [
      'a column name that is none',
      'login: { column: "Usr Username", owner: crm }',
      'must be a name of letters, digits and underscores',
    ],
  ])('is refused with %s', (_, line, expected) => {
    const message = messageOf(SHIPPED.replace('login: { column: UsrUsername, owner: crm }', line));
    expect(message).toContain(expected);
    expect(message).toMatch(/^own\.yaml:21:\d+: /u);
  });

  test('is refused without the login, at the group that lacks it', () => {
    expect(messageOf(SHIPPED.replace('    login: { column: UsrUsername, owner: crm }\n', ''))).toContain(
      '"record.fields" must map at least login and displayName',
    );
  });

  test('may name its managed set as all or as a list, and says so', () => {
    expect(load(SHIPPED.replace('managed: all', 'managed: [CALL_CENTER]')).mapping.licences?.managed).toEqual(
      ['CALL_CENTER'],
    );
    expect(messageOf(SHIPPED.replace('managed: all', 'managed: some'))).toContain(
      '"licences.managed" must be "all" or a list',
    );
  });
});
