import { canonicalJson } from './canonical.ts';
import type { Operation, PlannedIssue } from './plan.ts';

/** What an operation ended with the last time, for a reason that repeating does not cure. */
export interface LastingFailure {
  /** Digest of what was sent then. */
  readonly digest: string;
  readonly code: string;
  readonly message: string;
}

/** The text whose digest says whether an operation would send the same as before. */
export function operationContent(operation: Operation): string {
  return canonicalJson({ kind: operation.kind, target: operation.target, after: operation.after });
}

/**
 * Leaves out what failed before and would be sent unchanged, with everything that depends on it; the failure is listed
 * again for its person instead (design §5, Apply).
 */
export function withoutLastingFailures(
  operations: readonly Operation[],
  failures: ReadonlyMap<string, LastingFailure>,
  digest: (text: string) => string,
): { kept: readonly Operation[]; issues: ReadonlyMap<string, PlannedIssue[]> } {
  const issues = new Map<string, PlannedIssue[]>();
  if (failures.size === 0) return { kept: operations, issues };
  const dropped = new Set<string>();
  for (const operation of operations) {
    const failure = failures.get(operation.id);
    if (failure === undefined || failure.digest !== digest(operationContent(operation))) continue;
    dropped.add(operation.id);
    if (operation.person === null) continue;
    const issue: PlannedIssue = {
      severity: 'failure',
      code: failure.code,
      message: `${operation.entity} was refused before and nothing has changed since, so it is not sent again: ${failure.message}`,
    };
    const known = issues.get(operation.person);
    if (known === undefined) issues.set(operation.person, [issue]);
    else known.push(issue);
  }
  const kept = operations.filter((operation) => {
    if (dropped.has(operation.id)) return false;
    if (!operation.dependsOn.some((id) => dropped.has(id))) return true;
    dropped.add(operation.id);
    return false;
  });
  return { kept, issues };
}
