-- +goose Up
-- What sources said (op 1) and what happened to it (op 2), one append-only sequence a subject.
-- placement: subject
CREATE TABLE fact (
  subject   @key NOT NULL,
  seq       @int NOT NULL,
  op        @int NOT NULL,
  kind      @int NOT NULL,
  matter    @blob NOT NULL,
  source    @int NOT NULL,
  load      @int NOT NULL,
  row       @int NOT NULL,
  effective @int NOT NULL,
  recorded  @int NOT NULL,
  digest    @int NOT NULL,
  body      @blob NOT NULL,
  PRIMARY KEY (subject, seq)
) @table;

-- placement: subject
CREATE TABLE subject (
  key      @key NOT NULL PRIMARY KEY,
  class    @int NOT NULL,
  name     TEXT NOT NULL,
  since    @int NOT NULL
) @table;

-- Names and legacy numbers that lead to a subject. placement: directory
CREATE TABLE subject_name (
  name     @key NOT NULL,
  key      @key NOT NULL,
  PRIMARY KEY (name, key)
) @table;
CREATE TABLE subject_alias (
  alias    @key NOT NULL,
  key      @key NOT NULL,
  PRIMARY KEY (alias, key)
) @table;

-- Natural persons: the number only as a keyed hash and encrypted. placement: directory
CREATE TABLE identity (
  hash     @blob NOT NULL,
  version  @int NOT NULL,
  key      @key NOT NULL,
  sealed   @blob NOT NULL,
  PRIMARY KEY (hash)
) @table;

-- placement: reference
CREATE TABLE layout (
  id       @int NOT NULL PRIMARY KEY,
  digest   @key NOT NULL UNIQUE,
  headings TEXT NOT NULL
) @table;
CREATE TABLE dictionary (
  id       @int NOT NULL PRIMARY KEY,
  trained  @int NOT NULL,
  bytes    @blob NOT NULL
) @table;
-- +goose Down
DROP TABLE fact;
DROP TABLE subject;
DROP TABLE subject_name;
DROP TABLE subject_alias;
DROP TABLE identity;
DROP TABLE layout;
DROP TABLE dictionary;
