import type { Operation } from './plan.ts';

/**
 * Cuts a plan into requests of at most `size` operations each. The operations of one person stay in one request and in
 * order, since the CRM runs a request in order and a child must follow its parent. The first chunk holds the shared
 * lookup rows and has to be done before the others, which do not depend on one another.
 *
 * @throws RangeError when one person needs more than `size` operations
 */
export function chunkOperations(
  operations: readonly Operation[],
  size: number,
): readonly (readonly string[])[] {
  const shared = operations.filter((operation) => operation.person === null).map((operation) => operation.id);
  const chunks: string[][] = [];
  for (let start = 0; start < shared.length; start += size) chunks.push(shared.slice(start, start + size));
  // More shared rows than one request holds: the people must wait for all of them.
  if (chunks.length > 1) return [chunks.flat(), ...packPeople(operations, size, [])];
  return packPeople(operations, size, chunks);
}

function packPeople(operations: readonly Operation[], size: number, chunks: string[][]): string[][] {
  const people = new Map<string, string[]>();
  for (const { id, person } of operations) {
    if (person === null) continue;
    const known = people.get(person);
    if (known === undefined) people.set(person, [id]);
    else known.push(id);
  }
  // Only a few chunks stay open: the waste is a few places in a hundred, and the cutting stays linear.
  let open = chunks.slice();
  for (const [person, ids] of people) {
    if (ids.length > size)
      throw new RangeError(`person ${person} needs ${ids.length} operations, a request holds ${size}`);
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
