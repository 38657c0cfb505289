-- +goose Up
-- Which process runs a load, and until when (UTC ms) it need not say again that it does; 0 for nobody.
ALTER TABLE intake_load ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE intake_load ADD COLUMN leased @int NOT NULL DEFAULT 0;
-- +goose Down
ALTER TABLE intake_load DROP COLUMN owner;
ALTER TABLE intake_load DROP COLUMN leased;
