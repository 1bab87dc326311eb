import type { SqlPool } from '../../src/store/sql.ts';

const refuse = (): never => {
  throw new Error('The queue on Redis asked a database.');
};

/** What the queue on Redis gets in the place of a database. */
export const noPool: SqlPool = {
  query: refuse,
  connect: refuse,
  end: refuse,
  on: refuse,
  removeListener: refuse,
  removeAllListeners: refuse,
};
