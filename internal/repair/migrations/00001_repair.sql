-- +goose Up
-- The item that is open for a matter: one at a time. placement: subject
CREATE TABLE repair_open (
  subject @key NOT NULL,
  matter  @key NOT NULL,
  id      @key NOT NULL,
  lies    @key NOT NULL,
  PRIMARY KEY (subject, matter)
) @table;
CREATE INDEX repair_open_lies ON repair_open (lies);

-- The application that a query code leads to. placement: directory
CREATE TABLE repair_code (
  code    @key NOT NULL PRIMARY KEY,
  subject @key NOT NULL,
  id      @key NOT NULL
) @table;

-- A repair that was taken back, and how long its subject is barred. placement: subject
CREATE TABLE repair_revoked (
  subject @key NOT NULL,
  id      @key NOT NULL,
  revoked @int NOT NULL,
  why     TEXT NOT NULL,
  until   @int NOT NULL,
  shown   @int NOT NULL,
  actor   @key NOT NULL,
  PRIMARY KEY (subject, id)
) @table;
-- +goose Down
DROP TABLE repair_revoked;
DROP TABLE repair_open;
DROP TABLE repair_code;
