import type { Operation } from './plan.ts';

/**
 * Cuts a plan into chunks, mostly of one request of at most `size` operations each. The operations of one person stay in
 * one chunk and in order, since the CRM runs a request in order and a child must follow its parent. The first chunk holds
 * the shared lookup rows and has to be done before the others, which do not depend on one another.
 * A chunk that is too large for one request goes in several, one after the other: many lookup rows, one person with very
 * many licences and roles, and people who get CRM users. Those share chunks, since each such chunk is cut in two by the
 * calls for the CRM users: it holds as many people as have their contacts made in one request.
 */
export function chunkOperations(
  operations: readonly Operation[],
  size: number,
): readonly (readonly string[])[] {
  const shared = operations.filter((operation) => operation.person === null).map((operation) => operation.id);
  const people = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.person === null) continue;
    const known = people.get(operation.person);
    if (known === undefined) people.set(operation.person, [operation]);
    else known.push(operation);
  }
  const plain: Share[] = [];
  const withCrmUser: Share[] = [];
  for (const own of withThoseTheyWaitFor(people, operations)) {
    const ids = own.map(({ id }) => id);
    const before = own.findIndex(({ entity }) => entity === 'crmUser');
    if (before < 0) plain.push({ ids, weight: ids.length });
    else withCrmUser.push({ ids, weight: Math.max(1, before) });
  }
  const first: Chunk[] = shared.length > 0 ? [{ ids: shared, weight: shared.length }] : [];
  return [...fill(first, plain, size), ...fill([], withCrmUser, size)].map(({ ids }) => ids);
}

/**
 * The operations of each person, together with those of people whom they wait for: who gets an extension goes with whoever
 * gives it up, since chunks of a stage do not follow one another.
 */
function withThoseTheyWaitFor(
  people: ReadonlyMap<string, readonly Operation[]>,
  operations: readonly Operation[],
): Iterable<readonly Operation[]> {
  const personOf = new Map(operations.flatMap(({ id, person }) => (person === null ? [] : [[id, person]])));
  const group = new Map<string, string>();
  const leaderOf = (person: string): string => {
    let leader = person;
    for (let next = group.get(leader); next !== undefined; next = group.get(leader)) leader = next;
    return leader;
  };
  for (const { person, dependsOn } of operations)
    for (const id of person === null ? [] : dependsOn) {
      const [own, other] = [leaderOf(person ?? ''), leaderOf(personOf.get(id) ?? person ?? '')];
      if (own !== other) group.set(own, other);
    }
  if (group.size === 0) return people.values();
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.person === null) continue;
    const leader = leaderOf(operation.person);
    const known = groups.get(leader);
    if (known === undefined) groups.set(leader, [operation]);
    else known.push(operation);
  }
  return groups.values();
}

/** The operations of one person, and what they count in a chunk of limited size. */
interface Share {
  readonly ids: readonly string[];
  readonly weight: number;
}

interface Chunk {
  readonly ids: string[];
  weight: number;
}

function fill(first: readonly Chunk[], shares: readonly Share[], size: number): Chunk[] {
  const chunks = [...first];
  // Only a few chunks stay open: the waste is a few places in a hundred, and the cutting stays linear.
  let open = chunks.slice();
  for (const { ids, weight } of shares) {
    const roomy = open.find((chunk) => chunk.weight + weight <= size);
    if (roomy === undefined) {
      const chunk = { ids: [...ids], weight };
      chunks.push(chunk);
      open.push(chunk);
    } else {
      roomy.ids.push(...ids);
      roomy.weight += weight;
    }
    open = open.filter((chunk) => chunk.weight < size).slice(-8);
  }
  return chunks;
}
