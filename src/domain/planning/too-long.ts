import type { CrmSchema } from '../../app/ports/crm.ts';
import type { Operation, PlannedIssue } from './plan.ts';

/** Texts that the CRM's columns cannot hold; nothing is ever cut short. */
export function tooLong(operations: readonly Operation[], schema: CrmSchema): PlannedIssue[] {
  return operations.flatMap((operation) =>
    Object.entries(operation.after).flatMap(([column, value]) => {
      const longest = schema[operation.target.entity]?.[column]?.maxLength ?? null;
      if (typeof value !== 'string' || longest === null || value.length <= longest) return [];
      return [
        {
          severity: 'failure' as const,
          code: 'VALIDATION',
          message: `${operation.target.entity}.${column} holds ${longest} characters, the directory's value has ${value.length}; shorten it there.`,
        },
      ];
    }),
  );
}
