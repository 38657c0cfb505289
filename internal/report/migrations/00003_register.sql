-- +goose Up
-- The organ registers that documents were made with, for replay: domains and names of organs come from them.
-- placement: reference
CREATE TABLE organ_register (
  digest @key NOT NULL PRIMARY KEY,
  body   TEXT NOT NULL
) @table;
-- +goose Down
DROP TABLE organ_register;
