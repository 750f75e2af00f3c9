-- What whoever works on a project notes for themselves: in no document, and in a project file only when they say so.

CREATE TABLE private_note (
    project TEXT NOT NULL PRIMARY KEY REFERENCES project (id) ON DELETE CASCADE,
    text    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
