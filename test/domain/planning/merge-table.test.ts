import { describe, expect, test } from '@jest/globals';
import { Mapping } from '../../../src/domain/mapping/schema.ts';
import {
  PERSON_FIELDS,
  type BasePair,
  type DirectoryUser,
  type Link,
  type PersonField,
} from '../../../src/domain/person.ts';
import { buildPlan, type UnsignedPlan } from '../../../src/domain/planning/build.ts';
import { inputOf, MAPPING, person, scene, type Scene } from './bench.ts';

type Owner = 'crm' | 'directory' | 'manual';
type Kind = Scene['kind'];
type Text = string | null;

/** What becomes of one field. */
type Verdict =
  | 'nothing'
  | 'agreed'
  | 'CRM to directory'
  | 'directory to CRM'
  | 'directory put back'
  | 'CRM put back'
  | 'case';

/** The table of design §6: who changed, do both sides agree now, and what follows by owner. */
const TABLE: readonly (readonly [
  crm: 'same' | 'changed',
  directory: 'same' | 'changed',
  now: 'alike' | 'different' | 'either',
  outcome: Readonly<Record<Owner, Verdict>>,
])[] = [
  ['same', 'same', 'either', { crm: 'nothing', directory: 'nothing', manual: 'nothing' }],
  // Where both agree there is nothing left to argue about, whoever moved.
  ['changed', 'same', 'alike', { crm: 'agreed', directory: 'agreed', manual: 'agreed' }],
  ['same', 'changed', 'alike', { crm: 'agreed', directory: 'agreed', manual: 'agreed' }],
  ['changed', 'changed', 'alike', { crm: 'agreed', directory: 'agreed', manual: 'agreed' }],
  [
    'changed',
    'same',
    'different',
    { crm: 'CRM to directory', directory: 'CRM put back', manual: 'CRM to directory' },
  ],
  [
    'same',
    'changed',
    'different',
    { crm: 'directory put back', directory: 'directory to CRM', manual: 'directory to CRM' },
  ],
  [
    'changed',
    'changed',
    'different',
    { crm: 'CRM to directory', directory: 'directory to CRM', manual: 'case' },
  ],
];

function verdictOn(base: BasePair, crm: BasePair['crm'], directory: BasePair['crm'], owner: Owner): Verdict {
  const moved = (now: unknown, before: unknown): string => (now === before ? 'same' : 'changed');
  const row = TABLE.find(
    ([crmMoved, directoryMoved, now]) =>
      crmMoved === moved(crm, base.crm) &&
      directoryMoved === moved(directory, base.directory) &&
      (now === 'either' || now === (crm === directory ? 'alike' : 'different')),
  );
  if (row === undefined) throw new Error('The table has no such row.');
  return row[3][owner];
}

/** Everything that a plan would do about one field. */
interface Effect {
  /** Written into the CRM; `undefined` is nothing. */
  readonly crm: unknown;
  readonly directory: unknown;
  readonly base: BasePair | undefined;
  readonly pending: boolean;
  readonly issues: readonly string[];
}

const RECORD = '00000000-0000-4000-8000-000000000001';
const VALUES: Readonly<Partial<Record<PersonField, readonly [string, string, string, string]>>> = {
  login: ['ann', 'bea', 'cat', 'dan'],
  displayName: ['Ann', 'Bea', 'Cat', 'Dan'],
  email: ['a@x.test', 'b@x.test', 'c@x.test', 'd@x.test'],
  chatName: ['a', 'b', 'c', 'd'],
  extension: ['101', '102', '103', '104'],
  defaultDevice: ['phone a', 'phone b', 'phone c', 'phone d'],
};
const OWNERS = ['crm', 'directory', 'manual'] as const;
const KINDS = ['import', 'push', 'sync'] as const;

function fieldOf(name: string): PersonField {
  const field = PERSON_FIELDS.find((one) => one === name);
  if (field === undefined) throw new Error(`There is no field ${name}.`);
  return field;
}

