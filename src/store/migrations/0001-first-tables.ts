export const migration = {
  version: 1,
  name: 'first tables',
  sql: `
CREATE TABLE rollcall.run (
  id          text PRIMARY KEY,
  kind        text NOT NULL,
  trigger     text NOT NULL,
  status      text NOT NULL,
  phase       text NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  report      jsonb,
  problem     text,
  -- The plan without its people, gone and operations, which have rows of their own.
  plan_head   jsonb
);
CREATE INDEX run_started ON rollcall.run (started_at DESC);

CREATE TABLE rollcall.plan_part (
  run_id   text NOT NULL REFERENCES rollcall.run (id) ON DELETE CASCADE,
  part     text NOT NULL,
  position integer NOT NULL,
  items    jsonb NOT NULL,
  PRIMARY KEY (run_id, part, position)
);

CREATE TABLE rollcall.operation (
  run_id     text NOT NULL REFERENCES rollcall.run (id) ON DELETE CASCADE,
  id         text NOT NULL,
  position   integer NOT NULL,
  body       jsonb NOT NULL,
  digest     text NOT NULL,
  state      text NOT NULL,
  code       text,
  message    text,
  image      jsonb,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, id)
);
CREATE UNIQUE INDEX operation_position ON rollcall.operation (run_id, position);
CREATE INDEX operation_failed ON rollcall.operation (id) WHERE state = 'failed';
CREATE INDEX operation_outcomes ON rollcall.operation (id, changed_at DESC)
  WHERE state IN ('confirmed', 'failed', 'stale');

CREATE TABLE rollcall.link (
  directory         text NOT NULL,
  directory_user_id text NOT NULL,
  login             text NOT NULL,
  record_id         text NOT NULL,
  contact_id        text,
  crm_user_id       text,
  status            text NOT NULL,
  base              jsonb NOT NULL,
  PRIMARY KEY (directory, directory_user_id)
);

CREATE TABLE rollcall.review_case (
  id                text PRIMARY KEY,
  directory         text NOT NULL,
  directory_user_id text NOT NULL,
  login             text NOT NULL,
  display_name      text NOT NULL,
  reason            text NOT NULL,
  candidates        jsonb NOT NULL,
  status            text NOT NULL,
  run_id            text NOT NULL,
  opened_at         timestamptz NOT NULL,
  decided_at        timestamptz
);
CREATE UNIQUE INDEX review_case_open ON rollcall.review_case (directory, directory_user_id) WHERE status = 'open';

CREATE TABLE rollcall.verdict (
  id                text PRIMARY KEY,
  directory         text NOT NULL,
  directory_user_id text NOT NULL,
  kind              text NOT NULL,
  contact_id        text,
  rejected          jsonb NOT NULL,
  case_id           text REFERENCES rollcall.review_case (id),
  given_at          timestamptz NOT NULL,
  revoked_at        timestamptz
);
CREATE INDEX verdict_case ON rollcall.verdict (case_id);

CREATE TABLE rollcall.memory (
  key   text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE rollcall.lease (
  name        text PRIMARY KEY,
  owner       text NOT NULL,
  held_until  timestamptz NOT NULL
);
`,
} as const;
