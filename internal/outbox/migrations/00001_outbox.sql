-- +goose Up
-- placement: subject
CREATE TABLE outbox_message (
  subject  @key NOT NULL,
  target   @key NOT NULL,
  topic    @key NOT NULL,
  version  @int NOT NULL,
  body     TEXT NOT NULL,
  state    @key NOT NULL,
  tries    @int NOT NULL,
  due      @int NOT NULL,
  written  @int NOT NULL,
  error    TEXT NOT NULL,
  PRIMARY KEY (subject, target, topic)
) @table;
CREATE INDEX outbox_message_due ON outbox_message (state, due, subject, target, topic);
-- +goose Down
DROP TABLE outbox_message;
