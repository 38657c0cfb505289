-- +goose Up
-- The sums of a month (year and month, such as 202605), so that those of years are read at once. placement: reference
CREATE TABLE tally_month (
  kind  @key NOT NULL,
  facet @key NOT NULL,
  month @int NOT NULL,
  value @key NOT NULL,
  n     @int NOT NULL,
  PRIMARY KEY (kind, facet, month, value)
) @table;
INSERT INTO tally_month (kind, facet, month, value, n) SELECT kind, facet, day / 100, value, SUM(n) FROM tally_sum GROUP BY kind, facet, day / 100, value;
-- +goose Down
DROP TABLE tally_month;
