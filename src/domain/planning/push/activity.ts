import type { Base, BasePair, BaseSetPair, TelephonyRecord } from '../../person.ts';
import type { PersonContext } from '../person-plan.ts';
import type { KeyChange, SetMerge } from './merge-set.ts';

/**
 * Whether a person is switched on in the CRM, which directories without such a switch show by what their users may do.
 * The licence rows of the record are kept while it is off: they say what comes back.
 */
export interface Activity {
  /** The pair to be remembered; `null` where the mapping has no such column. */
  readonly pair: BasePair | null;
  /** It was changed, and this run only reads the directory. */
  readonly isPending: boolean;
  readonly endsSessions: boolean;
  /** Why the directory is changed; `null` when it is for something else. */
  readonly why: string | null;
  /** What is to be done about the licences, in view of whether the person is on. */
  licences(merged: SetMerge, base: BaseSetPair, isManaged: (key: string) => boolean): SetMerge;
}

export function linkedActivity(
  record: TelephonyRecord,
  base: Base,
  { mapping, push }: PersonContext,
): Activity {
  const asMerged = (merged: SetMerge): SetMerge => merged;
  const nothing = { isPending: false, endsSessions: false, why: null, licences: asMerged };
  const mapped = mapping.record.fields.active;
  if (mapped === undefined) return { pair: null, ...nothing };
  const isOn = record.fields.active === true;
  const known = base.fields.active;
  // A record that was off when it was met stays as it was found: nobody loses anything by a first meeting.
  if (known === undefined) return { pair: { crm: isOn, directory: null }, ...nothing };
  const isChanged = (known.crm === true) !== isOn;
  if (mapped.owner === 'directory') return { pair: known, ...nothing };
  if (push === null) return { pair: known, ...nothing, isPending: isChanged };
  const pair = { crm: isOn, directory: null };
  const strips = push.onInactive === 'strip-licences';
  if (isOn)
    return {
      pair,
      ...nothing,
      why: isChanged ? 'The person was switched on in the CRM.' : null,
      licences: isChanged && strips ? restored : asMerged,
    };
  return {
    pair,
    isPending: false,
    endsSessions: isChanged && push.onInactive !== 'leave',
    why: isChanged ? 'The person was switched off in the CRM.' : null,
    licences: strips ? (merged, sets, isManaged) => stripped(merged, sets, isManaged, isChanged) : asMerged,
  };
}

/** What the record lists comes back; what the user was given meanwhile stays. */
function restored(merged: SetMerge): SetMerge {
  const lacking = [...merged.crm].filter((key) => !merged.directory.has(key));
  return {
    ...merged,
    changes: [
      ...merged.changes,
      ...lacking.map((key): KeyChange => ({ key, system: 'directory', isWanted: true, isDrift: false })),
    ],
    directory: new Set([...merged.directory, ...lacking]),
  };
}

/**
 * While a person is off, edits of the rows change what will come back, and nothing else. Held licences are taken away
 * when the person is switched off, and those that appear later; what was there when an inactive record was first met stays.
 */
function stripped(
  merged: SetMerge,
  base: BaseSetPair,
  isManaged: (key: string) => boolean,
  isChanged: boolean,
): SetMerge {
  const before = new Set(base.directory);
  const planned = new Map(
    merged.changes.flatMap((change) => (change.system === 'directory' ? [[change.key, change]] : [])),
  );
  // What the user holds now, before the changes that the merge would make.
  const held = new Set(merged.directory);
  for (const { key, isWanted } of planned.values()) {
    if (isWanted) held.delete(key);
    else held.add(key);
  }
  const taken = [...held].filter((key) => isManaged(key) && (isChanged || !before.has(key)));
  const rest = [...held].filter((key) => !taken.includes(key));
  return {
    ...merged,
    changes: [
      ...merged.changes.filter(({ system }) => system === 'crm'),
      ...taken
        .toSorted()
        .map((key): KeyChange => ({ key, system: 'directory', isWanted: false, isDrift: !isChanged })),
    ],
    directory: new Set(rest),
  };
}
