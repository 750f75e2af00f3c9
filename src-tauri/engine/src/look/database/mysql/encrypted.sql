/* launch-ready: encrypted */
SELECT CAST(JSON_OBJECT('cipher', g.VARIABLE_VALUE) AS CHAR) AS row_text
FROM performance_schema.session_status g WHERE g.VARIABLE_NAME = 'Ssl_cipher'
