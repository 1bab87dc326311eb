import type { PersonContext } from './person-plan.ts';
import type { Operation } from './plan.ts';

/** Two rows by their names, and by their ids, too, where the names do not tell them apart. */
export function namesOf(
  now: string | null,
  wanted: string | null,
  { nameOf }: Pick<PersonContext, 'nameOf'>,
  newName: string | null,
): readonly [now: string | null, wanted: string | null] {
  const old = now === null ? null : nameOf(now);
  const next = wanted === null ? null : (nameOf(wanted) ?? newName);
  const shown = (id: string | null, name: string | null): string | null =>
    id === null || name === null ? id : old === next ? `${name} (${id})` : name;
  return [shown(now, old), shown(wanted, next)];
}

/** A text that a new row is made with. */
export function cellOf(creation: Operation | null | undefined, column: string): string | null {
  const cell = creation?.after[column];
  return typeof cell === 'string' ? cell : null;
}
