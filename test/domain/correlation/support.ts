import type { CorrelationInput } from '../../../src/domain/correlation/types.ts';
import type {
  Contact,
  CrmUser,
  DirectoryUser,
  Link,
  TelephonyRecord,
  Verdict,
} from '../../../src/domain/person.ts';

export function userOf(id: string, fields: Partial<DirectoryUser> = {}): DirectoryUser {
  return {
    id,
    login: `login-${id}`,
    displayName: `User ${id}`,
    email: null,
    chatName: null,
    extension: null,
    defaultDevice: null,
    licences: [],
    roles: [],
    deleted: false,
    ...fields,
  };
}

export function contactOf(id: string, fields: Partial<Contact> = {}): Contact {
  return {
    id,
    name: `Contact ${id}`,
    surname: null,
    givenName: null,
    middleName: null,
    email: null,
    phones: [],
    staff: true,
    ...fields,
  };
}

export function crmUserOf(id: string, fields: Partial<CrmUser> = {}): CrmUser {
  return { id, login: `crm-${id}`, contactId: null, email: null, active: true, ...fields };
}

export function recordOf(id: string, fields: Partial<TelephonyRecord> = {}): TelephonyRecord {
  return {
    id,
    directoryUserId: null,
    contactId: null,
    crmUserId: null,
    fields: {},
    licences: [],
    roles: [],
    ...fields,
  };
}

export function linkOf(directoryUserId: string, fields: Partial<Link> = {}): Link {
  const nothing = { crm: [], directory: [], rows: {} };
  return {
    directory: 'webitel',
    directoryUserId,
    login: `login-${directoryUserId}`,
    recordId: `record-${directoryUserId}`,
    contactId: null,
    crmUserId: null,
    status: 'active',
    base: { fields: {}, licences: nothing, roles: nothing },
    ...fields,
  };
}

export function verdictOf(
  directoryUserId: string,
  kind: Verdict['kind'],
  contactId: string | null = null,
  rejected: readonly string[] = [],
): Verdict {
  return {
    id: `verdict-${directoryUserId}-${kind}`,
    directory: 'webitel',
    directoryUserId,
    kind,
    contactId,
    rejected,
  };
}

export function inputOf(sides: Partial<CorrelationInput>): CorrelationInput {
  return {
    users: [],
    records: [],
    contacts: [],
    crmUsers: [],
    links: [],
    goneUserIds: new Set(),
    verdicts: [],
    policy: { preset: 'default' },
    ...sides,
  };
}
