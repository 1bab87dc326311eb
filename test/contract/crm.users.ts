import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmUsers } from '../../src/app/ports/crm.ts';
import { guid, type CrmBench } from './crm.bench.ts';

/** Managing CRM users, as every connector to a product that allows it has to do it. */
export function describeCrmUsers(bench: CrmBench): void {
  describe('CRM users', () => {
    const users = (): CrmUsers => {
      const { crmUsers } = bench.crm;
      if (crmUsers === null) throw new Error('The connector cannot manage CRM users.');
      return crmUsers;
    };
    const stored = (n: number) =>
      bench.stand.rows(bench.stand.names.crmUser.entity).find((row) => row['Id'] === guid(n, 4));
    const contactless = (n: number, login = `login${n}`) =>
      bench.crmUser(n, {
        [bench.stand.names.crmUser.login]: login,
        [bench.stand.names.crmUser.active]: false,
      });

    beforeEach(async () => {
      await bench.crm.whoAmI();
      await bench.crm.describe();
      await bench.crm.write([bench.contact(1)]);
    });

    test('the right to manage them is found out in one request without any effect', async () => {
      const { entity } = bench.stand.names.crmUser;
      const before = bench.stand.rows(entity);
      let right: unknown;
      expect(await bench.cost(async () => (right = await users().probe()))).toBe(1);
      expect(right).toEqual({ allowed: true });
      bench.stand.forbidUsers();
      expect(await bench.cost(async () => (right = await users().probe()))).toBe(1);
      expect(right).toEqual({ allowed: false, message: expect.any(String), cure: expect.any(String) });
      expect(bench.stand.rows(entity)).toEqual(before);
    });

    test('one is made in one request, under our id, with its contact, and may not sign in', async () => {
      const { login, contact, active } = bench.stand.names.crmUser;
      let outcome: unknown;
      expect(await bench.cost(async () => (outcome = await users().write(bench.crmUser(1))))).toBe(1);
      expect(outcome).toMatchObject({ ref: 'crm user 1', state: 'done' });
      expect(stored(1)).toMatchObject({ [login]: 'login1', [contact]: guid(1, 2), [active]: false });
    });

    test('one is changed, and what was not named stays', async () => {
      const { login, contact, active } = bench.stand.names.crmUser;
      await users().write(bench.crmUser(1));
      const changed = await users().write({
        ...bench.crmUser(1),
        kind: 'update',
        values: { [active]: true },
      });
      expect(changed).toMatchObject({ ref: 'crm user 1', state: 'done' });
      expect(stored(1)).toMatchObject({ [login]: 'login1', [contact]: guid(1, 2), [active]: true });
    });

    test('a change of one who is not there makes nobody', async () => {
      const { entity, active } = bench.stand.names.crmUser;
      const before = bench.stand.rows(entity);
      const outcome = await users().write({
        ...bench.crmUser(7),
        kind: 'update',
        values: { [active]: false },
      });
      expect(outcome).toEqual({ ref: 'crm user 7', state: 'absent' });
      expect(bench.stand.rows(entity)).toEqual(before);
    });

    test('one is deleted, unless rows refer to them', async () => {
      const { names } = bench.stand;
      await users().write(bench.crmUser(1));
      await users().write(contactless(2));
      await bench.crm.write([bench.record(1, { [names.crmUser.ofRecord]: guid(1, 4) })]);
      const remove = (n: number) => users().write({ ...bench.crmUser(n), kind: 'delete', values: {} });
      expect(await remove(1)).toMatchObject({ state: 'refused', code: 'CONFLICT' });
      expect(await remove(2)).toMatchObject({ ref: 'crm user 2', state: 'done' });
      expect(stored(1)).toBeDefined();
      expect(stored(2)).toBeUndefined();
    });

    test('without the right every write is refused as forbidden, and nothing changes', async () => {
      const { active } = bench.stand.names.crmUser;
      await users().write(bench.crmUser(1));
      bench.stand.forbidUsers();
      const refused = { state: 'refused', code: 'FORBIDDEN' };
      expect(await users().write(contactless(2))).toMatchObject(refused);
      expect(
        await users().write({ ...bench.crmUser(1), kind: 'update', values: { [active]: true } }),
      ).toMatchObject(refused);
      expect(await users().write({ ...bench.crmUser(1), kind: 'delete', values: {} })).toMatchObject(refused);
      expect(stored(2)).toBeUndefined();
      expect(stored(1)).toMatchObject({ [active]: false });
    });

    test('a value that does not fit is refused before or by the product, and nobody is made', async () => {
      const { login } = bench.stand.names.crmUser;
      expect(await users().write(contactless(2, 'x'.repeat(300)))).toMatchObject({
        state: 'refused',
        code: 'VALIDATION',
      });
      expect(await users().write(bench.crmUser(3, { [login]: 'login3', NoSuchColumn: 'x' }))).toMatchObject({
        state: 'refused',
        code: 'CONTRACT',
      });
      expect(stored(2)).toBeUndefined();
      expect(stored(3)).toBeUndefined();
    });

    test('one whose contact is not there is not made, and the product has said so', async () => {
      const outcome = await users().write(bench.crmUser(9));
      expect(['refused', 'unknown']).toContain(outcome.state);
      if (outcome.state === 'unknown') expect(outcome.answered).toBe(true);
      expect(stored(9)).toBeUndefined();
    });

    test('when the answer is lost it says that it does not know, and does not send again', async () => {
      bench.stand.loseAnswer();
      let outcome: { state: string } | undefined;
      expect(await bench.cost(async () => (outcome = await users().write(bench.crmUser(1))))).toBe(1);
      expect(outcome).toMatchObject({ state: 'unknown' });
      expect(stored(1)).toBeDefined();
    });

    test('when the connection breaks before anything is done it says that it does not know', async () => {
      bench.stand.loseRequest();
      expect(await users().write(bench.crmUser(1))).toMatchObject({ state: 'unknown' });
      expect(stored(1)).toBeUndefined();
      expect(await users().write(bench.crmUser(1))).toMatchObject({ state: 'done' });
    });
  });
}
