-- Ways through the product that a person recorded, each with what came of it when it was last gone through; and what a watch noted.

CREATE TABLE journey (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name    TEXT    NOT NULL,
    -- The file of this one journey; a file with a secret in it is refused before it comes here.
    text    TEXT    NOT NULL,
    -- JSON: what was seen the last time; nothing before the first.
    seen    TEXT,
    UNIQUE (project, name)
) STRICT;

-- The watch of a project, for as long as somebody wants one.
CREATE TABLE watch (
    project TEXT    NOT NULL PRIMARY KEY REFERENCES project (id) ON DELETE CASCADE,
    every_s INTEGER NOT NULL
) STRICT;

-- Changes that a watch noted: the newest of a subject is how it stands.
CREATE TABLE watch_change (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    -- JSON: what is watched, since when, how it stands and why.
    change  TEXT    NOT NULL
) STRICT;

CREATE INDEX watch_change_project ON watch_change (project, id);