function planWith(field: PersonField, owner: Owner, kind: Kind, given: Partial<Scene>): UnsignedPlan {
  const { column } = MAPPING.record.fields[field] ?? { column: '' };
  const fields = { ...MAPPING.record.fields, [field]: { column, owner } };
  const mapping = Mapping.parse({ ...MAPPING, record: { ...MAPPING.record, fields } });
  return buildPlan({ ...inputOf(scene({ kind, ...given })), mapping });
}

function linkWith(fields: Link['base']['fields'], sets: Partial<Link['base']> = {}): Link {
  const none = { crm: [], directory: [], rows: {} };
  return {
    directory: MAPPING.directory,
    directoryUserId: '201',
    login: 'ann',
    recordId: RECORD,
    contactId: null,
    crmUserId: null,
    status: 'active',
    base: { licences: none, roles: none, ...sets, fields: { ...fields } },
  };
}

function userWith(field: PersonField, value: Text): DirectoryUser {
  const plain = person('201', 'Someone', { login: 'someone' });
  if (field === 'defaultDevice')
    return { ...plain, defaultDevice: value === null ? null : { id: '7', name: value } };
  return { ...plain, [field]: value };
}

function effectOn(field: PersonField, plan: UnsignedPlan): Effect {
  const column = MAPPING.record.fields[field]?.column ?? '';
  const [someone] = plan.people;
  const written = (entity: string): Readonly<Record<string, unknown>> =>
    plan.operations.find((operation) => operation.entity === entity)?.after ?? {};
  return {
    crm: written('telephonyRecord')[column],
    directory: written('directoryUser')[field],
    base: someone?.base?.fields[field],
    pending: someone?.pendingPush ?? false,
    issues: (someone?.issues ?? []).map(({ code }) => code).filter((code) => code.startsWith(field)),
  };
}

/** What the verdict means for a run of this kind. */
function effectOf(
  field: PersonField,
  kind: Kind,
  base: BasePair,
  crm: Text,
  directory: Text,
  verdict: Verdict,
): Effect {
  const quiet: Effect = { crm: undefined, directory: undefined, base, pending: false, issues: [] };
  switch (verdict) {
    case 'nothing':
      return quiet;
    case 'agreed':
      return { ...quiet, base: { crm, directory } };
    case 'directory to CRM':
      return { ...quiet, crm: directory, base: { crm: directory, directory } };
    case 'CRM put back':
      return { ...quiet, crm: base.crm };
    case 'case':
      return { ...quiet, pending: true, issues: [`${field}.conflict`] };
    case 'CRM to directory':
    case 'directory put back': {
      const isDrift = verdict === 'directory put back';
      const wanted = isDrift ? base.directory : crm;
      // An import only reads the directory.
      if (kind === 'import') return { ...quiet, pending: true };
      if (field === 'defaultDevice')
        return { ...quiet, base: { crm, directory }, issues: ['defaultDevice.notWritable'] };
      if (wanted === null && (field === 'login' || field === 'displayName'))
        return { ...quiet, pending: true, issues: [`${field}.missing`] };
      return {
        ...quiet,
        directory: wanted,
        base: { crm, directory: wanted },
        issues: isDrift ? [`${field}.drift`] : [],
      };
    }
  }
}

describe('the three-way merge of a field that both sides show', () => {
  for (const [name, [a, b, c, d] = ['', '', '', '']] of Object.entries(VALUES))
    for (const owner of OWNERS)
      for (const kind of KINDS)
        test(`${name}, owner ${owner}, ${kind}`, () => {
          const field = fieldOf(name);
          const needsValue = field === 'login' || field === 'displayName';
          let cells = 0;
          for (const base of [
            { crm: a, directory: a },
            { crm: a, directory: b },
            { crm: null, directory: a },
            { crm: a, directory: null },
          ])
            for (const directory of new Set([base.directory, d, base.crm]))
              for (const crm of new Set([base.crm, c, directory, null])) {
                // The directory never holds a user without login or name.
                if (needsValue && directory === null) continue;
                cells += 1;
                const plan = planWith(field, owner, kind, {
                  users: [userWith(field, directory)],
                  crm: { UsrWebitelUser: [recordRow(field, crm)] },
                  links: [linkWith({ ...others(field), [field]: base })],
                });
                const verdict = verdictOn(base, crm, directory, owner);
                expect({ base, crm, directory, verdict, effect: effectOn(field, plan) }).toEqual({
                  base,
                  crm,
                  directory,
                  verdict,
                  effect: effectOf(field, kind, base, crm, directory, verdict),
                });
              }
          expect(cells).toBeGreaterThan(20);
        });

  test.each(Object.keys(VALUES))(
    '%s without a base: the CRM is filled where it is empty, nothing else',
    (name) => {
      const field = fieldOf(name);
      const [a, b] = VALUES[field] ?? ['', ''];
      for (const owner of OWNERS)
        for (const kind of KINDS)
          for (const crm of [null, a, b]) {
            const plan = planWith(field, owner, kind, {
              users: [userWith(field, a)],
              crm: { UsrWebitelUser: [recordRow(field, crm)] },
              links: [linkWith(others(field))],
            });
            expect(effectOn(field, plan)).toEqual({
              crm: crm === null ? a : undefined,
              directory: undefined,
              base: { crm: crm ?? a, directory: a },
              pending: false,
              issues: [],
            });
          }
    },
  );
});

