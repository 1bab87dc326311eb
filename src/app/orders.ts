import type { RunOrder } from '../domain/run.ts';

/** The order of a run of which nothing special is wanted. */
export const NO_ORDER: RunOrder = {
  ask: false,
  retryFailed: false,
  onlyFailedOf: null,
  acceptFewer: false,
  includeHeld: false,
  records: null,
  named: [],
  undoes: null,
  approved: false,
};
