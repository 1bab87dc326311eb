import type { Random } from '../kit/random.ts';
import type { Row, Tables } from '../types.ts';
import type { CrmIdentity } from './crm.ts';
import type { Directory, DirectoryUser } from './directory.ts';
import type { Person } from './person.ts';
import { IDS, SYNC_STATUSES } from './reference.ts';
import { layOut } from './spelling.ts';
import { drawStamps, iso } from './stamps.ts';

/** Share of directory users with a telephony record that stood before. */
const RECORD_SHARE = 0.04;
/** So many directory users make it likely that somebody was entered twice. */
const USERS_FOR_A_DOUBLE = 200;
const KINDS = ['without id', 'without licences', 'other spelling', 'login case'] as const;

type Kind = (typeof KINDS)[number] | 'doubled';

/** Telephony records that stand already, with their lookups and details; only clear people have one. */
export function buildRecords(
  directory: Directory,
  identities: ReadonlyMap<Person, CrmIdentity>,
  random: Random,
): Tables {
  const lookups = buildLookups(directory, random);
  const candidates = directory.users.flatMap((user) => {
    const { person } = user;
    const identity = person === undefined ? undefined : identities.get(person);
    return person?.isClear === true && identity !== undefined ? [{ user, person, identity }] : [];
  });
  const chosen = random.shuffle(candidates).slice(0, Math.round(directory.users.length * RECORD_SHARE));
  const stamps = drawStamps(chosen.length + 1, random);

  const records: Row[] = [];
  const licences: Row[] = [];
  const roles: Row[] = [];
  for (const [at, { user, person, identity }] of chosen.entries()) {
    const isDoubled = at === 0 && directory.users.length >= USERS_FOR_A_DOUBLE;
    const kind: Kind = isDoubled ? 'doubled' : (KINDS[at % KINDS.length] ?? 'without id');
    const row = record(user, person, identity, kind, stamps[at] ?? 0, random);
    records.push(row);
    if (isDoubled) records.push(secondOf(row, stamps[at + 1] ?? 0, random));
    if (kind === 'without id' || kind === 'without licences') continue;
    for (const id of user.licenceIds) {
      const lookup = lookups.licenceRowOf.get(id);
      if (lookup !== undefined)
        licences.push({ Id: random.guid(), UsrWebitelUserId: row.Id, UsrLicenseId: lookup });
    }
    for (const id of user.roleIds) {
      const lookup = lookups.roleRowOf.get(id);
      if (lookup !== undefined)
        roles.push({ Id: random.guid(), UsrWebitelUserId: row.Id, UsrRoleId: lookup });
    }
  }
  return {
    ...lookups.tables,
    UsrWebitelUser: records,
    UsrWebitelUserLicense: licences,
    UsrWebitelUserRole: roles,
  };
}

interface Lookups {
  tables: Tables;
  /** Directory id → id of the lookup row. */
  licenceRowOf: ReadonlyMap<string, string>;
  roleRowOf: ReadonlyMap<string, string>;
}

/** Lookup rows for every other licence and role; the first of each has no external id. */
function buildLookups(directory: Directory, random: Random): Lookups {
  const licenceRowOf = new Map<string, string>();
  const licences = directory.licences
    .filter((licence) => !licence.isExpired)
    .filter((_, at) => at % 2 === 0)
    .map((licence, at): Row => {
      const Id = random.guid();
      licenceRowOf.set(licence.id, Id);
      return {
        Id,
        Name: licence.name || licence.product,
        Code: licence.product,
        UsrExternalId: at === 0 ? '' : licence.id,
      };
    });
  const roleRowOf = new Map<string, string>();
  const roles = directory.roles
    .filter((_, at) => at % 2 === 0)
    .map((role, at): Row => {
      const Id = random.guid();
      roleRowOf.set(role.id, Id);
      return { Id, Name: role.name, UsrExternalId: at === 0 ? '' : role.id };
    });
  return { tables: { UsrWebitelLicense: licences, UsrWebitelRole: roles }, licenceRowOf, roleRowOf };
}

function record(
  user: DirectoryUser,
  person: Person,
  identity: CrmIdentity,
  kind: Kind,
  createdMs: number,
  random: Random,
): Row & { Id: string } {
  return {
    Id: random.guid(),
    UsrName: kind === 'other spelling' ? otherSpelling(user, person) : user.name,
    UsrContactId: identity.contact,
    ...(identity.crmUser === null ? {} : { UsrUserId: identity.crmUser }),
    UsrUsername: kind === 'login case' ? user.username.toUpperCase() : user.username,
    UsrExtension: user.extension,
    UsrExternalId: kind === 'without id' ? '' : user.id,
    UsrEmail: user.email,
    UsrActive: true,
    UsrDirectoryId: IDS.directory,
    UsrSyncStatusId: SYNC_STATUSES.new,
    CreatedOn: iso(createdMs),
    ModifiedOn: iso(createdMs),
  };
}

/** The second record of somebody: what must be unique is left empty. */
function secondOf(first: Row, createdMs: number, random: Random): Row {
  const { UsrUserId: _user, UsrExtension: _extension, ...rest } = first;
  return { ...rest, Id: random.guid(), CreatedOn: iso(createdMs), ModifiedOn: iso(createdMs) };
}

function otherSpelling(user: DirectoryUser, { crm }: Person): string {
  if (crm === undefined) return user.name;
  const name = layOut(crm.parts, 'surname given patronymic');
  return name === user.name ? layOut(crm.parts, 'given surname') : name;
}
