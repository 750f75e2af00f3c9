-- The account that a project's product sends mail with, without its passwords.

CREATE TABLE mail_account (
    project  TEXT NOT NULL PRIMARY KEY REFERENCES project (id) ON DELETE CASCADE,
    -- JSON: servers, ports, users and addresses.
    settings TEXT NOT NULL
) STRICT;
