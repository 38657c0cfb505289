-- +goose Up
-- Documents of a subject rest on facts under other keys too: when those change, the follower finds the
-- documents by this. placement: directory
CREATE TABLE document_basis (
  key     @key NOT NULL,
  subject @key NOT NULL,
  PRIMARY KEY (key, subject)
) @table;
-- +goose Down
DROP TABLE document_basis;
