/* launch-ready: statements */
SELECT CAST(JSON_OBJECT(
  'shape', LEFT(s.DIGEST_TEXT, 8000), 'calls', s.COUNT_STAR, 'timed', s.COUNT_STAR,
  'total_ms', s.SUM_TIMER_WAIT / 1000000000, 'max_ms', s.MAX_TIMER_WAIT / 1000000000,
  'rows', s.SUM_ROWS_SENT, 'examined', s.SUM_ROWS_EXAMINED) AS CHAR) AS row_text
FROM performance_schema.events_statements_summary_by_digest s
WHERE s.SCHEMA_NAME = DATABASE() AND s.DIGEST_TEXT NOT LIKE '%row_text%'
ORDER BY s.SUM_TIMER_WAIT DESC LIMIT 500
