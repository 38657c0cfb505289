-- +goose Up
-- The days on which a matter is public, with what the pages show of it. A projection: it can be made
-- again from the facts. placement: directory
CREATE TABLE public_matter (
  id          @key NOT NULL,
  open_from   @int NOT NULL,
  hidden_from @int NOT NULL,
  tab         @int NOT NULL,
  kind        @int NOT NULL,
  decided     @int NOT NULL,
  subject     @key NOT NULL,
  name        TEXT NOT NULL,
  doc_no      @key NOT NULL,
  authority   TEXT NOT NULL,
  domain      @key NOT NULL,
  disputed    @int NOT NULL,
  digest      @int NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (id, open_from)
) @table;
CREATE INDEX public_matter_newest ON public_matter (tab, decided, id);
CREATE INDEX public_matter_domain ON public_matter (tab, domain, decided, id);
CREATE INDEX public_matter_subject ON public_matter (subject, tab, decided, id);
CREATE INDEX public_matter_doc_no ON public_matter (doc_no);

-- By which rules the projection was made, how far a renewal has come, and until when it has followed.
-- placement: local
CREATE TABLE public_state (
  id       @int NOT NULL PRIMARY KEY,
  digest   @key NOT NULL,
  cursor   @key NOT NULL,
  followed @int NOT NULL
) @table;
-- +goose Down
DROP TABLE public_matter;
DROP TABLE public_state;
