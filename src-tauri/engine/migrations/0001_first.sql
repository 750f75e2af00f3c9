-- What is stored: projects, what was seen in their runs, what people answered, settings. Never a judgement, never a secret.

CREATE TABLE project (
    id       TEXT    NOT NULL PRIMARY KEY,
    client   TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    -- The domain as DNS asks it and as a person reads it.
    domain   TEXT    NOT NULL,
    shown    TEXT    NOT NULL,
    roadmap  TEXT    NOT NULL,
    -- JSON array of absolute URLs.
    routes   TEXT    NOT NULL,
    demo     INTEGER NOT NULL CHECK (demo IN (0, 1)),
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    created  TEXT    NOT NULL
) STRICT;

-- One demo project at most.
CREATE UNIQUE INDEX project_demo ON project (demo) WHERE demo = 1;

CREATE TABLE run (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project   TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    roadmap   TEXT    NOT NULL,
    -- JSON: the target and what the run set out to look at.
    target    TEXT    NOT NULL,
    scope     TEXT    NOT NULL,
    started   TEXT    NOT NULL,
    -- Nothing while it is going on, or when it was killed.
    finished  TEXT,
    cut_short INTEGER NOT NULL CHECK (cut_short IN (0, 1))
) STRICT;

CREATE INDEX run_project ON run (project, id);

CREATE TABLE observation (
    seq  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run  INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    seen TEXT    NOT NULL
) STRICT;

CREATE INDEX observation_run ON observation (run, seq);

-- Every answer that was given; the newest one counts. One without content was taken back.
CREATE TABLE answer (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    key     TEXT    NOT NULL,
    answer  TEXT,
    at      TEXT    NOT NULL
) STRICT;

CREATE INDEX answer_project ON answer (project, key, id);

-- That the keychain was given a secret, so that its absence there can be told from "never set". Outlives its project until the
-- keychain has really let go of the secret.
CREATE TABLE secret_note (
    project TEXT NOT NULL,
    kind    TEXT NOT NULL,
    PRIMARY KEY (project, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE preference (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
