import { z } from 'zod';

/** Answers of Creatio's OData 4. Members that nobody needs are not looked at. */

/** `{"value": [{"name": "Contact", "kind": "EntitySet", "url": "Contact"}, …]}` at the root. */
export const ServiceDocument = z.object({ value: z.array(z.object({ name: z.string() })) });

export type RawRow = Readonly<Record<string, unknown>>;

/** Cells are checked where they are folded. A record schema would copy every row first, for as much as all the rest. */
export const RawRow = z.custom<RawRow>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected a row',
);

export const Page = z.object({
  '@odata.count': z.number().int().nonnegative().optional(),
  '@odata.nextLink': z.string().optional(),
  value: z.array(RawRow),
});
export type Page = z.infer<typeof Page>;

/** One row of `SysAdminUnit`; type 4 is a user, 5 a portal user, all others are roles. */
export const AccountPage = z.object({
  value: z.array(
    z.object({
      Id: z.guid(),
      Name: z.string(),
      ContactId: z.guid().nullish(),
      SysAdminUnitTypeValue: z.number(),
      Active: z.boolean().nullish(),
      SysCultureId: z.guid().nullish(),
    }),
  ),
});

/** `{"<Method>Result": …}`: what a configuration service answers. */
export const ServiceAnswer = z.record(z.string(), z.unknown());

/** The JSON text in the result of some methods; what is missing says nothing. */
export const ServiceOutcome = z.object({
  Success: z.boolean(),
  IsSecurityException: z.boolean().nullish().catch(null),
  ExceptionMessage: z.string().nullish().catch(null),
});
export type ServiceOutcome = z.infer<typeof ServiceOutcome>;

export const BatchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.union([z.string(), z.number().transform(String)]),
      status: z.number().int(),
      body: z.unknown().optional(),
    }),
  ),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;
export type BatchPart = BatchAnswer['responses'][number];
