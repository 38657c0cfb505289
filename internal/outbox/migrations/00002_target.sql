-- +goose Up
-- What each target did lately: one that fails is left alone for a while, with all its messages. placement: directory
CREATE TABLE outbox_target (
  target @key NOT NULL,
  fails  @int NOT NULL,
  until  @int NOT NULL,
  error  TEXT NOT NULL,
  PRIMARY KEY (target)
) @table;
CREATE INDEX outbox_target_until ON outbox_target (until, target);
CREATE INDEX outbox_target_fails ON outbox_target (fails, target);
CREATE INDEX outbox_message_target ON outbox_message (target, state, due, subject, topic);
CREATE INDEX outbox_message_stuck ON outbox_message (due, subject, target, topic) WHERE state = 'waiting' AND tries >= 5;
CREATE INDEX outbox_message_body ON outbox_message (due, subject, target, topic) WHERE state IN ('sent', 'cancelled') AND body <> '';
-- +goose Down
DROP INDEX outbox_message_body;
DROP INDEX outbox_message_stuck;
DROP INDEX outbox_message_target;
DROP TABLE outbox_target;
