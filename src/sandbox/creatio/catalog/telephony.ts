import { baseLookup, bool, datetime, entity, int, lookup, text, type EntitySpec } from '../schema.ts';

/** The custom objects of the section "Webitel Users". */
export const TELEPHONY: readonly EntitySpec[] = [
  entity(
    'UsrWebitelUser',
    [
      text('UsrName'),
      lookup('UsrUser', 'SysAdminUnit'),
      lookup('UsrContact', 'Contact'),
      text('UsrUsername'),
      text('UsrExtension', 50),
      text('UsrExternalId', 50),
      text('UsrDefaultDevice'),
      text('UsrEmail'),
      text('UsrChatName'),
      bool('UsrEnableStun'),
      bool('UsrActive'),
      lookup('UsrDirectory', 'UsrDirectory'),
      lookup('UsrSyncStatus', 'UsrSyncStatus'),
      datetime('UsrLastSyncOn'),
      text('UsrSyncError', null),
    ],
    {
      unique: [
        ['UsrExtension', 'UsrDirectoryId'],
        ['UsrUserId', 'UsrDirectoryId'],
      ],
    },
  ),
  baseLookup('UsrWebitelLicense', [
    text('Code', 50),
    text('UsrExternalId', 50),
    int('UsrLimit'),
    int('UsrUsed'),
  ]),
  entity('UsrWebitelUserLicense', [
    lookup('UsrWebitelUser', 'UsrWebitelUser', { required: true, cascades: true }),
    lookup('UsrLicense', 'UsrWebitelLicense', { required: true }),
  ]),
  baseLookup('UsrWebitelRole', [text('UsrExternalId', 50)]),
  entity('UsrWebitelUserRole', [
    lookup('UsrWebitelUser', 'UsrWebitelUser', { required: true, cascades: true }),
    lookup('UsrRole', 'UsrWebitelRole', { required: true }),
  ]),
  baseLookup('UsrDirectory', [text('Code', 50), text('UsrExternalId', 50)]),
  baseLookup('UsrSyncStatus', [text('Code', 50)]),
];
