import type { Random } from '../kit/random.ts';
import type { Row, Tables, Truth } from '../types.ts';
import { INTEGRATION, type Directory } from './directory.ts';
import type { Human } from './human.ts';
import type { CrmSide, Person } from './person.ts';
import { CONTACT_TYPES, CULTURES, GENDERS, IDS, referenceTables } from './reference.ts';
import type { Roster } from './roster.ts';
import { layOut, spell } from './spelling.ts';
import { drawStamps, iso } from './stamps.ts';

/** Whose contact and CRM user somebody is. */
export interface CrmIdentity {
  contact: string;
  crmUser: string | null;
}

export interface Crm {
  tables: Tables;
  /** Of everybody who has a contact. */
  identities: ReadonlyMap<Person, CrmIdentity>;
  truth: Truth;
}

type KeyedRow = Row & { Id: string };

const JOB_TITLES = ['Operator', 'Менеджер', 'Sales manager', 'Інженер', 'Бухгалтер', 'Team lead', ''];
/** Share of staff contacts of CRM users that are not of the type Employee. */
const OTHER_TYPE_SHARE = 0.05;
const WITHOUT_PARTS_SHARE = 0.15;
const INNER_PHONE_SHARE = 0.35;

/** Writes the roster into the rows of Creatio, telephony records aside. */
export function buildCrm(roster: Roster, directory: Directory, random: Random): Crm {
  const identities = new Map<Person, CrmIdentity>();
  const accounts = listAccounts(roster.customers.length, random);
  const tables: Tables = { ...referenceTables(), Account: accounts };
  const accountIds = accounts.slice(1).map((row) => row.Id);

  const staff = roster.staff.flatMap((person) =>
    person.crm === undefined ? [] : [{ person, crm: person.crm }],
  );
  const units: KeyedRow[] = [];
  const contacts: KeyedRow[] = [];
  for (const { person, crm } of staff) {
    const contact = random.guid();
    const crmUser = crm.login === undefined ? null : random.guid();
    identities.set(person, { contact, crmUser });
    contacts.push(staffContact(contact, person.human, crm, random));
    if (crmUser !== null) {
      units.push({
        Id: crmUser,
        Name: crm.login ?? '',
        ContactId: contact,
        Active: random.chance(0.93),
        Email: crm.email !== '' && random.chance(0.5) ? crm.email : '',
      });
    }
  }
  for (const [at, human] of roster.customers.entries())
    contacts.push(customerContact(human, at, accountIds, random));
  for (const login of roster.technicalLogins)
    units.push({ Id: random.guid(), Name: login, Active: true, Email: '' });

  tables['Contact'] = stamped([...builtInContacts(), ...random.shuffle(contacts)], random);
  const users = stamped([...builtInUsers(), ...units].map(asUser), random);
  tables['SysAdminUnit'] = [...(tables['SysAdminUnit'] ?? []), ...users];
  tables['SysUserInRole'] = users.flatMap((unit) => memberships(unit.Id, random));
  tables['ContactCommunication'] = innerPhones(directory, identities, staff, random);
  return { tables, identities, truth: tellTruth(directory, identities) };
}

function tellTruth(directory: Directory, identities: ReadonlyMap<Person, CrmIdentity>): Truth {
  const integration: CrmIdentity = { contact: IDS.integrationContact, crmUser: IDS.integrationUser };
  return Object.fromEntries(
    directory.users.map(({ id, person, username }) => {
      const known = username === INTEGRATION.username ? integration : person && identities.get(person);
      return [id, { contact: known?.contact ?? null, crmUser: known?.crmUser ?? null }];
    }),
  );
}

function builtInContacts(): KeyedRow[] {
  const shared = { TypeId: CONTACT_TYPES.employee, AccountId: IDS.ourCompany };
  return [
    { Id: IDS.supervisorContact, Name: 'Supervisor', Surname: 'Supervisor', ...shared },
    { Id: IDS.integrationContact, Name: INTEGRATION.name, Surname: INTEGRATION.name, ...shared },
  ];
}

function builtInUsers(): KeyedRow[] {
  return [
    { Id: IDS.supervisorUser, Name: 'Supervisor', ContactId: IDS.supervisorContact, Active: true, Email: '' },
    {
      Id: IDS.integrationUser,
      Name: INTEGRATION.username,
      ContactId: IDS.integrationContact,
      Active: true,
      Email: '',
    },
  ];
}

