-- +goose Up
-- Whose accounts act for a subject.
CREATE INDEX account_subject_bound ON account_subject (subject, account);
-- +goose Down
DROP INDEX account_subject_bound;
