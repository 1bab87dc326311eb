/** What a row of the CRM's request entity is told of its run. */
export const TOLD_STATES = ['running', 'waiting', 'done'] as const;
export type ToldState = (typeof TOLD_STATES)[number];

/** A row of the CRM's request entity, and the run that does what it asks for. */
export interface RunRequestRow {
  /** The id of the row. */
  readonly id: string;
  readonly runId: string;
  /** The contact who asked; hears of the end. */
  readonly requestedBy: string | null;
  /** What the row is about to be told; `null` when it was never said anything. */
  readonly telling: ToldState | null;
  /** What it was told last. */
  readonly told: ToldState | null;
}

export interface RequestStore {
  /** Keeps a request, or gives the row another run. */
  save(request: Pick<RunRequestRow, 'id' | 'runId' | 'requestedBy'>, now: number): Promise<void>;
  get(id: string): Promise<RunRequestRow | null>;
  /** Those that have not been told of the end of their run, oldest first. */
  open(limit: number): Promise<readonly RunRequestRow[]>;
  setTelling(id: string, runId: string, state: ToldState): Promise<void>;
  setTold(id: string, runId: string, state: ToldState): Promise<void>;
}
