-- +goose Up
-- placement: reference
CREATE TABLE source (
  id    @int NOT NULL PRIMARY KEY,
  code  @key NOT NULL UNIQUE,
  name  TEXT NOT NULL,
  organ @key NOT NULL,
  trial @int NOT NULL
) @table;

-- One feed is one kind of matter from one source. placement: reference
CREATE TABLE feed (
  source       @int NOT NULL,
  kind         @int NOT NULL,
  basis        TEXT NOT NULL,
  snapshot     @int NOT NULL,
  rhythm       @int NOT NULL,
  domains      TEXT NOT NULL,
  since        @int NOT NULL,
  last_arrival @int NOT NULL,
  row_count    @int NOT NULL,
  bad_count    @int NOT NULL,
  late_publish @int NOT NULL,
  late_arrive  @int NOT NULL,
  PRIMARY KEY (source, kind)
) @table;

-- placement: local
CREATE TABLE intake_load (
  id          @int NOT NULL PRIMARY KEY,
  source      @int NOT NULL,
  kind        @int NOT NULL,
  name        TEXT NOT NULL,
  sha256      @key NOT NULL,
  encoding    TEXT NOT NULL,
  state       @key NOT NULL,
  started     @int NOT NULL,
  ended       @int NOT NULL,
  by_login    @key NOT NULL,
  row_count   @int NOT NULL,
  accepted    @int NOT NULL,
  unchanged   @int NOT NULL,
  amended     @int NOT NULL,
  quarantined @int NOT NULL,
  warned      @int NOT NULL,
  error       TEXT NOT NULL
) @table;
CREATE INDEX intake_load_file ON intake_load (sha256, source, kind);

-- placement: local
CREATE TABLE quarantine (
  load     @int NOT NULL,
  row      @int NOT NULL,
  source   @int NOT NULL,
  kind     @int NOT NULL,
  layout   @int NOT NULL,
  cells    @blob NOT NULL,
  findings TEXT NOT NULL,
  state    @key NOT NULL,
  PRIMARY KEY (load, row)
) @table;

-- Things a person must decide about a subject: attachment, duplicate, reconcile. placement: subject
CREATE TABLE desk_item (
  subject @key NOT NULL,
  id      @key NOT NULL,
  type    @key NOT NULL,
  matter  @blob NOT NULL,
  other   @key NOT NULL,
  load    @int NOT NULL,
  row     @int NOT NULL,
  detail  TEXT NOT NULL,
  opened  @int NOT NULL,
  closed  @int NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (subject, id)
) @table;
CREATE INDEX desk_item_open ON desk_item (type, closed, opened, id);

-- Subjects whose facts a load changed, for the projections; emptied as they follow. placement: local
CREATE TABLE touched (
  load    @int NOT NULL,
  subject @key NOT NULL,
  PRIMARY KEY (load, subject)
) @table;
-- +goose Down
DROP TABLE source;
DROP TABLE feed;
DROP TABLE intake_load;
DROP TABLE quarantine;
DROP TABLE desk_item;
DROP TABLE touched;
