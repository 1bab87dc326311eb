import type { Random } from '../kit/random.ts';
import type { Row, Tables } from '../types.ts';
import type { Person } from './person.ts';
import type { Roster } from './roster.ts';
import { drawStamps } from './stamps.ts';

/** A directory user with what the CRM's rows are made from. */
export interface DirectoryUser {
  id: string;
  /** Nobody for the integration account and for service accounts. */
  person: Person | undefined;
  name: string;
  username: string;
  email: string;
  extension: string;
  chatName: string;
  deviceName: string;
  licenceIds: string[];
  roleIds: string[];
}

export interface Directory {
  tables: Tables;
  users: DirectoryUser[];
  licences: Licence[];
  roles: { id: string; name: string }[];
  /** Extensions that nobody has. */
  spareExtensions: string[];
}

export interface Licence {
  id: string;
  product: string;
  name: string;
  /** Past its term since a renewal under another serial. */
  isExpired: boolean;
  isConcurrent: boolean;
  scope: string[];
  /** What an ordinary user holds it with. */
  probability: number;
}

/** The account of the connector on both sides. */
export const INTEGRATION = { username: 'rollcall', name: 'Rollcall' } as const;

const CURRENT_TERM = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2036, 0, 1) };
const PAST_TERM = { from: Date.UTC(2023, 0, 1), to: Date.UTC(2025, 0, 1) };
const WITHOUT_EXTENSION_SHARE = 0.05;
const ROLE_NAMES = [
  'Operators',
  'Supervisors',
  'Sales team',
  'Support team',
  'Оператори лінії 2',
  'Quality control',
  'Back office',
  'Administrators',
];
const DEPARTMENTS = ['Sales', 'Support', 'Логістика', 'Бухгалтерія', 'IT'];

/** Writes the roster into the rows of a Webitel directory. */
export function buildDirectory(roster: Roster, random: Random): Directory {
  const licences = listLicences(random);
  const roles = ROLE_NAMES.map((name, at) => ({ id: String(21 + at), name }));
  const heads = listHeads(roster);
  const extensions = drawExtensions(Math.ceil(heads.length * 1.1) + 20, random);
  const stamps = drawStamps(heads.length, random);
  const devices: Row[] = [];
  const rows: Row[] = [];
  let id = 100;

  const users = heads.map((head, at): DirectoryUser => {
    id += random.int(1, 3);
    const isIntegration = head.username === INTEGRATION.username;
    const extension = isIntegration || random.chance(WITHOUT_EXTENSION_SHARE) ? '' : (extensions.pop() ?? '');
    const user: DirectoryUser = {
      ...head,
      id: String(id),
      extension,
      chatName: head.person !== undefined && random.chance(0.3) ? (head.name.split(/\s+/)[0] ?? '') : '',
      deviceName: extension === '' ? '' : `${head.username} ${random.pick(['sip', 'phone', 'softphone'])}`,
      licenceIds: isIntegration
        ? [licenceOf(licences, 'CALL_MANAGER')]
        : drawLicences(licences, extension !== '', random),
      roleIds: isIntegration ? [roleOf(roles, 'Administrators')] : drawRoles(roles, random),
    };
    const device = { id: String(500 + devices.length), name: user.deviceName };
    if (extension !== '') {
      devices.push({
        ...device,
        account: user.username,
        user: { id: user.id, name: user.name },
        reged: random.chance(0.6),
      });
    }
    rows.push(toRow(user, device, stamps[at] ?? 0, { licences, roles, random }));
    return user;
  });

  return {
    users,
    licences,
    roles,
    spareExtensions: extensions,
    tables: {
      domain: [{ id: '1', name: 'company.test' }],
      users: rows,
      roles: roles.map((role) => ({ ...role })),
      licenses: licences.map((licence) => licenceRow(licence, users, random)),
      devices,
    },
  };
}

type Head = Pick<DirectoryUser, 'person' | 'name' | 'username' | 'email'>;

/** Everybody in the directory in the order of adding; the integration account came early, not first. */
function listHeads(roster: Roster): Head[] {
  const heads = roster.staff.flatMap((person): Head[] =>
    person.directory === undefined ? [] : [{ person, ...person.directory }],
  );
  const services = roster.services.map((service): Head => ({ person: undefined, email: '', ...service }));
  heads.splice(Math.min(2, heads.length), 0, { person: undefined, email: '', ...INTEGRATION });
  for (const [at, service] of services.entries())
    heads.splice(Math.min(heads.length, 5 + at * 7), 0, service);
  return heads;
}

