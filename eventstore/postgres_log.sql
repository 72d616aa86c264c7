CREATE TABLE IF NOT EXISTS events (
    position    bigint      NOT NULL PRIMARY KEY,
    stream      uuid        NOT NULL,
    version     integer     NOT NULL,
    topic       text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    state       bytea       NOT NULL,
    metadata    bytea       NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE IF NOT EXISTS command_keys (
    actor    uuid   NOT NULL,
    key      text   NOT NULL,
    digest   bytea  NOT NULL,
    position bigint NOT NULL,
    receipt  bytea  NOT NULL,
    PRIMARY KEY (actor, key)
);
