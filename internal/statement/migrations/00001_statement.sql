-- +goose Up
-- The request that is open for a matter: one at a time. placement: subject
CREATE TABLE statement_open (
  subject @key NOT NULL,
  matter  @key NOT NULL,
  id      @key NOT NULL,
  PRIMARY KEY (subject, matter)
) @table;

-- A signed statement, as signed. placement: subject
CREATE TABLE statement_paper (
  subject @key NOT NULL,
  number  @key NOT NULL,
  id      @key NOT NULL,
  matter  @key NOT NULL,
  status  @key NOT NULL,
  reason  TEXT NOT NULL,
  newer   @key NOT NULL,
  signed  @int NOT NULL,
  changed @int NOT NULL,
  sealed  @blob NOT NULL,
  paper   @blob NOT NULL,
  PRIMARY KEY (subject, number)
) @table;

-- The subject and the code of a statement's number. placement: directory
CREATE TABLE statement_number (
  number  @key NOT NULL PRIMARY KEY,
  subject @key NOT NULL,
  code    @key NOT NULL
) @table;
-- +goose Down
DROP TABLE statement_open;
DROP TABLE statement_paper;
DROP TABLE statement_number;
