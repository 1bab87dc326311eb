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
export function operationContent(operation: Pick<Operation, 'kind' | 'target' | 'after'>): string {
  return canonicalJson({ kind: operation.kind, target: operation.target, after: operation.after });
}

/** What is not sent again, in the words of the report. */
export interface Refusal {
  /** `<entity>.<kind>` of a shared row. */
  readonly operation: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Leaves out what failed before and would be sent unchanged, with everything that depends on it. Each is listed again as
 * a failure: of its person, or of the shared row; a person who loses a part is not done and must not be linked.
 */
export function withoutLastingFailures(
  operations: readonly Operation[],
  failures: ReadonlyMap<string, LastingFailure>,
  digest: (text: string) => string,
): {
  kept: readonly Operation[];
  issues: ReadonlyMap<string, readonly PlannedIssue[]>;
  refusals: readonly Refusal[];
} {
  const issues = new Map<string, PlannedIssue[]>();
  const refusals: Refusal[] = [];
  if (failures.size === 0) return { kept: operations, issues, refusals };
  const dropped = new Map<string, LastingFailure>();
  const refuse = (operation: Operation, failure: LastingFailure, message: string): void => {
    dropped.set(operation.id, failure);
    if (operation.person === null) {
      refusals.push({ operation: `${operation.entity}.${operation.kind}`, code: failure.code, message });
      return;
    }
    const issue: PlannedIssue = { severity: 'failure', code: failure.code, message };
    const known = issues.get(operation.person);
    if (known === undefined) issues.set(operation.person, [issue]);
    else known.push(issue);
  };
  const kept = operations.filter((operation) => {
    const own = failures.get(operation.id);
    if (own !== undefined && own.digest === digest(operationContent(operation))) {
      refuse(
        operation,
        own,
        `${operation.entity} was refused before and nothing has changed since, so it is not sent again: ${own.message}`,
      );
      return false;
    }
    const parent = operation.dependsOn.map((id) => dropped.get(id)).find((failure) => failure !== undefined);
    if (parent === undefined) return true;
    // One word per person is enough: everything of theirs that hangs on the refused row falls with it.
    if (operation.person !== null && issues.has(operation.person)) dropped.set(operation.id, parent);
    else
      refuse(
        operation,
        parent,
        `${operation.entity} is not sent, since what it depends on was refused before: ${parent.message}`,
      );
    return false;
  });
  return { kept, issues, refusals };
}
