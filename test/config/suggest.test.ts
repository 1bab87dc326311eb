import { expect, test } from '@jest/globals';
import { editDistance, suggest } from '../../src/config/suggest.ts';

test.each([
  ['usernme', 'username', 1],
  ['lgoin', 'login', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('%p and %p are %d edits apart', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
  expect(editDistance(right, left)).toBe(distance);
});

test('a word that resembles nothing known brings no suggestion', () => {
  expect(suggest('weather', ['logins', 'patterns'])).toBeNull();
  expect(suggest('x', [])).toBeNull();
});

test('case and dashes do not count', () => {
  expect(suggest('Create-Contacts', ['crmUsers', 'createContacts'])).toBe('createContacts');
});
