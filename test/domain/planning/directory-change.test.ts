import { expect, test } from '@jest/globals';
import { directoryChange } from '../../../src/domain/planning/push/directory-change.ts';
import { person } from './bench.ts';

test('a change of a directory user says in one sentence what they get, what they lose and whether they are signed out', () => {
  const change = directoryChange(person('7', 'Ann Lee'));
  expect(change.operations('Why.')).toEqual([]);
  change.set('login', 'b', 'a');
  change.grant('licence', 'CALL_CENTER', 'Contact centre', true);
  change.grant('licence', 'CHAT', 'Chat', false);
  change.signOut();
  expect(change.operations('The CRM owns what changed.')[0]?.reason).toMatch(
    / gets login “a” instead of “b”, the licence Contact centre and loses the licence Chat in the directory and is signed out everywhere\. The CRM owns what changed\.$/u,
  );
});

test('who is only signed out, or only loses something, gets nothing', () => {
  const losing = directoryChange(person('7', 'Ann Lee'));
  losing.grant('role', '900', 'Operators', false);
  expect(losing.operations('Why.')[0]?.reason).toMatch(
    / loses the role Operators in the directory\. Why\.$/u,
  );
  const leaving = directoryChange(person('7', 'Ann Lee'));
  leaving.signOut();
  expect(leaving.operations('Why.')[0]?.reason).toMatch(/ is signed out everywhere\. Why\.$/u);
});

test('the e-mail is a change of its own, which waits for the others and does not fall with them', () => {
  const change = directoryChange(person('7', 'Ann Lee'));
  change.set('email', null, 'ann@example.test');
  expect(change.operations('Why.')).toMatchObject([
    { id: 'directoryUser.update:7:email', after: { email: 'ann@example.test' } },
  ]);
  expect(change.operations('Why.')[0]).not.toHaveProperty('waitsFor');
  change.set('displayName', 'Ann Lee', 'Ann Low');
  expect(change.operations('Why.')).toMatchObject([
    { id: 'directoryUser.update:7', after: { displayName: 'Ann Low' } },
    {
      id: 'directoryUser.update:7:email',
      after: { email: 'ann@example.test' },
      dependsOn: [],
      waitsFor: [{ operation: 'directoryUser.update:7', columns: [] }],
    },
  ]);
});

test('an e-mail that is cleared goes with the rest', () => {
  const change = directoryChange(person('7', 'Ann Lee'));
  change.set('email', 'ann@example.test', null);
  change.set('displayName', 'Ann Lee', 'Ann Low');
  expect(change.operations('Why.')).toMatchObject([
    { id: 'directoryUser.update:7', after: { email: null, displayName: 'Ann Low' } },
  ]);
});
