-- +goose Up
-- Which account follows which subject. placement: subject
CREATE TABLE follow_subscription (
  subject @key NOT NULL,
  account @key NOT NULL,
  events  TEXT NOT NULL,
  days    @int NOT NULL,
  since   @int NOT NULL,
  looked  @int NOT NULL,
  swept   @int NOT NULL,
  PRIMARY KEY (subject, account)
) @table;

-- Where an account's messages go. placement: directory
CREATE TABLE follow_address (
  account   @key NOT NULL PRIMARY KEY,
  address   TEXT NOT NULL,
  confirmed @int NOT NULL,
  asked     @int NOT NULL,
  tries     @int NOT NULL
) @table;

-- What a recipient was told, an account or an organ; of a topic without a kind only that it was known before.
-- placement: directory
CREATE TABLE follow_message (
  recipient @key NOT NULL,
  topic     @key NOT NULL,
  id        @key NOT NULL,
  subject   @key NOT NULL,
  kind      @key NOT NULL,
  link      TEXT NOT NULL,
  day       @int NOT NULL,
  at        @int NOT NULL,
  seen      @int NOT NULL,
  PRIMARY KEY (recipient, topic)
) @table;
CREATE INDEX follow_message_list ON follow_message (recipient, id);
CREATE INDEX follow_message_new ON follow_message (recipient, seen, id);
-- +goose Down
DROP TABLE follow_subscription;
DROP TABLE follow_address;
DROP TABLE follow_message;
