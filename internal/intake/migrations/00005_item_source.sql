-- +goose Up
-- Whose row raised a question, for the desk of that source.
ALTER TABLE desk_item ADD COLUMN source @int NOT NULL DEFAULT 0;
UPDATE desk_item SET source = COALESCE((SELECT l.source FROM intake_load l WHERE l.id = desk_item.load), 0);
CREATE INDEX desk_item_source ON desk_item (source, type, closed, opened, id, subject);
-- +goose Down
DROP INDEX desk_item_source;
ALTER TABLE desk_item DROP COLUMN source;
