export const migration = {
  version: 3,
  name: 'hints and tokens',
  sql: `
-- Rows of the CRM of which something was heard; a push reads them afresh.
CREATE SEQUENCE rollcall.hint_order;
CREATE TABLE rollcall.hint (
  entity      text NOT NULL,
  row_id      text NOT NULL,
  event       text NOT NULL,
  source      text NOT NULL,
  -- Grows with every hint on the row: what was heard after it was taken is told apart from what was taken.
  heard       bigint NOT NULL DEFAULT nextval('rollcall.hint_order'),
  received_at timestamptz NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  not_before  timestamptz NOT NULL,
  -- The run that was given the row; without one, it waits.
  run_id      text,
  PRIMARY KEY (entity, row_id)
);
CREATE INDEX hint_waiting ON rollcall.hint (not_before) WHERE run_id IS NULL;
CREATE INDEX hint_given ON rollcall.hint (run_id) WHERE run_id IS NOT NULL;

-- Rows of the CRM's request entity, each with the run that does what it asks for.
CREATE TABLE rollcall.request (
  id           text PRIMARY KEY,
  run_id       text NOT NULL,
  requested_by text,
  received_at  timestamptz NOT NULL,
  -- The state of the run that is being told, and the one that the row shows.
  telling      text,
  told         text
);
CREATE INDEX request_open ON rollcall.request (received_at) WHERE told IS DISTINCT FROM 'done';

CREATE TABLE rollcall.api_token (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  hash       text NOT NULL,
  scopes     jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz
);
`,
} as const;
