-- What people changed, with each row as it was before and after, so that it can be undone. Triggers write it; which tables have
-- them is a list in `store/edit.rs`.

CREATE TABLE edit (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- Changes of rows that belong together are undone together.
    act     INTEGER NOT NULL,
    -- Nothing for a setting of the window.
    project TEXT    REFERENCES project (id) ON DELETE CASCADE,
    -- Milliseconds since 1970.
    at      INTEGER NOT NULL,
    -- The word of the list.
    place   TEXT    NOT NULL,
    -- JSON: the row; nothing where there was none, or is none any more.
    was     TEXT,
    became  TEXT,
    undone  INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
) STRICT;

CREATE INDEX edit_project ON edit (project, id);

-- Has a row while something is undone, which is no new edit.
CREATE TABLE edit_pause (
    one INTEGER NOT NULL PRIMARY KEY
) STRICT;
