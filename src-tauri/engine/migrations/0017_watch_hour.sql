-- What a watch saw, hour by hour: enough to tell that it looked, and whether a page becomes slow over days.

CREATE TABLE watch_hour (
    project TEXT    NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    -- The address, or the name of a journey.
    subject TEXT    NOT NULL,
    -- Hours since 1970.
    hour    INTEGER NOT NULL,
    looks   INTEGER NOT NULL,
    well    INTEGER NOT NULL,
    -- Seconds between two rounds, and when the last one of this hour was.
    every_s INTEGER NOT NULL,
    last    TEXT    NOT NULL,
    -- JSON: milliseconds, each with how often.
    times   TEXT    NOT NULL,
    PRIMARY KEY (project, subject, hour)
) STRICT;
