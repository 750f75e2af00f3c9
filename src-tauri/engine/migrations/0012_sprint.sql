-- The two days of work on a project: when they began, and when they were paused. JSON; a new sprint takes the place of the one before.

CREATE TABLE sprint (
    project TEXT NOT NULL PRIMARY KEY REFERENCES project (id) ON DELETE CASCADE,
    sprint  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
