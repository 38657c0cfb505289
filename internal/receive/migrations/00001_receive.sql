-- +goose Up
-- What a receiver dropped at once. placement: directory
CREATE TABLE receive_batch (
  receiver @key NOT NULL,
  id       @key NOT NULL,
  made     @int NOT NULL,
  until    @int NOT NULL,
  need     TEXT NOT NULL,
  papers   @int NOT NULL,
  problems @int NOT NULL,
  attend   @int NOT NULL,
  fines    @int NOT NULL,
  PRIMARY KEY (receiver, id)
) @table;
CREATE INDEX receive_batch_until ON receive_batch (until, receiver, id);

-- Its table. placement: directory
CREATE TABLE receive_row (
  receiver @key NOT NULL,
  batch    @key NOT NULL,
  no       @int NOT NULL,
  body     TEXT NOT NULL,
  PRIMARY KEY (receiver, batch, no)
) @table;

-- From a document to those who have checked it. placement: directory
CREATE TABLE receive_holder (
  number   @key NOT NULL,
  receiver @key NOT NULL,
  subject  @key NOT NULL,
  batch    @key NOT NULL,
  status   @key NOT NULL,
  told     @int NOT NULL,
  hook     @key NOT NULL,
  until    @int NOT NULL,
  PRIMARY KEY (number, receiver)
) @table;
CREATE INDEX receive_holder_told ON receive_holder (receiver, told, number);
CREATE INDEX receive_holder_batch ON receive_holder (receiver, batch);
CREATE INDEX receive_holder_until ON receive_holder (until, number, receiver);

-- Where a receiver is told; the secret is encrypted. placement: directory
CREATE TABLE receive_hook (
  receiver @key NOT NULL,
  id       @key NOT NULL,
  address  TEXT NOT NULL,
  secret   @blob NOT NULL,
  made     @int NOT NULL,
  PRIMARY KEY (receiver)
) @table;
CREATE INDEX receive_hook_id ON receive_hook (id);

-- The reports that a reader had made for itself. placement: directory
CREATE TABLE receive_query (
  reader  @key NOT NULL,
  number  @key NOT NULL,
  subject @key NOT NULL,
  grant_id @key NOT NULL,
  purpose TEXT NOT NULL,
  made    @int NOT NULL,
  PRIMARY KEY (reader, number)
) @table;
-- +goose Down
DROP TABLE receive_query;
DROP TABLE receive_hook;
DROP TABLE receive_holder;
DROP TABLE receive_row;
DROP TABLE receive_batch;
