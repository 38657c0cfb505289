-- +goose Up
-- placement: subject
CREATE TABLE tally_delta (
  subject @key NOT NULL,
  id      @key NOT NULL,
  kind    @key NOT NULL,
  day     @int NOT NULL,
  n       @int NOT NULL,
  facets  TEXT NOT NULL,
  PRIMARY KEY (subject, id, kind)
) @table;

-- The names of facets are empty for the whole of a day. placement: reference
CREATE TABLE tally_sum (
  kind  @key NOT NULL,
  facet @key NOT NULL,
  day   @int NOT NULL,
  value @key NOT NULL,
  n     @int NOT NULL,
  PRIMARY KEY (kind, facet, day, value)
) @table;
-- +goose Down
DROP TABLE tally_delta;
DROP TABLE tally_sum;
