-- +goose Up
-- How far something was read, by its name. placement: reference
CREATE TABLE follow_cursor (
  name @key NOT NULL PRIMARY KEY,
  at   @int NOT NULL,
  id   @key NOT NULL
) @table;

-- How many codes were sent on a day, to an account or to an address, which is a keyed hash. placement: directory
CREATE TABLE follow_code (
  day  @int NOT NULL,
  name @key NOT NULL,
  n    @int NOT NULL,
  PRIMARY KEY (day, name)
) @table;
CREATE INDEX follow_subscription_swept ON follow_subscription (swept, subject, account);
-- +goose Down
DROP INDEX follow_subscription_swept;
DROP TABLE follow_cursor;
DROP TABLE follow_code;
