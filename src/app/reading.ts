/** Rows and page size of one collection, for the request floor. */
export interface CollectionSize {
  readonly entity: string;
  readonly rows: number;
  readonly pageSize: number;
}

/** How a run reads. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Believe readings although they hold much less than the last complete ones: people really left. */
  readonly acceptFewer?: boolean | undefined;
  /** Hears how many users and contacts have been read. */
  onProgress(read: number, total: number | null): void;
}
