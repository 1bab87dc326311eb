export const migration = {
  version: 4,
  name: 'outcomes of cleaned runs',
  sql: `
-- What must not be sent again unchanged, of runs whose operations are gone.
CREATE TABLE rollcall.lasting_failure (
  operation_id   text PRIMARY KEY,
  digest         text NOT NULL,
  code           text NOT NULL,
  message        text,
  changed_at     timestamptz NOT NULL,
  run_started_at timestamptz NOT NULL
);

-- When the details of a run were taken away; NULL: it has what it ever had.
ALTER TABLE rollcall.run ADD COLUMN cleaned_at timestamptz;
CREATE INDEX run_ended ON rollcall.run (finished_at) WHERE phase = 'done';
CREATE INDEX run_to_clean ON rollcall.run (finished_at) WHERE phase = 'done' AND cleaned_at IS NULL;
`,
} as const;