describe('what the directory does not show', () => {
  test('STUN stays as the CRM has it, and a change of it is said once', () => {
    for (const owner of OWNERS)
      for (const kind of KINDS)
        for (const before of [true, false])
          for (const now of [true, false]) {
            const plan = planWith('stun', owner, kind, {
              users: [userWith('stun', null)],
              crm: { UsrWebitelUser: [{ ...recordRow('stun', null), UsrEnableStun: now }] },
              links: [linkWith({ ...others('stun'), stun: { crm: before, directory: null } })],
            });
            const isSaid = owner !== 'directory' && kind !== 'import' && before !== now;
            expect(effectOn('stun', plan)).toEqual({
              crm: undefined,
              directory: undefined,
              base: { crm: isSaid ? now : before, directory: null },
              pending: false,
              issues: isSaid ? ['stun.notWritable'] : [],
            });
          }
  });

  test('being switched off takes licences and sessions, and being switched on gives the licences back', () => {
    for (const owner of OWNERS)
      for (const kind of KINDS)
        for (const before of [true, false])
          for (const now of [true, false]) {
            const held = { crm: ['CC'], directory: before ? ['CC'] : [], rows: { CC: DETAIL } };
            const plan = planWith('active', owner, kind, {
              ...licenceScene(true, before),
              links: [
                linkWith(
                  { ...others('active'), active: { crm: before, directory: null } },
                  { licences: held },
                ),
              ],
              crm: {
                ...licenceScene(true, before).crm,
                UsrWebitelUser: [{ ...recordRow('active', null), UsrActive: now }],
              },
            });
            const change = plan.operations.find(({ entity }) => entity === 'directoryUser')?.after;
            const isSeen = owner !== 'directory' && before !== now;
            expect(plan.people[0]?.pendingPush).toBe(isSeen && kind === 'import');
            if (!isSeen || kind === 'import') expect(change).toBeUndefined();
            else if (now) expect(change).toEqual({ 'licence:CC': true });
            else expect(change).toEqual({ 'licence:CC': false, signedOut: true });
          }
  });
});

