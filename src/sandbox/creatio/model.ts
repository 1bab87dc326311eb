import { PEOPLE } from './catalog/people.ts';
import { PROCESSES } from './catalog/processes.ts';
import { TELEPHONY } from './catalog/telephony.ts';
import { USERS } from './catalog/users.ts';
import type { Column, Entity, EntitySpec } from './schema.ts';
import type { Switches } from './switches.ts';

/** The entity sets as OData shows them at one moment. */
export interface Model {
  /** By wire name. */
  byName: ReadonlyMap<string, Entity>;
  /** By code; a dropped entity is absent. */
  byCode: ReadonlyMap<string, Entity>;
}

const CATALOG: readonly EntitySpec[] = [...PEOPLE, ...USERS, ...TELEPHONY, ...PROCESSES];

/**
 * Builds the model from the catalogue and the switches that rename, drop and require.
 *
 * @throws Error that names what a switch names and the catalogue lacks.
 */
export function buildModel(switches: Switches): Model {
  const { renameEntities, dropEntities, renameColumns, dropColumns, requireColumns } = switches;
  for (const code of [...Object.keys(renameEntities), ...dropEntities]) findSpec(code);
  for (const name of switches.webhookEntities) {
    if (!Object.values(renameEntities).includes(name)) findSpec(name);
  }
  const renamed = new Map(Object.entries(renameColumns).map(([path, name]) => [findColumn(path), name]));
  const dropped = new Set(dropColumns.map(findColumn));
  const required = new Set(requireColumns.map(findColumn));

  const entities = CATALOG.filter((spec) => !dropEntities.includes(spec.name)).map((spec) =>
    createEntity(
      spec,
      renameEntities[spec.name] ?? spec.name,
      spec.columns
        .filter((column) => !dropped.has(column))
        .filter((column) => column.lookup === undefined || !dropEntities.includes(column.lookup.target))
        .map((column) => ({
          ...renameColumn(column, renamed.get(column)),
          isRequired: column.isRequired || required.has(column),
        })),
    ),
  );
  return {
    byName: new Map(entities.map((entity) => [entity.name, entity])),
    byCode: new Map(entities.map((entity) => [entity.code, entity])),
  };
}

function createEntity(spec: EntitySpec, name: string, columns: Column[]): Entity {
  return {
    name,
    code: spec.name,
    columns,
    byName: new Map(columns.map((column) => [column.name, column])),
    byNavigation: new Map(
      columns.flatMap((column) => (column.lookup === undefined ? [] : [[column.lookup.navigation, column]])),
    ),
    unique: spec.unique ?? [],
    isView: spec.isView ?? false,
  };
}

function renameColumn(column: Column, name: string | undefined): Column {
  if (name === undefined) return column;
  if (column.lookup === undefined) return { ...column, name };
  const navigation = name.replace(/Id$/, '');
  return { ...column, name: `${navigation}Id`, lookup: { ...column.lookup, navigation } };
}

function findSpec(code: string): EntitySpec {
  const spec = CATALOG.find((candidate) => candidate.name === code);
  if (spec === undefined) throw new Error(`The Creatio sandbox has no entity ${code}.`);
  return spec;
}

function findColumn(path: string): Column {
  const [entityCode = '', code = ''] = path.split('.');
  const column = findSpec(entityCode).columns.find(
    (candidate) => candidate.name === code || candidate.lookup?.navigation === code,
  );
  if (column === undefined || column.name === 'Id') {
    throw new Error(`The Creatio sandbox has no column ${path} that a switch could name.`);
  }
  return column;
}
