-- Every consent in one table, told apart by what was agreed to, so that withdrawing one for a host leaves the others of that host alone.

ALTER TABLE consent ADD COLUMN kind TEXT NOT NULL DEFAULT 'tries';

UPDATE consent
SET kind = json_extract(agreed, '$.kind')
WHERE CASE WHEN json_valid(agreed) THEN json_extract(agreed, '$.kind') END IN ('mail', 'journey');

INSERT INTO consent (project, kind, host, agreed, withdrawn)
SELECT project, 'load', host, agreed, withdrawn FROM load_consent ORDER BY id;

DROP TABLE load_consent;
DROP INDEX consent_project;
CREATE INDEX consent_project ON consent (project, kind, host, id);
