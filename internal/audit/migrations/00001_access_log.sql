-- +goose Up
-- placement: subject
CREATE TABLE access_log (
    subject  @key NOT NULL,
    at       @int NOT NULL,
    id       @key NOT NULL,
    actor    @key NOT NULL,
    name     TEXT NOT NULL,
    role     @key NOT NULL,
    organ    TEXT NOT NULL,
    channel  @key NOT NULL,
    action   @key NOT NULL,
    purpose  TEXT NOT NULL,
    document @key NOT NULL,
    PRIMARY KEY (subject, at, id)
) @table;

-- +goose Down
DROP TABLE access_log;
