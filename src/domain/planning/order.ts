import type { PlanInput } from './input.ts';

/** The same reading in the order of ids, so that a plan does not depend on the order in which rows came. */
export function inOrder(input: PlanInput): PlanInput {
  const { directory, crm } = input;
  return {
    ...input,
    directory: {
      ...directory,
      users: directory.users.toSorted(byId),
      licences: directory.licences.toSorted((a, b) => compareIds(a.serial, b.serial)),
      roles: directory.roles.toSorted(byId),
    },
    crm: {
      ...crm,
      records: crm.records.toSorted(byId),
      contacts: crm.contacts.toSorted(byId),
      crmUsers: crm.crmUsers.toSorted(byId),
      licenceRows: crm.licenceRows.toSorted(byId),
      roleRows: crm.roleRows.toSorted(byId),
      licenceDetails: crm.licenceDetails.toSorted(byId),
      roleDetails: crm.roleDetails.toSorted(byId),
      directoryRows: crm.directoryRows.toSorted(byId),
      statusRows: crm.statusRows.toSorted(byId),
    },
    links: input.links.toSorted((a, b) => compareIds(a.directoryUserId, b.directoryUserId)),
  };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareIds(a.id, b.id);
}

/** Numbers of different length in the order of their values, texts of one length in that of their characters. */
function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
