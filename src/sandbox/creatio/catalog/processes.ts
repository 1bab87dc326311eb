import { baseLookup, bool, datetime, entity, guid, int, lookup, text, type EntitySpec } from '../schema.ts';

/** What a run has to say about itself, in the request for it and in the log. */
const RESULT = [
  text('UsrRunId', 50),
  datetime('UsrStartedOn'),
  datetime('UsrFinishedOn'),
  int('UsrTotal'),
  int('UsrCreated'),
  int('UsrChanged'),
  int('UsrRemoved'),
  int('UsrFailed'),
  int('UsrCases'),
  text('UsrMessage', null),
];

/**
 * What business processes work with: requests to the connector, the log that it writes,
 * notifications, and the log of the processes themselves.
 */
export const PROCESSES: readonly EntitySpec[] = [
  entity('UsrSyncRequest', [
    text('UsrName'),
    text('UsrCommand', 50),
    lookup('UsrStatus', 'UsrSyncRequestStatus'),
    lookup('UsrRequestedBy', 'Contact'),
    ...RESULT,
  ]),
  baseLookup('UsrSyncRequestStatus', [text('Code', 50)]),
  entity('UsrSyncLog', [
    text('UsrName'),
    text('UsrCommand', 50),
    lookup('UsrRequest', 'UsrSyncRequest', { cascades: true }),
    lookup('UsrStatus', 'UsrSyncRequestStatus'),
    ...RESULT,
  ]),
  entity('Reminding', [
    lookup('Author', 'Contact'),
    lookup('Contact', 'Contact'),
    lookup('Source', 'RemindingSource'),
    datetime('RemindTime'),
    text('Description', 500),
    guid('SubjectId'),
    guid('SysEntitySchemaId'),
    text('SubjectCaption', 500),
    text('TypeCaption'),
    text('PopupTitle'),
    bool('IsRead'),
    lookup('NotificationType', 'NotificationType'),
    text('Config', null),
  ]),
  baseLookup('RemindingSource'),
  baseLookup('NotificationType'),
  entity('SysProcessLog', [
    text('Name'),
    datetime('StartDate'),
    datetime('CompleteDate'),
    guid('SysSchemaId'),
    lookup('Status', 'SysProcessStatus'),
    lookup('Owner', 'Contact'),
    text('ErrorDescription', null),
  ]),
  baseLookup('SysProcessStatus'),
];
