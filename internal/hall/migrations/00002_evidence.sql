-- +goose Up
-- When a visit began stands in the list of its day, so that the list is paged by time.
ALTER TABLE hall_day ADD COLUMN begun @int NOT NULL DEFAULT 0;

UPDATE hall_day SET begun = COALESCE((SELECT v.begun FROM hall_visit v WHERE v.subject = hall_day.subject AND v.id = hall_day.visit), 0);

CREATE INDEX hall_day_clerk ON hall_day (day, clerk, begun, visit);

CREATE INDEX hall_day_begun ON hall_day (day, begun, visit);

-- The authorisation that an agent showed, sealed. placement: subject
CREATE TABLE hall_authority (
  subject @key NOT NULL,
  visit   @key NOT NULL,
  media   @key NOT NULL,
  body    @blob NOT NULL,
  PRIMARY KEY (subject, visit)
) @table;

-- What an app may do: ask for natural persons too, and for how many tickets a day.
ALTER TABLE hall_app ADD COLUMN persons @int NOT NULL DEFAULT 0;

ALTER TABLE hall_app ADD COLUMN daily @int NOT NULL DEFAULT 500;

-- placement: local
CREATE TABLE hall_app_day (
  app     @key NOT NULL,
  day     @int NOT NULL,
  tickets @int NOT NULL,
  PRIMARY KEY (app, day)
) @table;

-- Reports that a subject's user had made inside an app, with the consent. placement: subject
CREATE TABLE hall_app_report (
  subject  @key NOT NULL,
  app      @key NOT NULL,
  number   @key NOT NULL,
  grant_id @key NOT NULL,
  PRIMARY KEY (subject, app, number)
) @table;
-- +goose Down
DROP TABLE hall_app_report;
DROP TABLE hall_app_day;
ALTER TABLE hall_app DROP COLUMN daily;
ALTER TABLE hall_app DROP COLUMN persons;
DROP TABLE hall_authority;
DROP INDEX hall_day_begun;
DROP INDEX hall_day_clerk;
ALTER TABLE hall_day DROP COLUMN begun;
