import { isBatch, type Recorded } from './recording.ts';

/** The phases of an import: nothing of one is sent before all of the one before has been answered. */
export function phasesOf(requests: readonly Recorded[]): Recorded[][] {
  const first = requests.findIndex(isBatch);
  if (first === -1) return [[...requests]];
  const last = requests.findLastIndex(isBatch);
  return [
    requests.slice(0, first),
    // The first batch holds the rows that all others rest on.
    requests.slice(first, first + 1),
    requests.slice(first + 1, last + 1),
    requests.slice(last + 1),
  ].filter((phase) => phase.length > 0);
}

/**
 * What has to be asked one after the other: the pages of one list, since nobody knows that there is another before the
 * one before has come. Everything else may be asked side by side.
 */
export function laneOf({ system, method, path }: Recorded, index: number): string {
  if (method !== 'GET') return `${index}`;
  const list = path.replaceAll(/([?&])(\$skip|\$top|page)=\d+/g, '$1');
  return `${system} ${list}`;
}

/** Ids that Rollcall gives to rows are of version 5, and no others that it sends are. */
const OWN_ID = /\b[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/**
 * For each request, the earlier ones that make a row which it mentions: it must not be sent before they are answered.
 * Which request makes a row is told by who mentions its id first.
 */
export function makersOf(requests: readonly Recorded[]): ReadonlyMap<Recorded, ReadonlySet<Recorded>> {
  const makers = new Map<string, Recorded>();
  return new Map(
    requests.map((one) => {
      const found = new Set<Recorded>();
      for (const [id] of one.body.matchAll(OWN_ID)) {
        const maker = makers.get(id);
        if (maker === undefined) makers.set(id, one);
        else if (maker !== one) found.add(maker);
      }
      return [one, found];
    }),
  );
}
