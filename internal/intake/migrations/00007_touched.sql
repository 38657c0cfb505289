-- +goose Up
-- All entries of a subject leave the queue together. The mark is another whenever a person puts the subject on the
-- queue again: what was computed before is then not written.
ALTER TABLE touched ADD COLUMN mark @int NOT NULL DEFAULT 0;
CREATE INDEX touched_subject ON touched (subject, load);
-- +goose Down
DROP INDEX touched_subject;
ALTER TABLE touched DROP COLUMN mark;
