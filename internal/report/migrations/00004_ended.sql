-- +goose Up
-- The documents that are no longer in force, for the status list: replaced or withdrawn. Written in the
-- transaction that ends a document. placement: directory
CREATE TABLE document_ended (
  number  @key NOT NULL PRIMARY KEY,
  status  @key NOT NULL
) @table;
INSERT INTO document_ended (number, status)
  SELECT number, CASE WHEN status = 'valid' THEN 'replaced' ELSE status END FROM document WHERE status <> 'valid' OR newer <> '';
-- +goose Down
DROP TABLE document_ended;
