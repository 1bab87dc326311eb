import { z } from 'zod';
import { PERSON_FIELDS } from '../person.ts';
import { TRANSFORM_NAMES } from './transforms.ts';

/** A column or entity name of the CRM. */
const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name of letters, digits and underscores');
const Guid = z.guid().transform((text) => text.toLowerCase());

/** Who decides a field: see design §4 and the table of design §6. */
export const Owner = z.enum(['crm', 'directory', 'manual']);
export type Owner = z.infer<typeof Owner>;

/** One scalar field of the telephony record. */
export const FieldMapping = z.strictObject({
  column: Name.describe('Column of the telephony record'),
  owner: Owner.describe('Who decides: crm, directory, or manual (a difference becomes a case)'),
  /** Applied to the directory's value on its way into the CRM. */
  transform: z.enum(TRANSFORM_NAMES).default('none').describe("Transform of the directory's value"),
});
export type FieldMapping = z.infer<typeof FieldMapping>;

const Fields = z
  .partialRecord(z.enum(PERSON_FIELDS), FieldMapping)
  .refine((fields) => fields.login !== undefined && fields.displayName !== undefined, {
    message: 'must map at least login and displayName',
  });

/** A lookup that lists licences or roles, and the detail rows that give them to a record. */
export const SetMapping = z.strictObject({
  owner: Owner,
  lookup: z.strictObject({
    entity: Name,
    name: Name,
    externalId: Name.optional().describe("Column with the directory's own id (licence serial, role id)"),
    code: Name.optional().describe('Column with the licence product'),
    limit: Name.optional().describe('Column with the seats bought (licences only)'),
    used: Name.optional().describe('Column with the seats in use (licences only)'),
  }),
  detail: z.strictObject({ entity: Name, record: Name, item: Name }),
  managed: z
    .union([z.literal('all'), z.array(z.string().min(1))])
    .default('all')
    .describe('Which products (licences) or role names take part; others are left alone on both sides'),
  aliases: z
    .record(z.string(), z.string())
    .default({})
    .describe('Product or role name in the directory → code or name of the lookup row in the CRM'),
});
export type SetMapping = z.infer<typeof SetMapping>;

/** A constant, or a lookup row that is found by name and created when it is missing. */
const NamedRow = z.strictObject({ entity: Name, column: Name, name: z.string().min(1) });

export const RecordMapping = z.strictObject({
  entity: Name.describe('The section "Webitel Users"'),
  directoryUserId: Name,
  contact: Name,
  crmUser: Name,
  directory: NamedRow.optional().describe('Lookup that says which directory a record belongs to'),
  status: z
    .strictObject({
      entity: Name,
      column: Name,
      inStep: z.string().min(1),
      gone: z.string().min(1),
      changedOn: Name.optional().describe('Date column written together with any other change'),
    })
    .optional(),
  fields: Fields,
});
export type RecordMapping = z.infer<typeof RecordMapping>;

export const ContactMapping = z.strictObject({
  entity: Name,
  name: Name,
  surname: Name.optional(),
  givenName: Name.optional(),
  middleName: Name.optional(),
  email: Name.optional(),
  phones: z.array(Name).default([]).describe('Columns with telephone numbers and inner phones; evidence'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters, such as UA')
    .optional()
    .describe('Where numbers without a country code are, ISO 3166-1'),
  department: Name.optional().describe('Column with the department; evidence'),
  type: z.strictObject({ column: Name, employee: Guid }),
  /** Company of new contacts, where one is configured. */
  account: z.strictObject({ column: Name, default: Guid.optional() }).optional(),
});
export type ContactMapping = z.infer<typeof ContactMapping>;

export const CrmUserMapping = z.strictObject({
  entity: Name,
  login: Name,
  contact: Name,
  active: Name,
  email: Name.optional(),
  type: z.strictObject({ column: Name, employee: z.number().int() }),
  create: z
    .strictObject({
      role: Guid.optional().describe('Role of new users; that of all employees unless named'),
      culture: Guid.optional().describe('Language of new users; that of our own user unless named'),
    })
    .prefault({}),
});
export type CrmUserMapping = z.infer<typeof CrmUserMapping>;

/** Rows by which processes of the CRM ask for runs and hear what became of them. */
export const RequestMapping = z.strictObject({
  entity: Name.describe('The object whose rows ask for runs'),
  command: Name.describe('Column that says what is wanted: import, push, sync, or the name of a process'),
  requestedBy: Name.optional().describe('Lookup column of the contact who asked'),
  status: z.strictObject({
    entity: Name,
    column: Name,
    new: z.string().min(1).default('New'),
    processing: z.string().min(1).default('Processing'),
    done: z.string().min(1).default('Done'),
    failed: z.string().min(1).default('Failed'),
  }),
  runId: Name.optional(),
  message: Name.optional(),
  startedOn: Name.optional(),
  finishedOn: Name.optional(),
  counters: z
    .strictObject({
      created: Name.optional(),
      changed: Name.optional(),
      removed: Name.optional(),
      failed: Name.optional(),
      cases: Name.optional(),
    })
    .prefault({})
    .describe('Columns for whole numbers'),
  notification: z
    .strictObject({
      entity: Name.describe('The object whose rows are shown as notifications'),
      receiver: Name.describe('Lookup column of the contact who is told'),
      author: Name.optional().describe('Lookup column of the contact who tells: that of our own account'),
      title: Name.optional(),
      text: Name,
      time: Name.optional(),
      subject: Name.optional().describe('Column for the id of the request'),
      values: z
        .record(Name, z.union([z.string(), z.boolean()]))
        .default({})
        .describe('What else is written'),
    })
    .optional(),
});
export type RequestMapping = z.infer<typeof RequestMapping>;

/** The mapping document: which field is which, how it is written, and who decides (design §2, §4). */
export const Mapping = z.strictObject({
  version: z.literal(1),
  /** Names the directory in links and ids; never change it once people are linked. */
  directory: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  record: RecordMapping,
  contact: ContactMapping,
  crmUser: CrmUserMapping,
  licences: SetMapping.optional(),
  roles: SetMapping.optional(),
  requests: RequestMapping.optional(),
});
export type Mapping = z.infer<typeof Mapping>;
