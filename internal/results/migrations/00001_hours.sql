-- +goose Up
-- How long a certificate takes (每份证明办理时间), append-only: of two rows for one day the later counts.
-- placement: reference
CREATE TABLE results_hours (
  effective @int NOT NULL,
  known     @int NOT NULL,
  minutes   @int NOT NULL,
  source    TEXT NOT NULL,
  author    TEXT NOT NULL,
  PRIMARY KEY (effective, known)
) @table;
-- +goose Down
DROP TABLE results_hours;
