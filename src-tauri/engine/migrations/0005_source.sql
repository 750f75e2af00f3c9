-- Where a project's own things lie on this machine: its folder, its log, and what its environments have (names only, never a value).

CREATE TABLE source (
    project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    -- folder, log or environment.
    kind    TEXT NOT NULL,
    -- The environment's name; empty for the others.
    name    TEXT NOT NULL,
    -- A path, or the environment as JSON.
    value   TEXT NOT NULL,
    PRIMARY KEY (project, kind, name)
) STRICT;
