/* launch-ready: use */
SELECT CAST(JSON_OBJECT(
  'table', u.OBJECT_NAME, 'name', u.INDEX_NAME, 'reads', u.COUNT_READ) AS CHAR) AS row_text
FROM performance_schema.table_io_waits_summary_by_index_usage u
WHERE u.OBJECT_SCHEMA = DATABASE()
ORDER BY u.OBJECT_NAME, u.INDEX_NAME LIMIT 10000
