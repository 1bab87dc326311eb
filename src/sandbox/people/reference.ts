import type { Tables } from '../types.ts';

/** Ids that every Creatio site has, and those that this generator gives to its own built-in rows. */
export const IDS = {
  ourCompany: 'e308b781-3c5b-4ecb-89ef-5c1ed4da488e',
  supervisorContact: '410006e1-ca4e-4502-a9ec-e54d922d2c00',
  supervisorUser: '7f3b869f-34f3-4f20-ab4d-7480a5fdf647',
  integrationContact: 'd0a1c5e2-6a3f-4c1b-9a55-0d2b7f3e8c01',
  integrationUser: 'd0a1c5e2-6a3f-4c1b-9a55-0d2b7f3e8c02',
  allEmployees: 'a29a3ba5-4b0d-de11-9a51-005056c00008',
  allExternalUsers: '720b771c-e7a7-4f31-9cfb-52cd21c3739f',
  systemAdministrators: '83a43ebc-f36b-1410-298d-001e8c82bcad',
  innerPhone: 'e9d91e45-8d92-4e38-95a0-ef8aa28c9e7a',
  directory: 'b1e5f2c4-3d57-4f0a-9c58-7a1d2e9f0001',
} as const;

export const CONTACT_TYPES = {
  employee: '60733efc-f36b-1410-a883-16d83cab0980',
  customer: '00783ef6-f36b-1410-a883-16d83cab0980',
  contactPerson: '806732ee-f36b-1410-a883-16d83cab0980',
  supplier: 'ac278ef3-e63f-48d9-ba34-7c52e92fecfe',
} as const;

export const GENDERS = {
  male: 'eeac42ee-65b6-df11-831a-001d60e938c6',
  female: 'fc2483f8-65b6-df11-831a-001d60e938c6',
} as const;

export const CULTURES = {
  english: 'a5420246-0a8e-e111-84a3-00155d054c03',
  ukrainian: 'b7f1d0c4-2e6a-4d51-8a0f-5c3e9b7d6a11',
} as const;

/** States of a telephony record. */
export const SYNC_STATUSES = {
  new: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00001',
  inStep: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00002',
  failed: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00003',
  gone: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00004',
} as const;

/** Rows that do not depend on the people. */
export function referenceTables(): Tables {
  return {
    ContactType: [
      { Id: CONTACT_TYPES.employee, Name: 'Employee' },
      { Id: CONTACT_TYPES.customer, Name: 'Customer' },
      { Id: CONTACT_TYPES.contactPerson, Name: 'Contact person' },
      { Id: CONTACT_TYPES.supplier, Name: 'Supplier' },
    ],
    Gender: [
      { Id: GENDERS.male, Name: 'Male' },
      { Id: GENDERS.female, Name: 'Female' },
    ],
    CommunicationType: [{ Id: IDS.innerPhone, Name: 'Extension phone', Code: 'InnerPhone' }],
    SysCulture: [
      { Id: CULTURES.english, Name: 'en-US', Active: true, Default: true },
      { Id: CULTURES.ukrainian, Name: 'uk-UA', Active: true, Default: false },
    ],
    SysAdminUnit: [
      role(IDS.allEmployees, 'All employees'),
      role(IDS.allExternalUsers, 'All external users'),
      role(IDS.systemAdministrators, 'System administrators'),
    ],
    UsrDirectory: [{ Id: IDS.directory, Name: 'Webitel', Code: 'webitel' }],
    UsrSyncStatus: [
      { Id: SYNC_STATUSES.new, Name: 'New', Code: 'new' },
      { Id: SYNC_STATUSES.inStep, Name: 'In step', Code: 'in-step' },
      { Id: SYNC_STATUSES.failed, Name: 'Failed', Code: 'failed' },
      { Id: SYNC_STATUSES.gone, Name: 'Gone from the directory', Code: 'gone' },
    ],
  };
}

function role(
  Id: string,
  Name: string,
): { Id: string; Name: string; SysAdminUnitTypeValue: number; SysCultureId: string } {
  return { Id, Name, SysAdminUnitTypeValue: 0, SysCultureId: CULTURES.english };
}
