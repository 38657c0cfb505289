-- +goose Up
-- Where a case lies in the lists of its desk, and what it waits for. due is the nearest deadline that runs, 99991231 for none;
-- paused the day since which its clock stands; waiting the words asked of other desks; late that a deadline passed.
ALTER TABLE case_file ADD COLUMN due @int NOT NULL DEFAULT 99991231;
ALTER TABLE case_file ADD COLUMN paused @int NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN waiting @int NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN urged @int NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN late @int NOT NULL DEFAULT 0;
UPDATE case_file SET due = COALESCE((SELECT MIN(d.due) FROM case_deadline d WHERE d.subject = case_file.subject AND d.id = case_file.id), 99991231)
  WHERE closed = 0;
CREATE INDEX case_file_due ON case_file (desk, closed, due, subject, id);
CREATE INDEX case_file_kind ON case_file (desk, closed, kind, due, subject, id);
CREATE INDEX case_file_state ON case_file (desk, closed, kind, state, due, subject, id);

-- stood is the day since which a deadline stands still, 0 while it runs; fired the last stage that fired, in working days
-- from its day; next the day of the stage after it, 0 where the sweep has to count it.
ALTER TABLE case_deadline ADD COLUMN stood @int NOT NULL DEFAULT 0;
ALTER TABLE case_deadline ADD COLUMN fired @int NOT NULL DEFAULT -1000000;
ALTER TABLE case_deadline ADD COLUMN next @int NOT NULL DEFAULT 0;
CREATE INDEX case_deadline_next ON case_deadline (stood, next, subject, id, name);

-- When the clock of a case stood still, and why. placement: subject
CREATE TABLE case_pause (
  subject @key NOT NULL,
  id      @key NOT NULL,
  version @int NOT NULL,
  since   @int NOT NULL,
  until   @int NOT NULL,
  reason  TEXT NOT NULL,
  actor   @key NOT NULL,
  name    TEXT NOT NULL,
  PRIMARY KEY (subject, id, version)
) @table;

-- How long an ended case lay in each state, and as a whole (step empty), in working days. placement: subject
CREATE TABLE case_duration (
  subject @key NOT NULL,
  id      @key NOT NULL,
  step    @key NOT NULL,
  kind    @key NOT NULL,
  closed  @int NOT NULL,
  days    @int NOT NULL,
  late    @int NOT NULL,
  PRIMARY KEY (subject, id, step)
) @table;
CREATE INDEX case_duration_kind ON case_duration (kind, closed, step, days, late);
-- +goose Down
DROP TABLE case_duration;
DROP TABLE case_pause;
DROP INDEX case_deadline_next;
ALTER TABLE case_deadline DROP COLUMN next;
ALTER TABLE case_deadline DROP COLUMN fired;
ALTER TABLE case_deadline DROP COLUMN stood;
DROP INDEX case_file_state;
DROP INDEX case_file_kind;
DROP INDEX case_file_due;
ALTER TABLE case_file DROP COLUMN late;
ALTER TABLE case_file DROP COLUMN urged;
ALTER TABLE case_file DROP COLUMN waiting;
ALTER TABLE case_file DROP COLUMN paused;
ALTER TABLE case_file DROP COLUMN due;