function listLicences(random: Random): Licence[] {
  const serial = (short: string): string => `WBT-${short}-${random.int(100_000, 999_999)}`;
  const kinds: (Omit<Licence, 'id' | 'isExpired' | 'isConcurrent'> & { short: string; flags?: string })[] = [
    {
      short: 'CC',
      product: 'CALL_CENTER',
      name: 'Contact centre',
      scope: ['cc_agent', 'cc_queue'],
      probability: 0,
      flags: 'expired',
    },
    {
      short: 'CC',
      product: 'CALL_CENTER',
      name: 'Contact centre',
      scope: ['cc_agent', 'cc_queue'],
      probability: 0.5,
    },
    {
      short: 'CM',
      product: 'CALL_MANAGER',
      name: 'Call manager',
      scope: ['users', 'roles', 'devices', 'license', 'calls'],
      probability: 0.12,
    },
    { short: 'VD', product: 'VOIP_DEVICE', name: 'VoIP device', scope: ['devices'], probability: 0.9 },
    { short: 'CH', product: 'CHAT', name: '', scope: ['chats'], probability: 0.25, flags: 'concurrent' },
    { short: 'MO', product: 'MOBILE', name: 'Mobile', scope: ['mobile'], probability: 0.1 },
  ];
  return kinds.map(({ short, flags = '', ...kind }) => ({
    ...kind,
    id: serial(short),
    isExpired: flags === 'expired',
    isConcurrent: flags === 'concurrent',
  }));
}

function drawLicences(licences: Licence[], hasExtension: boolean, random: Random): string[] {
  const wanted = licences.filter(({ product, probability }) =>
    product === 'VOIP_DEVICE' ? hasExtension && random.chance(probability) : random.chance(probability),
  );
  if (wanted.length === 0) return [licenceOf(licences, hasExtension ? 'VOIP_DEVICE' : 'CHAT')];
  return wanted.slice(0, 3).map((licence) => licence.id);
}

function drawRoles(roles: { id: string }[], random: Random): string[] {
  const first = random.int(0, roles.length - 2);
  const second = random.int(0, roles.length - 2);
  const places = random.chance(0.3) && second !== first ? [first, second] : [first];
  return places.map((at) => roles[at]?.id ?? '');
}

function licenceOf(licences: Licence[], product: string): string {
  return licences.find((licence) => licence.product === product && !licence.isExpired)?.id ?? '';
}

function roleOf(roles: { id: string; name: string }[], name: string): string {
  return roles.find((role) => role.name === name)?.id ?? '';
}

function toRow(
  user: DirectoryUser,
  device: { id: string; name: string },
  createdMs: number,
  { licences, roles, random }: { licences: Licence[]; roles: { id: string; name: string }[]; random: Random },
): Row {
  const hasDevice = user.extension !== '';
  const created = String(createdMs);
  return {
    id: user.id,
    name: user.name,
    username: user.username,
    ...(user.email === '' ? {} : { email: user.email }),
    ...(hasDevice ? { extension: user.extension, device, devices: [device] } : {}),
    ...(user.chatName === '' ? {} : { chat_name: user.chatName }),
    license: licences
      .filter((licence) => user.licenceIds.includes(licence.id))
      .map(({ id, product, name, scope }) => ({
        id,
        prod: product,
        name,
        scope,
        issued_at: created,
        expires_at: String(CURRENT_TERM.to),
      })),
    roles: roles.filter((role) => user.roleIds.includes(role.id)).map(({ id, name }) => ({ id, name })),
    ...(random.chance(0.2) ? { profile: { department: random.pick(DEPARTMENTS) } } : {}),
    created_at: created,
    updated_at: String(createdMs + random.int(0, 30) * 86_400_000),
  };
}

function licenceRow(licence: Licence, users: DirectoryUser[], random: Random): Row {
  const term = licence.isExpired ? PAST_TERM : CURRENT_TERM;
  const used = users.filter((user) => user.licenceIds.includes(licence.id)).length;
  const seats = licence.product === 'MOBILE' ? Math.max(1, used) : used + random.int(10, 30);
  // Grants of a concurrent licence are not limited, its sessions are.
  const limit = licence.isConcurrent ? 10 : seats;
  return {
    id: licence.id,
    product: licence.product,
    ...(licence.name === '' ? {} : { name: licence.name }),
    not_before: String(term.from),
    not_after: String(term.to),
    scope: licence.scope,
    ...(licence.isConcurrent ? { competitive: true } : {}),
    limit,
    remain: licence.isConcurrent ? limit : limit - used,
  };
}

/** Different extensions of three to five digits, about one in ten with a leading zero. */
function drawExtensions(count: number, random: Random): string[] {
  const drawn = new Set<string>();
  for (const digits of [3, 4, 5, 6]) {
    const capacity = 10 ** digits;
    const share = digits === 3 ? 0.15 : digits === 4 ? 0.6 : 1;
    const wanted = Math.min(count - drawn.size, Math.round(capacity * 0.9), Math.ceil(count * share));
    const target = drawn.size + Math.max(0, wanted);
    while (drawn.size < target) drawn.add(String(random.int(0, capacity - 1)).padStart(digits, '0'));
  }
  return random.shuffle([...drawn]);
}
