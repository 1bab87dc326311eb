import type { RequestTally } from '../app/ports/requests.ts';

export interface Tally {
  /** Counts one request; the answer takes it back, for one that never left this machine. */
  count(route: string, repeated: boolean): () => void;
  read(): RequestTally;
}

export function createTally(): Tally {
  const byRoute = new Map<string, number>();
  let used = 0;
  let retries = 0;
  return {
    count(route, repeated) {
      const add = (n: 1 | -1): void => {
        used += n;
        if (repeated) retries += n;
        const count = (byRoute.get(route) ?? 0) + n;
        if (count === 0) byRoute.delete(route);
        else byRoute.set(route, count);
      };
      add(1);
      return () => add(-1);
    },
    read: () => ({ used, retries, byRoute: Object.fromEntries(byRoute) }),
  };
}
