-- +goose Up
-- A case as it stands. placement: subject
CREATE TABLE case_file (
  subject @key NOT NULL,
  id      @key NOT NULL,
  kind    @key NOT NULL,
  state   @key NOT NULL,
  version @int NOT NULL,
  desk    @key NOT NULL,
  title   TEXT NOT NULL,
  data    TEXT NOT NULL,
  opened  @int NOT NULL,
  changed @int NOT NULL,
  closed  @int NOT NULL,
  PRIMARY KEY (subject, id)
) @table;
CREATE INDEX case_file_desk ON case_file (desk, closed, opened, subject, id);

-- What happened to a case, in order. placement: subject
CREATE TABLE case_step (
  subject @key NOT NULL,
  id      @key NOT NULL,
  version @int NOT NULL,
  at      @int NOT NULL,
  move    @key NOT NULL,
  state   @key NOT NULL,
  actor   @key NOT NULL,
  name    TEXT NOT NULL,
  note    TEXT NOT NULL,
  PRIMARY KEY (subject, id, version)
) @table;

-- Dates by which something must happen. placement: subject
CREATE TABLE case_deadline (
  subject     @key NOT NULL,
  id          @key NOT NULL,
  name        @key NOT NULL,
  due         @int NOT NULL,
  provisional @int NOT NULL,
  PRIMARY KEY (subject, id, name)
) @table;
CREATE INDEX case_deadline_due ON case_deadline (due, subject, id, name);

-- The cases of other subjects that belong to a case. placement: subject
CREATE TABLE case_child (
  subject       @key NOT NULL,
  id            @key NOT NULL,
  no            @int NOT NULL,
  child_subject @key NOT NULL,
  child         @key NOT NULL,
  PRIMARY KEY (subject, id, no)
) @table;

-- The subject of a case number. placement: directory
CREATE TABLE case_number (
  id      @key NOT NULL PRIMARY KEY,
  subject @key NOT NULL
) @table;
-- +goose Down
DROP TABLE case_file;
DROP TABLE case_step;
DROP TABLE case_deadline;
DROP TABLE case_child;
DROP TABLE case_number;
