-- +goose Up
-- Which tables list a paper: deleting one does not end the watch that another began. placement: directory
CREATE TABLE receive_held (
  receiver @key NOT NULL,
  batch    @key NOT NULL,
  number   @key NOT NULL,
  until    @int NOT NULL,
  PRIMARY KEY (receiver, batch, number)
) @table;
CREATE INDEX receive_held_number ON receive_held (number, receiver, until);
INSERT INTO receive_held (receiver, batch, number, until) SELECT receiver, batch, number, until FROM receive_holder;

-- For which edition and purpose a paper is held and by whom it was checked last, and when it is looked at next.
ALTER TABLE receive_holder ADD COLUMN edition @key NOT NULL DEFAULT '';
ALTER TABLE receive_holder ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE receive_holder ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE receive_holder ADD COLUMN look @int NOT NULL DEFAULT 0;
CREATE INDEX receive_holder_look ON receive_holder (status, look, number, receiver);

-- What a receiver usually needs a paper to cover. placement: directory
CREATE TABLE receive_profile (
  receiver @key NOT NULL,
  name     @key NOT NULL,
  need     TEXT NOT NULL,
  saved    @int NOT NULL,
  PRIMARY KEY (receiver, name)
) @table;
-- +goose Down
DROP TABLE receive_profile;
DROP INDEX receive_holder_look;
ALTER TABLE receive_holder DROP COLUMN look;
ALTER TABLE receive_holder DROP COLUMN actor;
ALTER TABLE receive_holder DROP COLUMN purpose;
ALTER TABLE receive_holder DROP COLUMN edition;
DROP TABLE receive_held;
