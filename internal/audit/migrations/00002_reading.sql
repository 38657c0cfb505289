-- +goose Up
-- For the auditor: what an account did, and what was done on a day. Neither is unique, so the table stays distributed by subject.
CREATE INDEX access_log_actor ON access_log (actor, at, id);
CREATE INDEX access_log_at ON access_log (at, id);
-- +goose Down
DROP INDEX access_log_actor;
DROP INDEX access_log_at;
