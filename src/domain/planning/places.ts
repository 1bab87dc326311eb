import { chunkOperations } from './chunks.ts';
import type { Plan } from './plan.ts';

/** Where an operation stands: stages follow one another, the chunks (requests) of one stage run side by side. */
export interface Place {
  readonly stage: number;
  readonly chunk: number;
}

/**
 * Where each operation of a plan stands, in plan order. The chunk with the shared lookup rows goes alone: first, since
 * everybody refers to them; last, when an undo takes them away.
 */
export function placesOf(plan: Pick<Plan, 'kind' | 'operations'>, batchSize: number): readonly Place[] {
  const chunks = chunkOperations(plan.operations, batchSize);
  const shared = new Set(plan.operations.flatMap(({ id, person }) => (person === null ? [id] : [])));
  const [early, late] = plan.kind === 'undo' ? [1, 0] : [0, 1];
  const places = new Map<string, Place>();
  for (const [chunk, ids] of chunks.entries()) {
    const stage = ids.some((id) => shared.has(id)) ? early : late;
    for (const id of ids) places.set(id, { stage, chunk });
  }
  return plan.operations.map(({ id }) => places.get(id) ?? { stage: late, chunk: 0 });
}
