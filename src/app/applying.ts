import type { Operation } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import type { LicenceSerials } from './licence-serials.ts';
import type { CrmRow } from './ports/crm.ts';
import type { SettledOperation } from './ports/runs.ts';
import type { NaturalKeys } from './settle.ts';

/** What one call of `applyOperations` works with and learns. */
export interface Applying {
  readonly deps: AppDeps;
  readonly runId: string;
  readonly signal: AbortSignal | undefined;
  /** The change stamp, the same each time a write is sent. */
  readonly stamp: string;
  readonly keys: NaturalKeys;
  /** Operations that will not come to be, with the code of each. */
  readonly lost: Map<string, string>;
  /** Operations that were sent and whose outcome is not known yet. */
  readonly doubtful: Map<string, Operation>;
  /** Operations that are sent once it is known what became of those that they rest on. */
  readonly waiting: Set<string>;
  /** Rows that operations of directory users left, for those that take values from them. */
  readonly images: Map<string, CrmRow>;
  readonly serials: LicenceSerials;
  /** Errors that the CRM answered, by operation, for writes that were not done. */
  readonly errors: Map<string, string[]>;
  /** Why CRM users cannot be made any more in this run: the right to do so is missing. */
  noRight: string | null;
  readonly keep: (outcomes: readonly SettledOperation[]) => Promise<void>;
}

/** With the values that other operations have brought to light. */
export function withTaken({ images }: Applying, operation: Operation): Operation {
  const { takes } = operation;
  if (takes === undefined) return operation;
  const taken = takes.flatMap(({ operation: id, cell, column }) => {
    const image = images.get(id);
    return image === undefined ? [] : [[column, image[cell] ?? null] as const];
  });
  return { ...operation, after: { ...operation.after, ...Object.fromEntries(taken) } };
}

/** Keeps outcomes in the store, and what they mean for the operations that follow. */
export async function keepAll(
  { lost, images, keep }: Applying,
  settled: readonly SettledOperation[],
): Promise<void> {
  if (settled.length === 0) return;
  for (const { operationId, state, code, image } of settled) {
    if (state !== 'confirmed') lost.set(operationId, code ?? 'DEPENDENCY');
    else if (image !== null) images.set(operationId, image);
  }
  await keep(settled);
}
