import type { Ref } from '../person.ts';
import type { Operation } from './plan.ts';

/** A lookup row found by its name, or the operation that creates it. */
export interface NamedRowPlan {
  readonly id: string;
  readonly creation: Operation | null;
  /** Id of the operation that creates the row. */
  readonly createdBy: string | null;
}

/** Finds a lookup row by name (case and outer blanks apart), or plans it. */
export function namedRow(
  entity: string,
  name: string,
  rows: readonly Ref[],
  rowIdOf: (entity: string) => (key: string) => string,
): NamedRowPlan {
  const wanted = name.trim().toLowerCase();
  const found = rows.find((row) => row.name.trim().toLowerCase() === wanted);
  if (found !== undefined) return { id: found.id, creation: null, createdBy: null };
  const id = rowIdOf(entity)(wanted);
  const creation: Operation = {
    id: `lookup.create:${id}`,
    entity: 'lookup',
    kind: 'create',
    person: null,
    target: { entity, id },
    before: null,
    after: { Name: name },
    reason: `The CRM's list ${entity} has no row “${name}”.`,
    dependsOn: [],
  };
  return { id, creation, createdBy: creation.id };
}
