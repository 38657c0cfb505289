-- +goose Up
-- The desks of bodies hold several kinds of cases: each capability lists its own. placement: subject
CREATE INDEX case_file_opened ON case_file (desk, closed, kind, opened, subject, id);
-- +goose Down
DROP INDEX case_file_opened;
