import { createRandom } from '../kit/random.ts';
import type { SandboxData, Truth } from '../types.ts';
import { buildCrm } from './crm.ts';
import { buildDirectory } from './directory.ts';
import { buildRecords } from './records.ts';
import { drawRoster } from './roster.ts';

/** How many people there are to be. */
export interface PeopleOptions {
  /** Directory users, the integration account `rollcall` included; at least 1. */
  users: number;
  /** Contacts, those of Supervisor and of the integration account included; at least 2. */
  contacts: number;
  /** CRM users (`SysAdminUnit` of type 4), Supervisor and `rollcall` included; at least 2. */
  crmUsers: number;
  /** The same seed and numbers give the same rows. */
  seed: number;
}

export interface People {
  data: SandboxData;
  /** Whose contact and CRM user each directory user is. */
  truth: Truth;
}

/**
 * Makes up the people of a company as its telephony directory and its CRM hold them, with the truth about who is who.
 *
 * Rates, of the directory users: about 87 % have a contact, 1.5 % share their name with somebody else of the staff,
 * 4 % have a name that proves nothing by itself (diminutive, typo, initial), 4 % have a telephony record already. Where
 * the name is weak or shared, a login or an e-mail tells who it is in about half the cases, nothing does in the rest. Where
 * two spellings are far apart, a login or an e-mail always does. A login or e-mail never points to somebody else;
 * shared mailboxes stand with several people on both sides.
 */
export function generatePeople(options: PeopleOptions): People {
  const random = createRandom(options.seed);
  const size = {
    users: Math.max(1, options.users),
    contacts: Math.max(2, options.contacts),
    crmUsers: Math.max(2, options.crmUsers),
  };
  const roster = drawRoster(size, random);
  const directory = buildDirectory(roster, random);
  const crm = buildCrm(roster, directory, random);
  const records = buildRecords(directory, crm.identities, random);
  return {
    data: { webitel: directory.tables, creatio: { ...crm.tables, ...records } },
    truth: crm.truth,
  };
}
