-- +goose Up
-- Which documents were asked for under which grant, newest last by number. placement: directory
CREATE TABLE mandate_document (
  grantee  @key NOT NULL,
  number   @key NOT NULL,
  subject  @key NOT NULL,
  grant_id @key NOT NULL,
  edition  @key NOT NULL,
  purpose  TEXT NOT NULL,
  at       @int NOT NULL,
  PRIMARY KEY (grantee, number)
) @table;

CREATE INDEX mandate_document_grant ON mandate_document (grantee, grant_id, number);
-- +goose Down
DROP TABLE mandate_document;
