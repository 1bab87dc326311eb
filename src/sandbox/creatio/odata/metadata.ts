import type { Json } from '../../types.ts';
import type { Model } from '../model.ts';
import type { Column, Entity } from '../schema.ts';
import { edmType } from '../values.ts';

const NAMESPACE = 'Terrasoft.Configuration.OData';

/** The EDMX document: each lookup is a flat `XId` and a navigation `X`; every temporal column is DateTimeOffset. */
export function writeMetadata(model: Model): string {
  const entities = [...model.byName.values()];
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    `<Schema Namespace="${NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...entities.flatMap((entity) => writeType(entity, model)),
    '<EntityContainer Name="Container">',
    ...entities.map(({ name }) => `<EntitySet Name="${name}" EntityType="${NAMESPACE}.${name}" />`),
    '</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n');
}

function writeType(entity: Entity, model: Model): string[] {
  return [
    `<EntityType Name="${entity.name}"><Key><PropertyRef Name="Id" /></Key>`,
    ...entity.columns.flatMap((column) => writeColumn(column, model)),
    '</EntityType>',
  ];
}

function writeColumn(column: Column, model: Model): string[] {
  const nullable = column.code === 'Id' ? ' Nullable="false"' : '';
  const property = `<Property Name="${column.name}" Type="${edmType(column)}"${nullable} />`;
  const target = column.lookup === undefined ? undefined : model.byCode.get(column.lookup.target);
  if (column.lookup === undefined || target === undefined) return [property];
  const { navigation } = column.lookup;
  return [
    property,
    `<NavigationProperty Name="${navigation}" Type="${NAMESPACE}.${target.name}"><ReferentialConstraint Property="${column.name}" ReferencedProperty="Id" /></NavigationProperty>`,
  ];
}

/** The service document. */
export function writeServiceDocument(model: Model, root: string): Json {
  return {
    '@odata.context': `${root}/$metadata`,
    value: [...model.byName.keys()].map((name) => ({ name, kind: 'EntitySet', url: name })),
  };
}