describe('the three-way merge of a licence or a role', () => {
  for (const set of ['licence', 'role'] as const)
    for (const owner of OWNERS)
      for (const kind of KINDS)
        test(`${set}, owner ${owner}, ${kind}`, () => {
          for (const baseCrm of [true, false])
            for (const baseDirectory of [true, false])
              for (const inCrm of [true, false])
                for (const inDirectory of [true, false]) {
                  const key = set === 'licence' ? 'CC' : '900';
                  const base = {
                    crm: baseCrm ? [key] : [],
                    directory: baseDirectory ? [key] : [],
                    rows: baseCrm ? { [key]: DETAIL } : {},
                  };
                  const given =
                    set === 'licence' ? licenceScene(inCrm, inDirectory) : roleScene(inCrm, inDirectory);
                  const mapping = Mapping.parse({
                    ...MAPPING,
                    [`${set}s`]: { ...MAPPING[`${set}s`], owner },
                  });
                  const link = linkWith(others('stun'), { [`${set}s`]: base });
                  const plan = buildPlan({ ...inputOf(scene({ kind, ...given, links: [link] })), mapping });
                  const verdict = verdictOn(
                    { crm: baseCrm, directory: baseDirectory },
                    inCrm,
                    inDirectory,
                    owner,
                  );
                  const told = plan.operations.find(({ entity }) => entity === 'directoryUser')?.after;
                  const rows = plan.operations.filter(({ entity }) => entity.startsWith('record'));
                  const found = {
                    directory: told?.[`${set}:${key}`],
                    crm: rows.map((operation) => operation.kind),
                    pending: plan.people[0]?.pendingPush,
                  };
                  const nothing = { directory: undefined, crm: [], pending: false };
                  const expected = (): typeof found => {
                    if (verdict === 'nothing' || verdict === 'agreed') return nothing;
                    if (kind === 'import' || verdict === 'case')
                      return { ...nothing, pending: inCrm !== inDirectory };
                    if (verdict === 'CRM to directory')
                      return { ...nothing, directory: inCrm === inDirectory ? undefined : inCrm };
                    if (verdict === 'directory put back') return { ...nothing, directory: baseDirectory };
                    const isIn = verdict === 'directory to CRM' ? inDirectory : baseCrm;
                    return { ...nothing, crm: [isIn ? 'create' : 'delete'] };
                  };
                  expect({ base, inCrm, inDirectory, verdict, found }).toEqual({
                    base,
                    inCrm,
                    inDirectory,
                    verdict,
                    found: expected(),
                  });
                }
        });
});

const DETAIL = '00000000-0000-4000-8000-0000000000d1';
const LOOKUP = '00000000-0000-4000-8000-0000000000e1';

function licenceScene(inCrm: boolean, inDirectory: boolean): Partial<Scene> {
  return {
    licences: [
      {
        serial: 'S',
        product: 'CC',
        name: 'Centre',
        limit: 9,
        remain: 5,
        competitive: false,
        validUntil: null,
      },
    ],
    users: [{ ...userWith('stun', null), licences: inDirectory ? [{ serial: 'S', product: 'CC' }] : [] }],
    crm: {
      UsrWebitelUser: [recordRow('stun', null)],
      UsrWebitelLicense: [
        { Id: LOOKUP, Name: 'Centre', Code: 'CC', UsrExternalId: 'S', UsrLimit: 9, UsrUsed: 4 },
      ],
      UsrWebitelUserLicense: inCrm ? [{ Id: DETAIL, UsrWebitelUserId: RECORD, UsrLicenseId: LOOKUP }] : [],
    },
  };
}

function roleScene(inCrm: boolean, inDirectory: boolean): Partial<Scene> {
  const role = { id: '900', name: 'Operators' };
  return {
    roles: [role],
    users: [{ ...userWith('stun', null), roles: inDirectory ? [role] : [] }],
    crm: {
      UsrWebitelUser: [recordRow('stun', null)],
      UsrWebitelRole: [{ Id: LOOKUP, Name: 'Operators', UsrExternalId: '900' }],
      UsrWebitelUserRole: inCrm ? [{ Id: DETAIL, UsrWebitelUserId: RECORD, UsrRoleId: LOOKUP }] : [],
    },
  };
}

/** The record as it stands, with one field's value in its column. */
function recordRow(field: PersonField, value: Text): Record<string, string | boolean | null> {
  return {
    Id: RECORD,
    UsrExternalId: '201',
    UsrName: 'Someone',
    UsrUsername: 'someone',
    UsrActive: true,
    ...(field === 'stun' || field === 'active'
      ? {}
      : { [MAPPING.record.fields[field]?.column ?? '']: value }),
  };
}

/** Bases of all other fields, at peace. */
function others(field: PersonField): Link['base']['fields'] {
  const all: Link['base']['fields'] = {
    login: { crm: 'someone', directory: 'someone' },
    displayName: { crm: 'Someone', directory: 'Someone' },
    email: { crm: null, directory: null },
    chatName: { crm: null, directory: null },
    extension: { crm: null, directory: null },
    defaultDevice: { crm: null, directory: null },
    stun: { crm: null, directory: null },
    active: { crm: true, directory: null },
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== field));
}
