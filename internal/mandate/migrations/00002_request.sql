-- +goose Up
-- Who asked whom for consent, newest last by number. placement: directory
CREATE TABLE mandate_request (
  asker   @key NOT NULL,
  id      @key NOT NULL,
  subject @key NOT NULL,
  PRIMARY KEY (asker, id)
) @table;
-- +goose Down
DROP TABLE mandate_request;
