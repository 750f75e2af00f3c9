/* launch-ready: indexes */
SELECT CAST(JSON_OBJECT(
  'table', s.TABLE_NAME, 'name', s.INDEX_NAME, 'column', COALESCE(s.COLUMN_NAME, ''),
  'guards', s.NON_UNIQUE = 0, 'plain', s.INDEX_TYPE = 'BTREE' AND s.SUB_PART IS NULL AND COALESCE(s.COLLATION, 'A') = 'A') AS CHAR) AS row_text
FROM information_schema.STATISTICS s
WHERE s.TABLE_SCHEMA = DATABASE()
ORDER BY s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX LIMIT 5000
