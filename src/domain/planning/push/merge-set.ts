import type { BaseSetPair, DetailRow } from '../../person.ts';
import { judgeField } from '../sides.ts';

/** What is to be done about one licence or role of a linked person. */
export interface KeyChange {
  readonly key: string;
  /** In which system the key is added or taken away. */
  readonly system: 'directory' | 'crm';
  readonly isWanted: boolean;
  /** The CRM's side stands as it was: somebody changed the directory although the CRM decides, or the reverse. */
  readonly isDrift: boolean;
}

export interface SetMerge {
  readonly changes: readonly KeyChange[];
  /** Changed on both sides to different ends, and nobody owns the set. */
  readonly conflicts: readonly string[];
  /** Both sides once the changes are done. */
  readonly crm: ReadonlySet<string>;
  readonly directory: ReadonlySet<string>;
}

/**
 * The three-way merge of a set, key by key, by the table of design §6: holding a key is a field with two values. A key
 * that is not managed is left alone on both sides.
 */
export function mergeSet(
  base: BaseSetPair,
  rows: readonly DetailRow[],
  held: readonly string[],
  owner: 'crm' | 'directory' | 'manual',
  isManaged: (key: string) => boolean,
): SetMerge {
  const baseCrm = new Set(base.crm);
  const baseDirectory = new Set(base.directory);
  const crm = new Set(rows.flatMap(({ key }) => key ?? []));
  const directory = new Set(held);
  const changes: KeyChange[] = [];
  const conflicts: string[] = [];
  const keys = [...new Set([...baseCrm, ...baseDirectory, ...crm, ...directory])].toSorted();
  for (const key of keys) {
    if (!isManaged(key)) continue;
    const pair = { crm: baseCrm.has(key), directory: baseDirectory.has(key) };
    const inCrm = crm.has(key);
    const inDirectory = directory.has(key);
    const isCrmChanged = inCrm !== pair.crm;
    switch (judgeField(pair, inCrm, inDirectory, owner)) {
      case 'push': {
        const isWanted = isCrmChanged ? inCrm : pair.directory;
        if (isWanted !== inDirectory)
          changes.push({ key, system: 'directory', isWanted, isDrift: !isCrmChanged });
        put(directory, key, isWanted);
        break;
      }
      case 'take-into-crm':
        if (inCrm !== inDirectory)
          changes.push({ key, system: 'crm', isWanted: inDirectory, isDrift: isCrmChanged });
        put(crm, key, inDirectory);
        break;
      case 'restore-crm':
        changes.push({ key, system: 'crm', isWanted: pair.crm, isDrift: true });
        put(crm, key, pair.crm);
        break;
      case 'conflict':
        conflicts.push(key);
        break;
      default:
        break;
    }
  }
  return { changes, conflicts, crm, directory };
}

function put(set: Set<string>, key: string, isIn: boolean): void {
  if (isIn) set.add(key);
  else set.delete(key);
}
