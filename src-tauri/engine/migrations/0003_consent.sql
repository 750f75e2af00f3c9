-- Who agreed to what may be felt on a host. A consent is never changed: it is withdrawn, or it runs out.

CREATE TABLE consent (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project   TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    host      TEXT    NOT NULL,
    -- JSON: by whom, what for, how much, from when until when.
    agreed    TEXT    NOT NULL,
    withdrawn TEXT
) STRICT;

CREATE INDEX consent_project ON consent (project, host, id);
