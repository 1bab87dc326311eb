import type { Operation } from './plan.ts';

/**
 * Cuts a plan into requests of at most `size` operations each. The operations of one person stay in one request and in
 * order, since the CRM runs a request in order and a child must follow its parent. The first chunk holds the shared
 * lookup rows and has to be done before the others, which do not depend on one another.
 * A chunk that is too large for one request (many lookup rows, or one person with very many licences and roles) goes in
 * several, one after the other.
 */
export function chunkOperations(
  operations: readonly Operation[],
  size: number,
): readonly (readonly string[])[] {
  const shared = operations.filter((operation) => operation.person === null).map((operation) => operation.id);
  const chunks: string[][] = shared.length > 0 ? [shared] : [];
  const people = new Map<string, string[]>();
  for (const { id, person } of operations) {
    if (person === null) continue;
    const known = people.get(person);
    if (known === undefined) people.set(person, [id]);
    else known.push(id);
  }
  // Only a few chunks stay open: the waste is a few places in a hundred, and the cutting stays linear.
  let open = chunks.slice();
  for (const ids of people.values()) {
    const roomy = open.find((chunk) => chunk.length + ids.length <= size);
    if (roomy !== undefined) roomy.push(...ids);
    else {
      const chunk = [...ids];
      chunks.push(chunk);
      open.push(chunk);
    }
    open = open.filter((chunk) => chunk.length < size).slice(-8);
  }
  return chunks;
}
