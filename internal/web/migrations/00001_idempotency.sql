-- +goose Up
-- placement: local
CREATE TABLE idempotency (
    id         @key NOT NULL PRIMARY KEY,
    run        @key NOT NULL,
    digest     @blob NOT NULL,
    started_at @int NOT NULL,
    expires_at @int NOT NULL,
    response   @blob
) @table;

CREATE INDEX idempotency_expires ON idempotency (expires_at);

-- +goose Down
DROP TABLE idempotency;
