-- Rows and checks that a project has besides those of its roadmap: the file as it was given.

CREATE TABLE own_rows (
    project TEXT NOT NULL PRIMARY KEY REFERENCES project (id) ON DELETE CASCADE,
    text    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
