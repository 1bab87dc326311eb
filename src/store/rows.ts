import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RULES } from '../domain/correlation/types.ts';
import { operationContent } from '../domain/planning/failures.ts';
import { type Operation, PlannedBase, PlannedCandidate, PlannedEvidence } from '../domain/planning/plan.ts';

/** What jsonb columns hold, parsed when it is read: a row may have been written by an older version. */

export const Image = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .nullable();

export const LinkBase = PlannedBase;

const Evidence = PlannedEvidence.extend({
  rule: z.enum([...RULES, 'uniqueness', 'extension', 'phone', 'department']),
});

export const Candidates = z.array(PlannedCandidate.extend({ evidence: z.array(Evidence) }));

export const Ids = z.array(z.string());

export function iso(time: Date): string {
  return time.toISOString();
}

export function isoOrNull(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

/**
 * Says whether two operations send the same: sha256, in hex, of the canonical JSON of kind, target and the columns to
 * be written.
 */
export function digestOfOperation(operation: Pick<Operation, 'kind' | 'target' | 'after'>): string {
  return createHash('sha256').update(operationContent(operation)).digest('hex');
}
