-- +goose Up
-- To whom a row in quarantine may belong, by a key or by "name:" and a name, and the domains that it then
-- speaks of: the reports concerned are under check until the row is settled. placement: directory
CREATE TABLE held_lead (
  lead   @key NOT NULL,
  load   @int NOT NULL,
  row    @int NOT NULL,
  domain @key NOT NULL,
  PRIMARY KEY (lead, load, row, domain)
) @table;
CREATE INDEX held_lead_row ON held_lead (load, row);

-- The questions in which a key stands on the other side.
CREATE INDEX desk_item_other ON desk_item (other, closed);
-- +goose Down
DROP INDEX desk_item_other;
DROP TABLE held_lead;
