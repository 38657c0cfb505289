-- +goose Up
-- A service at a window or kiosk; person is who stood there, sealed. placement: subject
CREATE TABLE hall_visit (
  subject    @key NOT NULL,
  id         @key NOT NULL,
  place      @key NOT NULL,
  clerk      @key NOT NULL,
  clerk_name TEXT NOT NULL,
  begun      @int NOT NULL,
  ended      @int NOT NULL,
  state      @key NOT NULL,
  person     @blob NOT NULL,
  purpose    @key NOT NULL,
  grant_id   @key NOT NULL,
  method     @key NOT NULL,
  proof      @key NOT NULL,
  document   @key NOT NULL,
  PRIMARY KEY (subject, id)
) @table;

-- The signed paper or drawing, sealed. placement: subject
CREATE TABLE hall_paper (
  subject @key NOT NULL,
  visit   @key NOT NULL,
  media   @key NOT NULL,
  body    @blob NOT NULL,
  PRIMARY KEY (subject, visit)
) @table;

-- From a day and an account to its services. placement: directory
CREATE TABLE hall_day (
  day     @int NOT NULL,
  clerk   @key NOT NULL,
  visit   @key NOT NULL,
  subject @key NOT NULL,
  PRIMARY KEY (day, clerk, visit)
) @table;

CREATE INDEX hall_day_visit ON hall_day (visit);

-- The visit that runs at a machine. placement: local
CREATE TABLE hall_kiosk (
  machine  @key NOT NULL PRIMARY KEY,
  visit    @key NOT NULL,
  subject  @key NOT NULL,
  printed  @int NOT NULL,
  deadline @int NOT NULL
) @table;

CREATE INDEX hall_kiosk_deadline ON hall_kiosk (deadline);

-- Apps of the province that embed the pages. placement: local
CREATE TABLE hall_app (
  id      @key NOT NULL PRIMARY KEY,
  name    TEXT NOT NULL,
  origins TEXT NOT NULL,
  secret  @key NOT NULL,
  created @int NOT NULL,
  closed  @int NOT NULL
) @table;

-- placement: local
CREATE TABLE hall_ticket (
  id      @key NOT NULL PRIMARY KEY,
  app     @key NOT NULL,
  subject @key NOT NULL,
  expires @int NOT NULL
) @table;

CREATE INDEX hall_ticket_expires ON hall_ticket (expires);

-- placement: local
CREATE TABLE hall_embed (
  id      @key NOT NULL PRIMARY KEY,
  app     @key NOT NULL,
  subject @key NOT NULL,
  expires @int NOT NULL
) @table;

CREATE INDEX hall_embed_expires ON hall_embed (expires);
-- +goose Down
DROP TABLE hall_embed;
DROP TABLE hall_ticket;
DROP TABLE hall_app;
DROP TABLE hall_kiosk;
DROP TABLE hall_day;
DROP TABLE hall_paper;
DROP TABLE hall_visit;
