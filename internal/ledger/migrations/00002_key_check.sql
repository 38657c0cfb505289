-- +goose Up
-- By what a store knows the identity keys that belong to it. placement: reference
CREATE TABLE key_check (
  version @int NOT NULL PRIMARY KEY,
  mark    @blob NOT NULL
) @table;
-- +goose Down
DROP TABLE key_check;
