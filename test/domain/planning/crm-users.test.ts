import { describe, expect, test } from '@jest/globals';
import { v5 } from 'uuid';
import type { CrmRow } from '../../../src/app/ports/crm.ts';
import { operationContent } from '../../../src/domain/planning/failures.ts';
import type { Operation, Plan } from '../../../src/domain/planning/plan.ts';
import { applied, digest, EMPLOYEE, MAPPING, person, planOf, scene, type Scene } from './bench.ts';

const guid = (text: string): string => v5(text, v5.URL);
const NEWCOMER = person('1', 'Roman Tkach', { login: 'R.Tkach', email: 'r.tkach@example.test' });
const first = scene({ users: [NEWCOMER] });
const { record: RECORD, crmUser: USER, contact: CONTACT } = MAPPING;

const crmUser = (id: string, login: string, changes: Record<string, string> = {}): CrmRow => ({
  Id: guid(id),
  [USER.login]: login,
  [USER.active]: true,
  ...changes,
});
const creationOf = (plan: Plan): Operation | undefined =>
  plan.operations.find(({ entity }) => entity === 'crmUser');
const recordOf = (plan: Plan): Operation | undefined =>
  plan.operations.find(({ entity }) => entity === 'telephonyRecord');
const issuesOf = (plan: Plan): string[] =>
  plan.people.flatMap(({ issues }) => issues.map(({ code }) => code));
const rowsOf = (given: Scene, ...entities: string[]): Scene['crm'] =>
  Object.fromEntries(entities.map((entity) => [entity, given.crm[entity] ?? []]));

describe('somebody who is new to the CRM', () => {
  test('gets an inactive CRM user under their login, between contact and telephony record', () => {
    const plan = planOf(first);
    expect(plan.operations.map(({ entity }) => entity)).toEqual([
      'lookup',
      'lookup',
      'contact',
      'crmUser',
      'telephonyRecord',
    ]);
    const [contact] = plan.operations.filter(({ entity }) => entity === 'contact');
    const creation = creationOf(plan);
    expect(creation).toMatchObject({
      kind: 'create',
      person: '1',
      before: null,
      after: {
        [USER.login]: 'R.Tkach',
        [USER.contact]: contact?.target.id,
        [USER.active]: false,
        Email: 'r.tkach@example.test',
      },
      dependsOn: [contact?.id],
    });
    expect(recordOf(plan)).toMatchObject({
      after: { [RECORD.crmUser]: creation?.target.id },
      waitsFor: [{ operation: creation?.id, columns: [RECORD.crmUser] }],
    });
    expect(recordOf(plan)?.dependsOn).not.toContain(creation?.id);
    expect(plan.people[0]?.crmUserId).toBe(creation?.target.id);
  });

  test('gets the same one in every plan, and none once it is there', () => {
    const after = applied(first, planOf(first));
    expect(creationOf(planOf(first))?.target.id).toBe(creationOf(planOf(first))?.target.id);
    expect(after.links[0]?.crmUserId).toBe(creationOf(planOf(first))?.target.id);
    expect(planOf(after).operations).toEqual([]);
  });

  test('is given the CRM user that an earlier run made before it could make the record', () => {
    const done = applied(first, planOf(first));
    const cutShort = { ...first, crm: rowsOf(done, CONTACT.entity, USER.entity) };
    const plan = planOf(cutShort);
    expect(creationOf(plan)).toBeUndefined();
    expect(recordOf(plan)?.after[RECORD.crmUser]).toBe(creationOf(planOf(first))?.target.id);
    expect(recordOf(plan)?.waitsFor).toBeUndefined();
  });

  test('is made a CRM user by the run after one that made the contact and came no further', () => {
    const done = applied(first, planOf(first));
    const plan = planOf({ ...first, crm: rowsOf(done, CONTACT.entity) });
    expect(plan.people[0]?.situation).toBe('matched');
    expect(creationOf(plan)).toMatchObject({ dependsOn: [] });
    expect(planOf(applied({ ...first, crm: rowsOf(done, CONTACT.entity) }, plan)).operations).toEqual([]);
  });

  test('has a record that was entered by hand filled with the new CRM user', () => {
    const given = { ...first, crm: { [RECORD.entity]: [{ Id: guid('r'), UsrUsername: 'r.tkach' }] } };
    const plan = planOf(given);
    const creation = creationOf(plan);
    expect(recordOf(plan)).toMatchObject({
      kind: 'update',
      before: { [RECORD.crmUser]: null },
      after: { [RECORD.crmUser]: creation?.target.id },
      waitsFor: [{ operation: creation?.id, columns: [RECORD.crmUser] }],
    });
    expect(planOf(applied(given, plan)).operations).toEqual([]);
  });
});

