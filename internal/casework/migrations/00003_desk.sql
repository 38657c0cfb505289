-- +goose Up
-- Which desk gave a case to which. placement: subject
CREATE TABLE case_handover (
  subject   @key NOT NULL,
  id        @key NOT NULL,
  version   @int NOT NULL,
  from_desk @key NOT NULL,
  to_desk   @key NOT NULL,
  returned  @int NOT NULL,
  PRIMARY KEY (subject, id, version)
) @table;

-- What another desk was asked about a case, and its word: open, agree, disagree or recalled. placement: subject
CREATE TABLE case_cosign (
  subject  @key NOT NULL,
  id       @key NOT NULL,
  version  @int NOT NULL,
  desk     @key NOT NULL,
  word     @key NOT NULL,
  asked    @int NOT NULL,
  question TEXT NOT NULL,
  answered @int NOT NULL,
  reason   TEXT NOT NULL,
  actor    @key NOT NULL,
  name     TEXT NOT NULL,
  PRIMARY KEY (subject, id, version)
) @table;
CREATE INDEX case_cosign_desk ON case_cosign (desk, word, asked, subject, id, version);

-- Who acts for whom during leave. Rows are never deleted: ended is the day on which a span was cut short. placement: directory
CREATE TABLE case_stand_in (
  person      @key NOT NULL,
  id          @key NOT NULL,
  person_name TEXT NOT NULL,
  other       @key NOT NULL,
  other_name  TEXT NOT NULL,
  organ       @key NOT NULL,
  first       @int NOT NULL,
  last        @int NOT NULL,
  at          @int NOT NULL,
  actor       @key NOT NULL,
  ended       @int NOT NULL,
  ended_by    @key NOT NULL,
  PRIMARY KEY (person, id)
) @table;
CREATE INDEX case_stand_in_other ON case_stand_in (other, last, person, id);
-- +goose Down
DROP TABLE case_stand_in;
DROP TABLE case_cosign;
DROP TABLE case_handover;
