import type { CrmRow } from '../../app/ports/crm.ts';
import { parentsOf } from './losses.ts';
import type { Operation } from './plan.ts';
import { SIGNED_OUT } from './push/cells.ts';
import type { DoneOperation, UndoInput } from './undo.ts';

/**
 * - `undo`: the row is as the run left it.
 * - `changed`: somebody has changed it since.
 * - `lost`: it cannot be brought back.
 * - `nothing`: there is nothing to take back.
 */
type Judgement = 'undo' | 'changed' | 'lost' | 'nothing';

/** What becomes of the operations of a run when it is undone. */
export interface Judged {
  readonly judgements: ReadonlyMap<string, Judgement>;
  /** Operations that are not taken back, with the reason in words. */
  readonly kept: ReadonlyMap<string, string>;
  /** Those among them whose row cannot be brought back. */
  readonly lost: ReadonlySet<string>;
}

/** Operation → the operations that rest on it. */
export function dependentsOf(done: readonly DoneOperation[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const { operation } of done)
    for (const parent of parentsOf(operation)) {
      const known = all.get(parent);
      if (known === undefined) all.set(parent, [operation.id]);
      else known.push(operation.id);
    }
  return all;
}

/**
 * Judges each operation by its row, and keeps what must not be parted: what a kept row refers to, and the licences and
 * roles of a kept telephony record. Without these the record would look as if an administrator had taken them away.
 */
export function judgeAll(
  done: readonly DoneOperation[],
  dependents: ReadonlyMap<string, readonly string[]>,
  input: Pick<UndoInput, 'rows' | 'sameCells'>,
): Judged {
  const judgements = new Map(
    done.map((one) => [one.operation.id, judge(one, input.rows.get(one.operation.target.id), input)]),
  );
  const kept = new Map<string, string>();
  const keep = ({ id, target }: Operation, why: string): void => {
    kept.set(id, `${target.entity} ${target.id} ${why}`);
  };
  for (const { operation } of done) {
    const judgement = judgements.get(operation.id);
    if (judgement === 'changed') keep(operation, 'was changed after the run; it is left as it is.');
    else if (judgement === 'lost')
      keep(
        operation,
        'was removed from the directory, which has no way to bring a user back; add the person anew.',
      );
  }
  const lost = new Set([...kept.keys()].filter((id) => judgements.get(id) === 'lost'));
  const backwards = done.toReversed().map(({ operation }) => operation);
  const keepReferred = (): void => {
    for (const operation of backwards) {
      const isOpen = judgements.get(operation.id) === 'undo' && !kept.has(operation.id);
      if (!isOpen || operation.kind !== 'create') continue;
      if ((dependents.get(operation.id) ?? []).some((id) => kept.has(id)))
        keep(operation, 'is left, since something that is left refers to it.');
    }
  };
  keepReferred();
  // A person has one telephony record.
  const owners = new Set(
    backwards.flatMap(({ id, entity, person }) =>
      entity === 'telephonyRecord' && person !== null && kept.has(id) ? [person] : [],
    ),
  );
  for (const operation of backwards)
    if (
      isDetail(operation) &&
      owners.has(operation.person ?? '') &&
      judgements.get(operation.id) === 'undo' &&
      !kept.has(operation.id)
    )
      keep(operation, 'is left, since the telephony record that it belongs to is left.');
  // The lookup rows that those name.
  keepReferred();
  return { judgements, kept, lost };
}

function isDetail({ entity }: Operation): boolean {
  return entity === 'recordLicence' || entity === 'recordRole';
}

function judge(
  { operation, image, isDoubtful }: DoneOperation,
  row: CrmRow | undefined,
  { sameCells }: Pick<UndoInput, 'sameCells'>,
): Judgement {
  if (operation.kind === 'delete') {
    if (operation.entity === 'directoryUser') return row === undefined ? 'lost' : 'nothing';
    return row === undefined && operation.before !== null ? 'undo' : 'nothing';
  }
  if (row === undefined) return 'nothing';
  // Of a row that the run made, every column counts: an edit of one that the run did not fill is an edit, too.
  const { [SIGNED_OUT]: _, ...written } = operation.after;
  // A directory user comes back whole, with what the other operations on the same user have or have not changed yet.
  const left = operation.kind === 'update' && operation.entity === 'directoryUser' ? {} : image;
  if (sameCells({ ...written, ...left }, row)) return 'undo';
  if (operation.kind === 'update' && sameCells(operation.before ?? {}, row)) return 'nothing';
  // A row that may never have been written, and holds something else, is somebody else's.
  return isDoubtful ? 'nothing' : 'changed';
}
