-- +goose Up
-- placement: subject
CREATE TABLE consent (
  subject      @key NOT NULL,
  id           @key NOT NULL,
  grantee      @key NOT NULL,
  grantee_name TEXT NOT NULL,
  scope        @key NOT NULL,
  purpose      TEXT NOT NULL,
  editions     TEXT NOT NULL,
  uses         @int NOT NULL,
  used         @int NOT NULL,
  given        @int NOT NULL,
  until        @int NOT NULL,
  withdrawn    @int NOT NULL,
  signature    TEXT NOT NULL,
  PRIMARY KEY (subject, id)
) @table;

-- From who was allowed to the grants. placement: directory
CREATE TABLE consent_grantee (
  grantee @key NOT NULL,
  id      @key NOT NULL,
  subject @key NOT NULL,
  PRIMARY KEY (grantee, id)
) @table;
-- +goose Down
DROP TABLE consent;
DROP TABLE consent_grantee;
