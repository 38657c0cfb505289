-- +goose Up
-- One going out with the code: what it shows, how often it may be scanned in all and how often it was. Its codes follow
-- each other and share the scans. ended is 0 while it goes on. placement: subject
CREATE TABLE livecode_showing (
  subject @key NOT NULL,
  id      @key NOT NULL,
  begun   @int NOT NULL,
  ended   @int NOT NULL,
  uses    @int NOT NULL,
  used    @int NOT NULL,
  fields  @key NOT NULL,
  shown   TEXT NOT NULL,
  PRIMARY KEY (subject, id)
) @table;
CREATE INDEX livecode_showing_begun ON livecode_showing (begun, subject, id);
-- A scan, by its place in the showing. placement: subject
CREATE TABLE livecode_scan (
  subject @key NOT NULL,
  showing @key NOT NULL,
  nth     @int NOT NULL,
  at      @int NOT NULL,
  who     TEXT NOT NULL,
  PRIMARY KEY (subject, showing, nth)
) @table;
-- A code under its digest, with the showing that it belongs to. placement: directory
CREATE TABLE livecode_code (
  id      @key NOT NULL,
  subject @key NOT NULL,
  showing @key NOT NULL,
  until   @int NOT NULL,
  PRIMARY KEY (id)
) @table;
CREATE INDEX livecode_code_until ON livecode_code (until, id);
-- Codes live two minutes: those of before are over. Their scans are in the access log.
DROP TABLE livecode;
-- +goose Down
DROP TABLE livecode_code;
DROP TABLE livecode_scan;
DROP TABLE livecode_showing;
CREATE TABLE livecode (
  id      @key NOT NULL,
  subject @key NOT NULL,
  made    @int NOT NULL,
  until   @int NOT NULL,
  uses    @int NOT NULL,
  used    @int NOT NULL,
  shown   TEXT NOT NULL,
  PRIMARY KEY (id)
) @table;
CREATE INDEX livecode_until ON livecode (until, id);
