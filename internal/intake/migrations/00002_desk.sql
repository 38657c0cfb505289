-- +goose Up
-- Why a row left quarantine without being mended, and by whom.
ALTER TABLE quarantine ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- What waits for a source: its open rows in the order of the desk.
CREATE INDEX quarantine_open ON quarantine (source, state, load, row);
CREATE INDEX intake_load_source ON intake_load (source, id);

-- How often each finding was made in a load, for the quality pages. placement: local
CREATE TABLE load_finding (
  load     @int NOT NULL,
  code     @key NOT NULL,
  field    @key NOT NULL,
  blocking @int NOT NULL,
  n        @int NOT NULL,
  PRIMARY KEY (load, code, field)
) @table;

-- 零报告: nothing happened in a period. placement: reference
CREATE TABLE zero_report (
  source      @int NOT NULL,
  kind        @int NOT NULL,
  period_from @int NOT NULL,
  period_to   @int NOT NULL,
  reported    @int NOT NULL,
  by_login    @key NOT NULL,
  PRIMARY KEY (source, kind, period_from, period_to)
) @table;

-- Who stands on the list of a snapshot feed, and the load in which it was last seen. placement: directory
CREATE TABLE snapshot_member (
  source  @int NOT NULL,
  kind    @int NOT NULL,
  subject @key NOT NULL,
  matter  @blob NOT NULL,
  load    @int NOT NULL,
  PRIMARY KEY (source, kind, subject, matter)
) @table;
CREATE INDEX snapshot_member_load ON snapshot_member (source, kind, load);
-- +goose Down
DROP TABLE load_finding;
DROP TABLE zero_report;
DROP TABLE snapshot_member;
ALTER TABLE quarantine DROP COLUMN note;
DROP INDEX quarantine_open;
DROP INDEX intake_load_source;
