-- +goose Up
-- Loads of a period, for the quality pages, and those that did not end, for the start.
CREATE INDEX intake_load_started ON intake_load (started, source, kind);
CREATE INDEX intake_load_state ON intake_load (state, id);
-- +goose Down
DROP INDEX intake_load_started;
DROP INDEX intake_load_state;
