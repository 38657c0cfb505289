-- +goose Up
-- The objection that is open for a matter: one at a time. placement: subject
CREATE TABLE objection_open (
  subject @key NOT NULL,
  matter  @key NOT NULL,
  id      @key NOT NULL,
  PRIMARY KEY (subject, matter)
) @table;

-- What was shown in objections that were decided, so that one without new evidence is known. evidence is the digest of
-- what was shown, empty for nothing. placement: subject
CREATE TABLE objection_past (
  subject  @key NOT NULL,
  matter   @key NOT NULL,
  ground   @key NOT NULL,
  evidence @key NOT NULL,
  id       @key NOT NULL,
  PRIMARY KEY (subject, matter, ground, evidence, id)
) @table;
-- +goose Down
DROP TABLE objection_open;
DROP TABLE objection_past;
