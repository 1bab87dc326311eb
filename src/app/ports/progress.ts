/** Where a run stands. Figures are people while reading and matching, operations while applying and verifying. */
export interface ProgressEvent {
  readonly runId: string;
  readonly phase: 'reading' | 'matching' | 'applying' | 'verifying' | 'done';
  readonly done: number;
  /** `null` while it is not known how much there is. */
  readonly total: number | null;
}

/** Carries the progress of runs from use cases to whoever shows it, within one process. */
export interface Progress {
  publish(event: ProgressEvent): void;
  /** Answers the function that ends the subscription. */
  subscribe(listener: (event: ProgressEvent) => void): () => void;
}
