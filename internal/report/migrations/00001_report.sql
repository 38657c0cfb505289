-- +goose Up
-- An issued document, as issued. placement: subject
CREATE TABLE document (
  subject   @key NOT NULL,
  number    @key NOT NULL,
  issued    @int NOT NULL,
  inputs    TEXT NOT NULL,
  sealed    @blob NOT NULL,
  paper     @blob NOT NULL,
  status    @key NOT NULL,
  reason    TEXT NOT NULL,
  newer     @key NOT NULL,
  PRIMARY KEY (subject, number)
) @table;

-- One request on one day with the same facts gives one document. placement: subject
CREATE TABLE document_request (
  subject @key NOT NULL,
  request @key NOT NULL,
  number  @key NOT NULL,
  PRIMARY KEY (subject, request)
) @table;

-- The newest document of a subject for the same settings, whatever the day. placement: subject
CREATE TABLE document_series (
  subject @key NOT NULL,
  series  @key NOT NULL,
  number  @key NOT NULL,
  PRIMARY KEY (subject, series)
) @table;

-- placement: directory
CREATE TABLE document_number (
  number  @key NOT NULL PRIMARY KEY,
  subject @key NOT NULL,
  code    @key NOT NULL
) @table;

-- What the holder of a document is told. placement: subject
CREATE TABLE notice (
  subject @key NOT NULL,
  id      @key NOT NULL,
  at      @int NOT NULL,
  number  @key NOT NULL,
  text    TEXT NOT NULL,
  seen    @int NOT NULL,
  PRIMARY KEY (subject, id)
) @table;
-- +goose Down
DROP TABLE document;
DROP TABLE document_request;
DROP TABLE document_series;
DROP TABLE document_number;
DROP TABLE notice;
