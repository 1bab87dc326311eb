import type { RequestTally } from '../../app/ports/requests.ts';

/** One tally of what went through two doors; no route of one is a route of the other. */
export function addTallies(site: RequestTally, identity: RequestTally | undefined): RequestTally {
  if (identity === undefined) return site;
  return {
    used: site.used + identity.used,
    retries: site.retries + identity.retries,
    byRoute: { ...site.byRoute, ...identity.byRoute },
  };
}