function asUser(row: KeyedRow): KeyedRow {
  return { ...row, SysAdminUnitTypeValue: 4, ConnectionType: 0, SysCultureId: CULTURES.english };
}

function staffContact(id: string, human: Human, crm: CrmSide, random: Random): KeyedRow {
  const isOther = crm.login !== undefined && random.chance(OTHER_TYPE_SHARE);
  const hasParts = !random.chance(WITHOUT_PARTS_SHARE);
  return {
    Id: id,
    Name: crm.name,
    ...(hasParts
      ? { Surname: crm.parts.surname, GivenName: crm.parts.given, MiddleName: crm.parts.patronymic }
      : {}),
    Email: crm.email,
    TypeId: isOther ? CONTACT_TYPES.contactPerson : CONTACT_TYPES.employee,
    AccountId: IDS.ourCompany,
    GenderId: human.isFemale ? GENDERS.female : GENDERS.male,
    JobTitle: random.pick(JOB_TITLES),
    MobilePhone: random.chance(0.5) ? mobileNumber(random) : '',
    CreatedOn: '',
    ModifiedOn: '',
  };
}

function customerContact(human: Human, at: number, accountIds: string[], random: Random): KeyedRow {
  const parts = spell(human, 'native');
  return {
    Id: random.guid(),
    Name: layOut(parts, random.pick(['given surname', 'surname given patronymic', 'surname given'])),
    Surname: parts.surname,
    GivenName: parts.given,
    MiddleName: parts.patronymic,
    Email: random.chance(0.6) ? `customer${at + 1}@client.test` : '',
    TypeId: CONTACT_TYPES.customer,
    AccountId: accountIds.length > 0 && random.chance(0.7) ? random.pick(accountIds) : null,
    MobilePhone: random.chance(0.7) ? mobileNumber(random) : '',
    CreatedOn: '',
    ModifiedOn: '',
  };
}

/** Our company first, then the customers' companies. */
function listAccounts(customers: number, random: Random): KeyedRow[] {
  const count = Math.min(200, Math.ceil(customers / 20));
  const clients = Array.from({ length: count }, (_, at) => ({
    Id: random.guid(),
    Name: `Client ${at + 1} LLC`,
  }));
  return [{ Id: IDS.ourCompany, Name: 'Our company' }, ...clients];
}

/** Gives rows their stamps, in their order. Rows are filled in place: there may be half a million. */
function stamped(rows: KeyedRow[], random: Random): KeyedRow[] {
  const stamps = drawStamps(rows.length, random);
  for (const [at, row] of rows.entries()) {
    const created = stamps[at] ?? 0;
    row['CreatedOn'] = iso(created);
    row['ModifiedOn'] = iso(created + random.int(0, 90) * 3_600_000);
  }
  return rows;
}

function memberships(userId: string, random: Random): Row[] {
  const isAdministrator = userId === IDS.supervisorUser || userId === IDS.integrationUser;
  return [IDS.allEmployees, ...(isAdministrator ? [IDS.systemAdministrators] : [])].map((SysRoleId) => ({
    Id: random.guid(),
    SysUserId: userId,
    SysRoleId,
  }));
}

function innerPhones(
  directory: Directory,
  identities: ReadonlyMap<Person, CrmIdentity>,
  staff: { person: Person }[],
  random: Random,
): Row[] {
  const row = (contact: string, Number: string): Row => ({
    Id: random.guid(),
    ContactId: contact,
    CommunicationTypeId: IDS.innerPhone,
    Number,
    SearchNumber: Number,
  });
  const known = directory.users.flatMap(({ person, extension }) => {
    const identity = person && identities.get(person);
    if (identity === undefined || extension === '' || !random.chance(INNER_PHONE_SHARE)) return [];
    return [row(identity.contact, extension)];
  });
  const desk = staff
    .filter(({ person }) => person.directory === undefined)
    .slice(0, directory.spareExtensions.length)
    .flatMap(({ person }, at) => {
      const identity = identities.get(person);
      return identity === undefined || !random.chance(0.1)
        ? []
        : [row(identity.contact, directory.spareExtensions[at] ?? '')];
    });
  return [...known, ...desk];
}

function mobileNumber(random: Random): string {
  return `+38${random.pick(['050', '063', '067', '073', '095', '098'])}${String(random.int(0, 9_999_999)).padStart(7, '0')}`;
}
