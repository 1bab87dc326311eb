import type { CrmSchema } from '../../app/ports/crm.ts';
import type { Operation, PlannedIssue } from './plan.ts';

/** What a text column holds where the CRM's metadata does not say: nothing that is known of a person is longer. */
const USUAL_LENGTH = 250;

/**
 * Texts that the CRM's columns cannot hold; nothing is ever cut short. Whoever has one gets nothing written, since a
 * refusal half-way would leave a contact without its record.
 */
export function tooLong(operations: readonly Operation[], schema: CrmSchema): PlannedIssue[] {
  return operations.flatMap((operation) =>
    Object.entries(operation.after).flatMap(([column, value]) => {
      const longest = schema[operation.target.entity]?.[column]?.maxLength ?? USUAL_LENGTH;
      if (typeof value !== 'string' || value.length <= longest) return [];
      return [
        {
          severity: 'failure' as const,
          code: 'VALIDATION',
          message: `${operation.target.entity}.${column} holds ${longest} characters, the directory's value “${value.slice(0, 40)}…” has ${value.length}, so nothing is written for this person; shorten it there.`,
        },
      ];
    }),
  );
}
