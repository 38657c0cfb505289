-- +goose Up
-- A platform that shows matters; configuration. secret is sealed. placement: reference
CREATE TABLE platform_target (
  id      @key NOT NULL,
  name    TEXT NOT NULL,
  kind    @key NOT NULL,
  push    TEXT NOT NULL,
  page    TEXT NOT NULL,
  secret  TEXT NOT NULL,
  sectors TEXT NOT NULL,
  manner  @key NOT NULL,
  place   @int NOT NULL,
  closed  @int NOT NULL,
  PRIMARY KEY (id)
) @table;

-- How one matter stands on one platform. body is what the platform is told. placement: subject
CREATE TABLE platform_shown (
  subject     @key NOT NULL,
  matter      @key NOT NULL,
  target      @key NOT NULL,
  version     @int NOT NULL,
  ended       @int NOT NULL,
  state       @key NOT NULL,
  since       @int NOT NULL,
  due         @int NOT NULL,
  provisional @int NOT NULL,
  confirmed   @int NOT NULL,
  checked     @int NOT NULL,
  round       @int NOT NULL,
  tries       @int NOT NULL,
  reason      TEXT NOT NULL,
  letter      TEXT NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (subject, matter, target)
) @table;
CREATE INDEX platform_shown_due ON platform_shown (state, due, subject, matter, target);
CREATE INDEX platform_shown_checked ON platform_shown (state, checked, subject, matter, target);
CREATE INDEX platform_shown_since ON platform_shown (target, state, since);
CREATE INDEX platform_shown_confirmed ON platform_shown (target, state, confirmed);

-- A repair done elsewhere that a platform reported. state is open while it is worked on. placement: subject
CREATE TABLE platform_arrival (
  subject @key NOT NULL,
  matter  @key NOT NULL,
  target  @key NOT NULL,
  version @int NOT NULL,
  state   @key NOT NULL,
  at      @int NOT NULL,
  body    TEXT NOT NULL,
  PRIMARY KEY (subject, matter, target, version)
) @table;

-- A comparison of what a platform shows with the ledger. placement: directory
CREATE TABLE platform_comparison (
  target  @key NOT NULL,
  run     @int NOT NULL,
  items   @int NOT NULL,
  agree   @int NOT NULL,
  PRIMARY KEY (target, run)
) @table;

-- An item of a comparison on which the two do not agree. placement: directory
CREATE TABLE platform_difference (
  target  @key NOT NULL,
  run     @int NOT NULL,
  line    @int NOT NULL,
  code    @key NOT NULL,
  doc_no  TEXT NOT NULL,
  verdict @key NOT NULL,
  words   TEXT NOT NULL,
  PRIMARY KEY (target, run, line)
) @table;

-- Settings that an office may change, with the basis on which it did. placement: reference
CREATE TABLE platform_setting (
  name  @key NOT NULL,
  value @int NOT NULL,
  basis TEXT NOT NULL,
  by_   @key NOT NULL,
  at    @int NOT NULL,
  PRIMARY KEY (name)
) @table;
-- +goose Down
DROP TABLE platform_setting;
DROP TABLE platform_difference;
DROP TABLE platform_comparison;
DROP TABLE platform_arrival;
DROP TABLE platform_shown;
DROP TABLE platform_target;
