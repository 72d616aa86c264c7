CREATE TABLE IF NOT EXISTS command_keys (
    actor    BLOB    NOT NULL,
    key      TEXT    NOT NULL,
    digest   BLOB    NOT NULL,
    position INTEGER NOT NULL,
    receipt  BLOB    NOT NULL,
    PRIMARY KEY (actor, key)
) WITHOUT ROWID;
