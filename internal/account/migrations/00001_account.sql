-- +goose Up
-- placement of all tables: local

CREATE TABLE account (
    id         @key NOT NULL PRIMARY KEY,
    login      @key NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    roles      @key NOT NULL,
    organ      TEXT NOT NULL,
    organ_name TEXT NOT NULL,
    region     TEXT NOT NULL,
    password   TEXT NOT NULL,
    changed_at @int NOT NULL,
    totp       @blob,
    totp_step  @int NOT NULL,
    created_at @int NOT NULL,
    closed_at  @int
) @table;

CREATE TABLE account_subject (
    account @key NOT NULL,
    subject @key NOT NULL,
    PRIMARY KEY (account, subject)
) @table;

CREATE TABLE account_recovery (
    account @key NOT NULL,
    code    @key NOT NULL,
    PRIMARY KEY (account, code)
) @table;

-- Failures by digest of the login name, which need not exist.
CREATE TABLE login_failure (
    login        @key NOT NULL PRIMARY KEY,
    failures     @int NOT NULL,
    last_at      @int NOT NULL,
    locked_until @int NOT NULL
) @table;

CREATE INDEX login_failure_last ON login_failure (last_at);

CREATE TABLE session (
    id         @key NOT NULL PRIMARY KEY,
    account    @key NOT NULL,
    stage      @key NOT NULL,
    agent      TEXT NOT NULL,
    created_at @int NOT NULL,
    seen_at    @int NOT NULL,
    expires_at @int NOT NULL
) @table;

CREATE INDEX session_account ON session (account, id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE api_token (
    id         @key NOT NULL PRIMARY KEY,
    account    @key NOT NULL,
    name       TEXT NOT NULL,
    digest     @key NOT NULL,
    roles      @key NOT NULL,
    created_at @int NOT NULL,
    expires_at @int NOT NULL,
    revoked_at @int
) @table;

CREATE INDEX api_token_account ON api_token (account, id);

-- +goose Down
DROP TABLE api_token;
DROP TABLE session;
DROP TABLE login_failure;
DROP TABLE account_recovery;
DROP TABLE account_subject;
DROP TABLE account;
