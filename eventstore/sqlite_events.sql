CREATE TABLE IF NOT EXISTS events (
    position    INTEGER PRIMARY KEY,
    stream      BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    topic       TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL, -- microseconds since 1970, UTC
    state       BLOB    NOT NULL,
    metadata    BLOB    NOT NULL,
    UNIQUE (stream, version)
);
