-- +goose Up
-- What became of each text: proposed, adopted, rejected; append-only. The body stands with its proposal. placement: reference
CREATE TABLE ruleset_step (
  digest @key NOT NULL,
  seq    @int NOT NULL,
  at     @int NOT NULL,
  step   @key NOT NULL,
  who    @key NOT NULL,
  reason TEXT NOT NULL,
  body   TEXT NOT NULL,
  PRIMARY KEY (digest, seq)
) @table;

-- One row that whoever proposes or adopts holds, so that they come one after the other. placement: reference
CREATE TABLE ruleset_turn (
  id @int NOT NULL PRIMARY KEY,
  n  @int NOT NULL
) @table;
INSERT INTO ruleset_turn (id, n) VALUES (1, 0);
-- +goose Down
DROP TABLE ruleset_step;
DROP TABLE ruleset_turn;
