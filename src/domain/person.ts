/**
 * The canonical person and its projections (design §4). One person as one system holds them is a projection; ids of
 * directories are strings (int64), ids of the CRM are lower-case GUIDs. Empty text is always `null` here.
 */

/** A named thing of the directory: a role, a device. */
export interface Ref {
  readonly id: string;
  readonly name: string;
}

/** A licence as a directory user holds it. It is identified by its product; the serial changes at every renewal. */
export interface HeldLicence {
  readonly serial: string;
  readonly product: string;
}

/** The scalar fields that a telephony record and a directory user share. */
export const PERSON_FIELDS = [
  'login',
  'displayName',
  'email',
  'chatName',
  'extension',
  'defaultDevice',
  'stun',
  'active',
] as const;

export type PersonField = (typeof PERSON_FIELDS)[number];

/** The value of one scalar field; `null` is empty. */
export type FieldValue = string | boolean | null;

/** What one side holds of the scalar fields; a field that it cannot hold, or that is not mapped, is absent. */
export type PersonFields = Readonly<Partial<Record<PersonField, FieldValue>>>;

/** The projection of one directory user. */
export interface DirectoryUser {
  readonly id: string;
  readonly login: string;
  /** May be empty in a damaged directory; such a user is `invalid`. */
  readonly displayName: string;
  readonly email: string | null;
  readonly chatName: string | null;
  readonly extension: string | null;
  /** Other telephone numbers of the person, as written, where the directory has them; evidence only. */
  readonly phones?: readonly string[];
  /** Where the person works, where the directory says so; evidence only. */
  readonly department?: string | null;
  readonly defaultDevice: Ref | null;
  readonly licences: readonly HeldLicence[];
  readonly roles: readonly Ref[];
  /** In the recycle view: soft-deleted. */
  readonly deleted: boolean;
  /** Which texts held control characters in the directory, in words; they are left out here. */
  readonly cleaned?: readonly string[];
}

/** A licence that the directory owns, with its seats. */
export interface DirectoryLicence {
  readonly serial: string;
  readonly product: string;
  readonly name: string;
  readonly limit: number;
  /** Seats left; for concurrent licences the product does not limit grants. */
  readonly remain: number;
  readonly competitive: boolean;
  /** Milliseconds since 1970; `null` when it never ends. */
  readonly validUntil: number | null;
}

/** A contact of the CRM. */
export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly surname: string | null;
  readonly givenName: string | null;
  readonly middleName: string | null;
  readonly email: string | null;
  /** Numbers and inner phones as written, where the mapping names them. */
  readonly phones: readonly string[];
  /** Where the person works, where the mapping names it; evidence only. */
  readonly department?: string | null;
  /** Of type Employee, or the contact of a CRM user (design §2, staff contact). */
  readonly staff: boolean;
}

/** A login of the CRM. */
export interface CrmUser {
  readonly id: string;
  readonly login: string;
  readonly contactId: string | null;
  readonly email: string | null;
  readonly active: boolean;
}

/** A licence or role row of a telephony record. `key` is the licence's product or the role's directory id. */
export interface DetailRow {
  readonly id: string;
  readonly itemId: string;
  /** `null` when the lookup row that it names is known to neither system. */
  readonly key: string | null;
}

/** The projection of one telephony record. */
export interface TelephonyRecord {
  readonly id: string;
  readonly directoryUserId: string | null;
  readonly contactId: string | null;
  readonly crmUserId: string | null;
  readonly fields: PersonFields;
  readonly licences: readonly DetailRow[];
  readonly roles: readonly DetailRow[];
}

/** Both sides of one field at the last confirmed operation (design §2, base). */
export interface BasePair {
  readonly crm: FieldValue;
  readonly directory: FieldValue;
}

/** Both sides of a set at the last confirmed operation; `rows` ties each CRM key to the id of its detail row. */
export interface BaseSetPair {
  readonly crm: readonly string[];
  readonly directory: readonly string[];
  readonly rows: Readonly<Record<string, string>>;
}

export interface Base {
  readonly fields: Readonly<Partial<Record<PersonField, BasePair>>>;
  readonly licences: BaseSetPair;
  readonly roles: BaseSetPair;
}

/** The durable tie of a directory user to what the CRM holds of the same person. */
export interface Link {
  /** The directory's name in the mapping. */
  readonly directory: string;
  readonly directoryUserId: string;
  /** The login when the link was last confirmed; it finds the successor of a user that was deleted and made anew. */
  readonly login: string;
  readonly recordId: string;
  readonly contactId: string | null;
  readonly crmUserId: string | null;
  /** `gone`: the directory user was confirmed absent and the record says so. */
  readonly status: 'active' | 'gone';
  readonly base: Base;
}

/** What a person decided about a correlation; stands until revoked (design §2, verdict). */
export interface Verdict {
  readonly id: string;
  readonly directory: string;
  readonly directoryUserId: string;
  /**
   * - `same`: the user is this contact.
   * - `different`: the user is not this contact, or none of the candidates when `contactId` is null.
   * - `create`: the user is nobody in the CRM yet: create.
   */
  readonly kind: 'same' | 'different' | 'create';
  readonly contactId: string | null;
  /** For `different` with no contact: the candidates that were rejected. */
  readonly rejected: readonly string[];
}
