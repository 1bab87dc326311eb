import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { correlate } from '../../../src/domain/correlation/correlate.ts';
import type { Correlation, CorrelationInput } from '../../../src/domain/correlation/types.ts';
import { generatePeople, type People } from '../../../src/sandbox/people/generate.ts';
import { contactOf, crmUserOf, recordOf, userOf } from './support.ts';

const EMPLOYEE = '60733efc-f36b-1410-a883-16d83cab0980';
const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));

const UserRow = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string(),
  email: text,
  extension: text,
});
const ContactRow = z.object({ Id: z.string(), Name: z.string(), Email: text, TypeId: text });
const UnitRow = z.object({
  Id: z.string(),
  Name: z.string(),
  ContactId: text,
  Email: text,
  SysAdminUnitTypeValue: z.number(),
});
const RecordRow = z.object({
  Id: z.string(),
  UsrExternalId: text,
  UsrUsername: text,
  UsrContactId: text,
  UsrUserId: text,
});

/** What the import would read, projected by hand. */
function inputOf({ data }: People): CorrelationInput {
  const rows = <T>(schema: z.ZodType<T>, table: readonly unknown[] | undefined): T[] =>
    z.array(schema).parse(table ?? []);
  const crmUsers = rows(UnitRow, data.creatio['SysAdminUnit'])
    .filter((unit) => unit.SysAdminUnitTypeValue === 4)
    .map((unit) => crmUserOf(unit.Id, { login: unit.Name, contactId: unit.ContactId, email: unit.Email }));
  const withLogin = new Set(crmUsers.map(({ contactId }) => contactId));
  return {
    users: rows(UserRow, data.webitel['users']).map((row) =>
      userOf(row.id, {
        displayName: row.name,
        login: row.username,
        email: row.email,
        extension: row.extension,
      }),
    ),
    contacts: rows(ContactRow, data.creatio['Contact']).map((row) =>
      contactOf(row.Id, {
        name: row.Name,
        email: row.Email,
        staff: row.TypeId === EMPLOYEE || withLogin.has(row.Id),
      }),
    ),
    crmUsers,
    records: rows(RecordRow, data.creatio['UsrWebitelUser']).map((row) =>
      recordOf(row.Id, {
        directoryUserId: row.UsrExternalId,
        contactId: row.UsrContactId,
        crmUserId: row.UsrUserId,
        fields: { login: row.UsrUsername },
      }),
    ),
    links: [],
    goneUserIds: new Set(),
    verdicts: [],
    policy: { preset: 'default' },
  };
}

interface Measured {
  readonly wrong: readonly string[];
  readonly strangers: readonly string[];
  readonly lost: readonly string[];
  readonly automatic: number;
  readonly cases: number;
}

function measure(people: People): Measured {
  const input = inputOf(people);
  const found = correlate(input);
  const nameOf = new Map(input.users.map((user) => [user.id, `${user.displayName} (${user.login})`]));
  const contactName = new Map(input.contacts.map((contact) => [contact.id, contact.name]));
  const wrong: string[] = [];
  const strangers: string[] = [];
  const lost: string[] = [];
  let automatic = 0;
  let withContact = 0;
  const told = (one: Correlation, truth: string | null): string =>
    `${nameOf.get(one.userId) ?? one.userId} → ${contactName.get(one.contactId ?? '') ?? 'nobody'}, truly ${contactName.get(truth ?? '') ?? 'nobody'}: ${one.reason}`;
  for (const one of found) {
    const truth = people.truth[one.userId]?.contact ?? null;
    if (truth !== null) withContact += 1;
    if (one.situation === 'matched' && one.contactId !== null) {
      if (one.contactId === truth) automatic += 1;
      else (truth === null ? strangers : wrong).push(told(one, truth));
      const crmUser = people.truth[one.userId]?.crmUser ?? null;
      if (one.crmUserId !== null && one.crmUserId !== crmUser) wrong.push(`CRM user: ${told(one, truth)}`);
    }
    if (one.situation === 'unmatched' && truth !== null) lost.push(told(one, truth));
  }
  const cases = found.filter(({ situation }) => situation === 'disputed').length;
  return { wrong, strangers, lost, automatic: automatic / withContact, cases: cases / found.length };
}

describe('the ladder over generated companies', () => {
  test.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'links nobody wrongly and leaves few cases (seed %i)',
    (seed) => {
      const measured = measure(generatePeople({ users: 500, contacts: 2000, crmUsers: 400, seed }));
      expect(measured.wrong).toEqual([]);
      expect(measured.strangers).toEqual([]);
      expect(measured.lost).toEqual([]);
      expect(measured.automatic).toBeGreaterThanOrEqual(0.85);
      expect(measured.cases).toBeLessThanOrEqual(0.08);
    },
  );
});
