-- Measurements that a person started, and who agreed to load on a host.

CREATE TABLE measured (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project  TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    -- Method and address, by which measurements belong together.
    what     TEXT    NOT NULL,
    at       TEXT    NOT NULL,
    baseline INTEGER NOT NULL CHECK (baseline IN (0, 1)),
    -- JSON: counts and times, never an answer's content.
    loaded   TEXT    NOT NULL
) STRICT;

CREATE INDEX measured_project ON measured (project, what, id);

CREATE TABLE load_consent (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project   TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    host      TEXT    NOT NULL,
    -- JSON: by whom, how much, from when until when.
    agreed    TEXT    NOT NULL,
    withdrawn TEXT
) STRICT;

CREATE INDEX load_consent_project ON load_consent (project, host, id);
