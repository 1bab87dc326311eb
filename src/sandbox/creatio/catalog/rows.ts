import type { Tables } from '../../types.ts';

/** The role of all company employees. */
export const ALL_EMPLOYEES = 'a29a3ba5-4b0d-de11-9a51-005056c00008';
/** The culture of users that name none. */
export const DEFAULT_CULTURE = 'a5420246-0a8e-e111-84a3-00155d054c03';
/** `SysAdminUnitTypeValue` → `SysAdminUnitTypeId`; other numbers count as a user (4). */
export const UNIT_TYPES: readonly (readonly [value: number, id: string, name: string])[] = [
  [0, 'df93dcb9-6bd7-df11-9b2a-001d60e938c6', 'Organization'],
  [3, '462e97c7-6bd7-df11-9b2a-001d60e938c6', 'Team'],
  [4, '472e97c7-6bd7-df11-9b2a-001d60e938c6', 'User'],
  [5, 'f4044c41-df2b-e111-851e-00155d04c01d', 'Portal user'],
  [6, '625aca96-0293-4ab4-b7b1-37c9a6a42fed', 'Functional role'],
];
/** `ConnectionType` → `UserConnectionTypeId`. */
export const CONNECTION_TYPES: readonly (readonly [value: number, id: string, name: string])[] = [
  [0, 'df8ff7a2-c9bf-4f28-80b1-ed16fa77818d', 'Company employee'],
  [1, '4ad0e44a-6502-4499-984c-f626d12c6301', 'External user'],
];
/** Contact column → `CommunicationType` whose rows follow it. */
export const COMMUNICATION_TYPES = {
  Phone: '3dddb3cc-53ee-49c4-a71f-e9e257f59e49',
  MobilePhone: 'd4a2dc80-30ca-df11-9b2a-001d60e938c6',
  HomePhone: '0da6a26b-d7bc-df11-b00f-001d60e938c6',
  Email: 'ee1c85c3-cfcb-df11-9b2a-001d60e938c6',
  Skype: '09e4bda6-cfcb-df11-9b2a-001d60e938c6',
} as const;

/** The rows that every site is born with; data with the same Ids overwrites them. */
export function builtinRows(): Tables {
  const role = (Id: string, Name: string) => ({
    Id,
    Name,
    SysAdminUnitTypeValue: 0,
    SysCultureId: DEFAULT_CULTURE,
  });
  return {
    ContactType: [
      { Id: '60733efc-f36b-1410-a883-16d83cab0980', Name: 'Employee' },
      { Id: '00783ef6-f36b-1410-a883-16d83cab0980', Name: 'Customer' },
      { Id: '806732ee-f36b-1410-a883-16d83cab0980', Name: 'Contact person' },
      { Id: 'ac278ef3-e63f-48d9-ba34-7c52e92fecfe', Name: 'Supplier' },
    ],
    Gender: [
      { Id: 'eeac42ee-65b6-df11-831a-001d60e938c6', Name: 'Male' },
      { Id: 'fc2483f8-65b6-df11-831a-001d60e938c6', Name: 'Female' },
    ],
    CommunicationType: [
      { Id: COMMUNICATION_TYPES.Phone, Name: 'Business phone', Code: 'Phone' },
      { Id: COMMUNICATION_TYPES.MobilePhone, Name: 'Mobile phone', Code: 'MobilePhone' },
      { Id: COMMUNICATION_TYPES.HomePhone, Name: 'Home phone', Code: 'HomePhone' },
      { Id: 'e9d91e45-8d92-4e38-95a0-ef8aa28c9e7a', Name: 'Extension phone', Code: 'InnerPhone' },
      { Id: '6a3fb10c-67cc-df11-9b2a-001d60e938c6', Name: 'Main phone', Code: 'MainPhone' },
      { Id: '2b387201-67cc-df11-9b2a-001d60e938c6', Name: 'Additional phone', Code: 'AdditionalPhone' },
      { Id: '9a7ab41b-67cc-df11-9b2a-001d60e938c6', Name: 'Fax', Code: 'Fax' },
      { Id: COMMUNICATION_TYPES.Email, Name: 'Email', Code: 'Email' },
      { Id: '6a8ba927-67cc-df11-9b2a-001d60e938c6', Name: 'Web', Code: 'Web' },
      { Id: COMMUNICATION_TYPES.Skype, Name: 'Skype', Code: 'Skype' },
    ],
    Account: [{ Id: 'e308b781-3c5b-4ecb-89ef-5c1ed4da488e', Name: 'Our company' }],
    SysCulture: [{ Id: DEFAULT_CULTURE, Name: 'en-US', Active: true, Default: true }],
    SysAdminUnitType: UNIT_TYPES.map(([Value, Id, Name]) => ({ Id, Name, Value })),
    UserConnectionType: CONNECTION_TYPES.map(([Value, Id, Name]) => ({ Id, Name, Value })),
    TimeZone: [{ Id: '0ff9d0a6-7d0c-4d5a-9c5e-6a2f0f7b9a01', Name: '(UTC) Coordinated', Code: 'UTC' }],
    SysAdminUnit: [
      role(ALL_EMPLOYEES, 'All employees'),
      role('720b771c-e7a7-4f31-9cfb-52cd21c3739f', 'All external users'),
      role('83a43ebc-f36b-1410-298d-001e8c82bcad', 'System administrators'),
    ],
    UsrDirectory: [{ Id: 'b1e5f2c4-3d57-4f0a-9c58-7a1d2e9f0001', Name: 'Webitel', Code: 'webitel' }],
    UsrSyncRequestStatus: [
      { Id: 'd3a7b4e6-5f79-4b2c-9e7a-9c3f4ab00001', Name: 'New' },
      { Id: 'd3a7b4e6-5f79-4b2c-9e7a-9c3f4ab00002', Name: 'Processing' },
      { Id: 'd3a7b4e6-5f79-4b2c-9e7a-9c3f4ab00003', Name: 'Done' },
      { Id: 'd3a7b4e6-5f79-4b2c-9e7a-9c3f4ab00004', Name: 'Failed' },
    ],
    RemindingSource: [
      { Id: 'a66d08e1-2e2d-e011-ac0a-00155d043205', Name: 'Author' },
      { Id: 'a76d08e1-2e2d-e011-ac0a-00155d043205', Name: 'Owner' },
    ],
    NotificationType: [
      { Id: '685e7149-c015-4a4d-b4a6-2e5625a6314c', Name: 'Notification' },
      { Id: '9ee66abe-ec9d-4667-8995-29e8765de2d5', Name: 'Reminder' },
    ],
    UsrSyncStatus: [
      { Id: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00001', Name: 'New', Code: 'new' },
      { Id: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00002', Name: 'Synced', Code: 'synced' },
      { Id: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00003', Name: 'Error', Code: 'error' },
      { Id: 'c2f6a3d5-4e68-4a1b-8d69-8b2e3fa00004', Name: 'Absent in directory', Code: 'gone' },
    ],
  };
}
