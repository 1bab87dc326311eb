export const migration = {
  version: 2,
  name: 'runs on any worker',
  sql: `
-- What a run needs to be carried on by another process than the one that started it.
ALTER TABLE rollcall.run
  ADD COLUMN run_order   jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN reading     jsonb,
  ADD COLUMN notes       jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN alive_until timestamptz;

-- Plans were kept in another shape, and no released version kept any.
UPDATE rollcall.run
   SET plan_head = NULL,
       report = report || '{"held": 0, "guards": []}';
UPDATE rollcall.run
   SET phase = 'done', status = 'failed', finished_at = now(),
       problem = 'The run was cut off under an older version; the next import does what it left.'
 WHERE finished_at IS NULL;
DROP TABLE rollcall.plan_part;

-- One run at a time works on a CRM.
CREATE UNIQUE INDEX run_under_way ON rollcall.run ((phase <> 'done'))
  WHERE phase IN ('reading', 'approved', 'applying');

CREATE TABLE rollcall.plan_person (
  run_id       text NOT NULL REFERENCES rollcall.run (id) ON DELETE CASCADE,
  user_id      text NOT NULL,
  position     integer NOT NULL,
  login        text NOT NULL,
  situation    text NOT NULL,
  pending_push boolean NOT NULL,
  held         boolean NOT NULL,
  -- Something of theirs could not be planned.
  failed       boolean NOT NULL,
  has_issues   boolean NOT NULL,
  body         jsonb NOT NULL,
  PRIMARY KEY (run_id, user_id)
);
CREATE INDEX plan_person_user ON rollcall.plan_person (user_id);
CREATE INDEX plan_person_login ON rollcall.plan_person (login);

CREATE TABLE rollcall.plan_gone (
  run_id   text NOT NULL REFERENCES rollcall.run (id) ON DELETE CASCADE,
  user_id  text NOT NULL,
  position integer NOT NULL,
  is_new   boolean NOT NULL,
  body     jsonb NOT NULL,
  PRIMARY KEY (run_id, user_id)
);

ALTER TABLE rollcall.operation
  ADD COLUMN person text,
  ADD COLUMN stage  integer NOT NULL DEFAULT 0,
  ADD COLUMN chunk  integer NOT NULL DEFAULT 0;
UPDATE rollcall.operation SET person = body ->> 'person';
DROP INDEX rollcall.operation_position;
CREATE UNIQUE INDEX operation_chunk ON rollcall.operation (run_id, chunk, position);

-- Links as they stood before a run touched them: what an undo restores.
CREATE TABLE rollcall.run_link (
  run_id            text NOT NULL REFERENCES rollcall.run (id) ON DELETE CASCADE,
  directory         text NOT NULL,
  directory_user_id text NOT NULL,
  -- NULL: there was none.
  former            jsonb,
  PRIMARY KEY (run_id, directory, directory_user_id)
);

CREATE TABLE rollcall.run_spent (
  run_id  text NOT NULL REFERENCES rollcall.run (id) ON DELETE CASCADE,
  system  text NOT NULL,
  used    integer NOT NULL,
  retries integer NOT NULL,
  PRIMARY KEY (run_id, system)
);

CREATE TABLE rollcall.hold (
  directory         text NOT NULL,
  directory_user_id text NOT NULL,
  login             text NOT NULL,
  display_name      text NOT NULL,
  reason            text NOT NULL,
  run_id            text,
  since             timestamptz NOT NULL,
  PRIMARY KEY (directory, directory_user_id)
);
`,
} as const;