describe('no CRM user is made', () => {
  test.each([
    ['for somebody whose contact was found, though it has none', { name: 'Roman Tkach', email: null }],
    ['for somebody whose contact was found by e-mail', { name: 'R. T.', email: 'r.tkach@example.test' }],
  ])('%s', (_, { name, email }) => {
    const contact = {
      Id: guid('c'),
      [CONTACT.name]: name,
      [CONTACT.type.column]: EMPLOYEE,
      Email: email,
    };
    const plan = planOf({ ...first, crm: { [CONTACT.entity]: [contact] } });
    expect(plan.people[0]?.situation).toMatch(/matched|disputed/);
    expect(creationOf(plan)).toBeUndefined();
    expect(plan.omissions).toEqual([]);
  });

  test('for a login that others have, however it is written; the record stands alone and the issue names them', () => {
    // Two of them, so that the login says nothing about who the person is.
    const plan = planOf({
      ...first,
      crm: { [USER.entity]: [crmUser('u1', 'r.tkach'), crmUser('u2', 'R.TKACH')] },
    });
    expect(plan.people[0]?.situation).toBe('unmatched');
    expect(creationOf(plan)).toBeUndefined();
    expect(recordOf(plan)?.after[RECORD.crmUser]).toBeUndefined();
    expect(plan.people[0]?.issues).toEqual([
      {
        severity: 'warning',
        code: 'crmUser.loginTaken',
        message: expect.stringContaining(guid('u1')),
      },
    ]);
  });

  test('for a login that several directory users share', () => {
    const plan = planOf({ ...first, users: [NEWCOMER, person('2', 'Lesia Moroz', { login: 'r.tkach' })] });
    expect(creationOf(plan)).toBeUndefined();
    expect(issuesOf(plan)).toEqual(['crmUser.loginTaken', 'crmUser.loginTaken']);
  });

  test('where the one that was made has been given to another contact', () => {
    const done = applied(first, planOf(first));
    const taken = (done.crm[USER.entity] ?? []).map((row) => ({
      ...row,
      [USER.login]: 'somebody',
      [USER.contact]: guid('else'),
    }));
    const plan = planOf({ ...first, crm: { ...rowsOf(done, CONTACT.entity), [USER.entity]: taken } });
    expect(creationOf(plan)).toBeUndefined();
    expect(issuesOf(plan)).toEqual(['crmUser.elsewhere']);
  });

  test('again after it was refused unchanged; the person is done without one', () => {
    const creation = creationOf(planOf(first));
    if (creation === undefined) throw new Error('Nobody gets a CRM user.');
    const refusal = { digest: digest(operationContent(creation)), code: 'VALIDATION', message: 'refused' };
    const failures = new Map([[creation.id, refusal]]);
    const plan = planOf({ ...first, failures });
    expect(creationOf(plan)).toBeUndefined();
    expect(issuesOf(plan)).toEqual(['crmUser.refused']);
    expect(applied(first, plan).links).toEqual([expect.objectContaining({ crmUserId: null })]);
    const changed = { ...first, users: [{ ...NEWCOMER, login: 'roman' }] };
    expect(creationOf(planOf({ ...changed, failures }))).toBeDefined();
  });

  test('where none may be made: people are counted and the reason is given', () => {
    const users = [NEWCOMER, person('2', 'Lesia Moroz')];
    const plan = planOf({ ...first, users, withoutCrmUsers: 'The right is missing.' });
    expect(plan.operations.filter(({ entity }) => entity === 'crmUser')).toEqual([]);
    expect(plan.omissions).toEqual([{ what: 'crm-user', count: 2, reason: 'The right is missing.' }]);
    expect(planOf({ ...applied(first, plan), users, withoutCrmUsers: 'x' }).omissions).toEqual([]);
  });

  test('where the CRM was not read completely', () => {
    const plan = planOf({ ...first, crmProblems: ['SysAdminUnit: rows are missing'] });
    expect(plan.operations).toEqual([]);
    expect(plan.omissions.map(({ what }) => what)).toEqual(['create']);
  });
});

test('an e-mail address that another directory user has, too, is not given to the CRM user', () => {
  const other = person('2', 'Lesia Moroz', { email: 'R.Tkach@example.test' });
  const creations = planOf({ ...first, users: [NEWCOMER, other] }).operations.filter(
    ({ entity }) => entity === 'crmUser',
  );
  expect(creations.map(({ after }) => after['Email'])).toEqual([undefined, undefined]);
  expect(creationOf(planOf(first))?.after['Email']).toBe('r.tkach@example.test');
});
