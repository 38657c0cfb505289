-- +goose Up
-- A code under its digest, with what it shows. placement: directory
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
-- +goose Down
DROP TABLE livecode;
