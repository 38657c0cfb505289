-- +goose Up
-- How the members of a request ended, under the parent, noted in the transaction of each end: progress is counted by it.
-- placement: subject
CREATE TABLE group_end (
  subject @key NOT NULL,
  id      @key NOT NULL,
  member  @key NOT NULL,
  state   @key NOT NULL,
  PRIMARY KEY (subject, id, member)
) @table;
-- +goose Down
DROP TABLE group_end;
