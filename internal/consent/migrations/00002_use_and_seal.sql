-- +goose Up
-- What a grant is limited to besides, and who withdrew it.
ALTER TABLE consent ADD COLUMN domains TEXT NOT NULL DEFAULT '[]';
ALTER TABLE consent ADD COLUMN period_from @int NOT NULL DEFAULT 0;
ALTER TABLE consent ADD COLUMN period_to @int NOT NULL DEFAULT 0;
ALTER TABLE consent ADD COLUMN level @key NOT NULL DEFAULT '';

-- The grants in force are found without reading those that are over.
ALTER TABLE consent_grantee ADD COLUMN scope @key NOT NULL DEFAULT '';
ALTER TABLE consent_grantee ADD COLUMN until @int NOT NULL DEFAULT 0;
ALTER TABLE consent_grantee ADD COLUMN withdrawn @int NOT NULL DEFAULT 0;
UPDATE consent_grantee SET
  scope = (SELECT c.scope FROM consent c WHERE c.subject = consent_grantee.subject AND c.id = consent_grantee.id),
  until = (SELECT c.until FROM consent c WHERE c.subject = consent_grantee.subject AND c.id = consent_grantee.id),
  withdrawn = (SELECT c.withdrawn FROM consent c WHERE c.subject = consent_grantee.subject AND c.id = consent_grantee.id);
CREATE INDEX consent_grantee_open ON consent_grantee (grantee, scope, withdrawn, id);

-- The signed envelopes of a grant: as it was given, and its withdrawal. placement: subject
CREATE TABLE consent_seal (
  subject  @key NOT NULL,
  id       @key NOT NULL,
  kind     @key NOT NULL,
  envelope TEXT NOT NULL,
  PRIMARY KEY (subject, id, kind)
) @table;

-- Each use of a grant, newest last by number. placement: subject
CREATE TABLE consent_use (
  subject  @key NOT NULL,
  grant_id @key NOT NULL,
  id       @key NOT NULL,
  at       @int NOT NULL,
  actor    @key NOT NULL,
  name     TEXT NOT NULL,
  purpose  TEXT NOT NULL,
  edition  @key NOT NULL,
  kind     @key NOT NULL,
  document @key NOT NULL,
  PRIMARY KEY (subject, grant_id, id)
) @table;
-- +goose Down
DROP TABLE consent_use;
DROP TABLE consent_seal;
DROP INDEX consent_grantee_open;
ALTER TABLE consent_grantee DROP COLUMN withdrawn;
ALTER TABLE consent_grantee DROP COLUMN until;
ALTER TABLE consent_grantee DROP COLUMN scope;
ALTER TABLE consent DROP COLUMN level;
ALTER TABLE consent DROP COLUMN period_to;
ALTER TABLE consent DROP COLUMN period_from;
ALTER TABLE consent DROP COLUMN domains;
