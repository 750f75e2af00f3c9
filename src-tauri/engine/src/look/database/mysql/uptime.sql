/* launch-ready: uptime */
SELECT CAST(JSON_OBJECT('seconds', CAST(g.VARIABLE_VALUE AS UNSIGNED)) AS CHAR) AS row_text
FROM performance_schema.global_status g WHERE g.VARIABLE_NAME = 'Uptime'
