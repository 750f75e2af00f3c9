-- What was typed into a question and not saved yet, so that closing or killing the window loses nothing.

CREATE TABLE draft (
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (project, key)
) STRICT, WITHOUT ROWID;
