-- Risks that somebody accepted for a time. A waiver is never changed: it is withdrawn, or it runs out.

CREATE TABLE waiver (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project   TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    -- What it covers: a check, item, deliverable or signal, and the subject of one finding; an empty subject is none.
    of        TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    -- JSON: why, by whom, how much, from when until when.
    waiver    TEXT    NOT NULL,
    withdrawn TEXT
) STRICT;

CREATE INDEX waiver_project ON waiver (project, id);
