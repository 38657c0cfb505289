-- +goose Up
-- Rule sets that persons put in force: append-only, named by their content. placement: reference
CREATE TABLE ruleset (
  digest     @key NOT NULL,
  known_from @int NOT NULL,
  adopted    @int NOT NULL,
  author     @key NOT NULL,
  approver   @key NOT NULL,
  dry_run    TEXT NOT NULL,
  body       TEXT NOT NULL,
  PRIMARY KEY (digest, adopted)
) @table;

-- What a digest that stands on documents consists of. placement: reference
CREATE TABLE rulebook (
  digest  @key NOT NULL PRIMARY KEY,
  members TEXT NOT NULL
) @table;
-- +goose Down
DROP TABLE ruleset;
DROP TABLE rulebook;
