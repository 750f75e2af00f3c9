-- What people filed on the rows of the checklist: who does it until when, what they said, and what proves it.

CREATE TABLE charge (
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    owner   TEXT NOT NULL,
    -- A day, 2026-12-31; nothing where none was set.
    due     TEXT,
    PRIMARY KEY (project, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE comment (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    key     TEXT    NOT NULL,
    by      TEXT    NOT NULL,
    says    TEXT    NOT NULL,
    at      TEXT    NOT NULL
) STRICT;

CREATE INDEX comment_project ON comment (project, id);

-- What a piece holds lies in the folder "evidence" beside this file, once, under its hash.
CREATE TABLE evidence (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    key     TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    bytes   INTEGER NOT NULL,
    -- JSON: its name and kind, who attached it and when.
    piece   TEXT    NOT NULL,
    UNIQUE (project, key, hash)
) STRICT;

CREATE INDEX evidence_hash ON evidence (hash);
