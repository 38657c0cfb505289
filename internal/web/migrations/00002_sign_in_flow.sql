-- +goose Up
-- Sign-ins under way at a province's identity provider. placement: local
CREATE TABLE sign_in_flow (
    id         @key NOT NULL PRIMARY KEY,
    nonce      @key NOT NULL,
    verifier   @key NOT NULL,
    return_to  TEXT NOT NULL,
    expires_at @int NOT NULL
) @table;

CREATE INDEX sign_in_flow_expires ON sign_in_flow (expires_at);
-- +goose Down
DROP TABLE sign_in_flow;
