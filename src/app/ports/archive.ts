/** What a backup says about itself. */
export interface ArchiveSummary {
  /** ISO 8601, UTC: the moment that the backup shows. */
  readonly createdAt: string;
  /** The version of Rollcall that made it. */
  readonly productVersion: string;
  /** The version of the tables that it was made of. */
  readonly schemaVersion: number;
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What was restored. */
export interface Restored extends ArchiveSummary {
  /**
   * Runs that were under way when the backup was made. They have failed: what they wrote after that moment is not known
   * here, and to go on with them could write it twice.
   */
  readonly endedRuns: readonly string[];
}

/**
 * Everything that Rollcall remembers, as one file that any engine can take in: never the queue, never leases, and no
 * secrets, for the store holds none.
 */
export interface Archive {
  /**
   * Writes a backup of one moment, also while others work; the file appears complete or not at all.
   *
   * @throws RollcallError `USAGE` when the file cannot be written, `UNAVAILABLE` when the disk is full
   */
  backup(file: string, signal?: AbortSignal): Promise<ArchiveSummary>;
  /**
   * Puts the content of a backup into the store, all or nothing; what an older version wrote is brought up to date, and
   * a run that was under way then has failed.
   *
   * @throws RollcallError `USAGE` when the file cannot be read or is no backup, `VALIDATION` when it is damaged,
   *   `CONFIGURATION` when a newer version wrote it, `CONFLICT` when the store is not empty and `replace` is not set,
   *   `BUSY` when a run is under way
   */
  restore(
    file: string,
    options: { readonly replace: boolean; readonly signal?: AbortSignal },
  ): Promise<Restored>;
}
