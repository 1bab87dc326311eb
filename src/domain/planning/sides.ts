import { applyTransform } from '../mapping/transforms.ts';
import { mappedFields } from '../mapping/project.ts';
import type { RecordMapping } from '../mapping/schema.ts';
import type {
  BasePair,
  BaseSetPair,
  DirectoryUser,
  FieldValue,
  PersonField,
  PersonFields,
} from '../person.ts';

/**
 * What the directory holds of the scalar fields. STUN is not among them (only the user can read or set it),
 * nor is `active` (there is no such flag).
 */
export function directoryFields(user: DirectoryUser): PersonFields {
  return {
    login: user.login,
    displayName: user.displayName,
    email: user.email,
    chatName: user.chatName,
    extension: user.extension,
    defaultDevice: user.defaultDevice === null ? null : user.defaultDevice.name || user.defaultDevice.id,
  };
}

/** The two sides of one mapped field. */
export interface FieldSides {
  readonly field: PersonField;
  readonly column: string;
  readonly owner: 'crm' | 'directory' | 'manual';
  /** The directory's value as the CRM would keep it; absent where the directory cannot hold the field. */
  readonly directory: FieldValue | undefined;
  /** The mapping's transform of a directory value. */
  transform(value: FieldValue): FieldValue;
}

export function fieldSides(user: DirectoryUser, mapping: RecordMapping): FieldSides[] {
  const values = directoryFields(user);
  return mappedFields(mapping).map(({ field, column, owner, transform }) => {
    const value = values[field];
    return {
      field,
      column,
      owner,
      directory: value === undefined ? undefined : applyTransform(transform, value),
      transform: (directoryValue) => applyTransform(transform, directoryValue),
    };
  });
}

/** How one field of a linked person stands (the table of design §6). */
export type FieldOutcome = 'same' | 'take-into-crm' | 'restore-crm' | 'push' | 'new-base' | 'conflict';

/** @param base both halves at the last confirmed operation */
export function judgeField(
  base: BasePair,
  crm: FieldValue,
  directory: FieldValue,
  owner: 'crm' | 'directory' | 'manual',
): FieldOutcome {
  const crmChanged = crm !== base.crm;
  const directoryChanged = directory !== base.directory;
  if (!crmChanged && !directoryChanged) return 'same';
  // Sides that have come to agree are left so, whichever of them moved: putting one back would part them again.
  if (crm === directory) return 'new-base';
  if (crmChanged && directoryChanged) {
    if (owner === 'manual') return 'conflict';
    return owner === 'crm' ? 'push' : 'take-into-crm';
  }
  if (crmChanged) return owner === 'directory' ? 'restore-crm' : 'push';
  // Where nobody owns the field, whoever changed it alone is believed (ADR 8).
  return owner === 'crm' ? 'push' : 'take-into-crm';
}

export function sameSet(a: Iterable<string>, b: Iterable<string>): boolean {
  const left = new Set(a);
  const right = new Set(b);
  return left.size === right.size && [...left].every((key) => right.has(key));
}

/** Does a set of a linked person differ from its half of the base on one side, without both having become equal? */
export function setNeedsPush(
  base: BaseSetPair,
  crm: readonly string[],
  directory: readonly string[],
): boolean {
  if (sameSet(crm, base.crm) && sameSet(directory, base.directory)) return false;
  return !sameSet(crm, directory);
}
