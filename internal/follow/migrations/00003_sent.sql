-- +goose Up
-- A text that a provider has taken and of which it is not known yet that it arrived, or known that it did not.
-- placement: directory
CREATE TABLE follow_sent (
  id       @key NOT NULL PRIMARY KEY,
  account  @key NOT NULL,
  kind     @key NOT NULL,
  provider TEXT NOT NULL,
  state    @key NOT NULL,
  taken    @int NOT NULL,
  due      @int NOT NULL
) @table;
CREATE INDEX follow_sent_due ON follow_sent (state, due, id);
CREATE INDEX follow_sent_account ON follow_sent (account, state);
-- +goose Down
DROP TABLE follow_sent;
