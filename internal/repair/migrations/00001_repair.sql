-- +goose Up
-- The item that is open for a matter: one at a time. placement: subject
CREATE TABLE repair_open (
  subject @key NOT NULL,
  matter  @key NOT NULL,
  id      @key NOT NULL,
  PRIMARY KEY (subject, matter)
) @table;

-- The application that a query code leads to. placement: directory
CREATE TABLE repair_code (
  code    @key NOT NULL PRIMARY KEY,
  subject @key NOT NULL,
  id      @key NOT NULL
) @table;
-- +goose Down
DROP TABLE repair_open;
DROP TABLE repair_code;
