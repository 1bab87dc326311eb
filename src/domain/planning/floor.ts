/** What the least number of requests for a run is reckoned from (design §5, Requests). */
export interface FloorInput {
  /** Sign-ins, who-am-I calls and `$metadata`: one each where the product has it. */
  readonly fixed: number;
  /** Rows and page size of every collection that was read. */
  readonly collections: readonly { readonly rows: number; readonly pageSize: number }[];
  readonly probeTerms: number;
  readonly termsPerProbe: number;
  /** Rows written in requests that hold many. */
  readonly batchableRows: number;
  readonly batchSize: number;
  readonly singleWrites: number;
  /** Collections in which rows were updated: their size, and how many of their rows were. */
  readonly updated: readonly { readonly rows: number; readonly pageSize: number }[];
}

/** The least number of requests that a run with these figures can do with. */
export function requestFloor(input: FloorInput): number {
  const pages = (rows: number, size: number): number => Math.ceil(rows / size);
  return (
    input.fixed +
    sum(input.collections.map(({ rows, pageSize }) => Math.max(1, pages(rows, pageSize)))) +
    pages(input.probeTerms, input.termsPerProbe) +
    pages(input.batchableRows, input.batchSize) +
    input.singleWrites +
    sum(input.updated.map(({ rows, pageSize }) => pages(rows, pageSize)))
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
