-- +goose Up
-- An account reaches the whole area of the store: nothing ever read the column.
ALTER TABLE account DROP COLUMN region;
-- +goose Down
ALTER TABLE account ADD COLUMN region TEXT NOT NULL DEFAULT '';
