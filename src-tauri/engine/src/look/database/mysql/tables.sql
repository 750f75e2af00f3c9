/* launch-ready: tables */
SELECT CAST(JSON_OBJECT(
  'name', t.TABLE_NAME, 'rows', COALESCE(t.TABLE_ROWS, 0), 'bytes', COALESCE(t.DATA_LENGTH, 0),
  'scans', NULL, 'scanned', 0, 'lookups', 0, 'dead', 0, 'tidied', 1) AS CHAR) AS row_text
FROM information_schema.TABLES t
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE'
ORDER BY t.DATA_LENGTH DESC LIMIT 2000
