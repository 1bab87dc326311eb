import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { CrmColumn, CrmSchema } from '../../app/ports/crm.ts';
import { RollcallError } from '../../app/ports/errors.ts';

/** A column with what OData needs besides: the navigation property that conditions on a lookup go through. */
export interface Column extends CrmColumn {
  readonly navigation: string | null;
}

export interface EntityColumns {
  readonly entity: string;
  readonly byName: ReadonlyMap<string, Column>;
}

/** Entity sets by name. */
export type Metadata = ReadonlyMap<string, EntityColumns>;

const Name = z.string().min(1);
const Property = z.object({ Name, Type: Name, MaxLength: z.string().optional() });
const Navigation = z.object({
  Name,
  Type: Name,
  ReferentialConstraint: z.array(z.object({ Property: Name })).default([]),
});
const EntityType = z.object({
  Name,
  BaseType: z.string().optional(),
  Property: z.array(Property).default([]),
  NavigationProperty: z.array(Navigation).default([]),
});
type EntityType = z.infer<typeof EntityType>;

const EntitySet = z.object({ Name, EntityType: Name });
/** An element without content is an empty text to the parser. */
const orEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? {} : value), schema);
const Schema = z.object({
  Namespace: z.string().default(''),
  EntityType: z.array(orEmpty(EntityType)).default([]),
  EntityContainer: z
    .array(orEmpty(z.object({ EntitySet: z.array(orEmpty(EntitySet)).default([]) })))
    .default([]),
});
const Edmx = z.object({
  Edmx: z.object({ DataServices: z.object({ Schema: z.array(orEmpty(Schema)).min(1) }) }),
});

const LISTS = new Set([
  'Schema',
  'EntityType',
  'EntityContainer',
  'EntitySet',
  'Property',
  'NavigationProperty',
  'ReferentialConstraint',
]);

/**
 * Reads Creatio's EDMX: entity sets with their scalar columns. A lookup is a GUID column `XId`
 * beside a navigation property `X`; a referential constraint, where there is one, says so more directly.
 */
export function parseMetadata(xml: string): Metadata {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: false,
    isArray: (name, _path, _leaf, isAttribute) => !isAttribute && LISTS.has(name),
  });
  let document: unknown;
  try {
    document = parser.parse(xml);
  } catch (error) {
    throw unreadable(error);
  }
  const parsed = Edmx.safeParse(document);
  if (!parsed.success) throw unreadable(parsed.error);

  const schemas = parsed.data.Edmx.DataServices.Schema;
  const types = new Map<string, EntityType>();
  for (const schema of schemas) {
    for (const type of schema.EntityType) types.set(`${schema.Namespace}.${type.Name}`, type);
  }
  const setOfType = new Map<string, string>();
  for (const schema of schemas) {
    for (const container of schema.EntityContainer) {
      for (const set of container.EntitySet) setOfType.set(set.EntityType, set.Name);
    }
  }

  const metadata = new Map<string, EntityColumns>();
  for (const [typeName, entity] of setOfType) {
    const byName = new Map<string, Column>();
    for (const type of lineage(types, typeName)) {
      for (const property of type.Property) byName.set(property.Name, columnOf(property, type, setOfType));
    }
    if (byName.size > 0) metadata.set(entity, { entity, byName });
  }
  if (metadata.size === 0) throw unreadable(undefined);
  return metadata;
}

/** The port's view of it. */
export function toCrmSchema(metadata: Metadata): CrmSchema {
  const schema: Record<string, Record<string, CrmColumn>> = {};
  for (const { entity, byName } of metadata.values()) {
    const columns: Record<string, CrmColumn> = {};
    for (const { name, type, lookup, maxLength } of byName.values()) {
      columns[name] = { name, type, lookup, maxLength };
    }
    schema[entity] = columns;
  }
  return schema;
}

/** A type and those it derives from, the root first. */
function lineage(types: ReadonlyMap<string, EntityType>, name: string): EntityType[] {
  const line: EntityType[] = [];
  let next: string | undefined = name;
  while (next !== undefined) {
    const type: EntityType | undefined = types.get(next);
    if (type === undefined || line.includes(type)) break;
    line.unshift(type);
    next = type.BaseType;
  }
  return line;
}

function columnOf(
  property: z.infer<typeof Property>,
  type: EntityType,
  setOfType: ReadonlyMap<string, string>,
): Column {
  const kind = typeOf(property.Type);
  const navigation = kind === 'guid' ? navigationOf(property.Name, type) : undefined;
  const length = Number(property.MaxLength);
  return {
    name: property.Name,
    type: kind,
    navigation: navigation?.Name ?? null,
    lookup: navigation === undefined ? null : (setOfType.get(navigation.Type) ?? lastPart(navigation.Type)),
    maxLength: Number.isInteger(length) && length > 0 ? length : null,
  };
}

function navigationOf(column: string, type: EntityType): z.infer<typeof Navigation> | undefined {
  const single = type.NavigationProperty.filter((one) => !one.Type.startsWith('Collection('));
  return (
    single.find((one) => one.ReferentialConstraint.some((constraint) => constraint.Property === column)) ??
    single.find((one) => `${one.Name}Id` === column)
  );
}

function typeOf(edm: string): Column['type'] {
  switch (edm) {
    case 'Edm.Guid':
      return 'guid';
    case 'Edm.String':
      return 'text';
    case 'Edm.Boolean':
      return 'boolean';
    case 'Edm.DateTimeOffset':
      return 'dateTime';
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
    case 'Edm.Int64':
    case 'Edm.Decimal':
    case 'Edm.Single':
    case 'Edm.Double':
      return 'number';
    default:
      return 'other';
  }
}

function lastPart(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

function unreadable(cause: unknown): RollcallError {
  return new RollcallError(
    'CONTRACT',
    "Creatio's $metadata is not an OData 4 description that Rollcall can read.",
    {
      cure: 'Open $metadata in a browser as the same user: it must be XML with entity types. Then compile the configuration in Creatio.',
      cause,
    },
  );
}
